import type { Verdict } from '../../src/model/assessment.ts';
import { formatMoment } from '../../src/model/format.ts';
import type { PanelState } from '../../src/protocol/messages.ts';
import type { Say } from '../labels.ts';

/** The verdict whose sign is shown: what is not true now has no sign that all is well. */
export const markOf = ({ verdict, standing, freshness }: PanelState, of: Verdict = verdict): Verdict => {
  const old = standing.status === 'unmeasured' || freshness.status === 'stale' || freshness.status === 'failed';
  return old && of === 'healthy' ? 'noData' : of;
};

const momentIn =
  ({ sentAt, locale }: PanelState) =>
  (ms: number | null): string =>
    ms === null ? '' : formatMoment(ms, sentAt, locale);

/** What stands over the sentence when it is not of now. */
export const standingText = (state: PanelState, say: Say): string | null => {
  const { status, at, since, why } = state.standing;
  const moment = momentIn(state);
  switch (status) {
    case 'live':
      return null;
    case 'unmeasured':
      return say(at === null ? 'answer.unjudged' : 'answer.unmeasured', { at: moment(at), since: moment(since), why: why ?? '' });
    case 'past':
      return say('answer.past', { at: moment(at) });
  }
};

/** "Evidence from 14:01 to 15:01.", or "since 14:43" where the data begins there. */
export const windowText = (state: PanelState, say: Say): string | null => {
  const moment = momentIn(state);
  const { evidenceWindow: window } = state;
  return window && say(window.begun ? 'answer.begun' : 'answer.window', { from: moment(window.from), to: moment(window.to) });
};

/** "Data up to 16:42, catching up."; null while the measurements reach now. */
export const coverageText = (state: PanelState, say: Say): string | null => {
  const { coverage } = state;
  return coverage && say(coverage.catchingUp ? 'charts.catchingUp' : 'charts.until', { at: momentIn(state)(coverage.until) });
};
