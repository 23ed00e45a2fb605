import { formatInterval, formatQuantity } from '../model/format.ts';
import type { Message } from '../model/message.ts';
import type { Release } from '../model/release.ts';
import type { History } from '../model/series.ts';
import { seenWindow } from '../model/traffic.ts';
import type { Localizer } from '../platform/localizer.ts';
import {
  PROTOCOL_VERSION,
  type PanelCoverage,
  type PanelFreshness,
  type PanelHistory,
  type PanelMissing,
  type PanelStanding,
  type PanelState,
  type RangeMinutes,
} from '../protocol/messages.ts';
import type { ReleaseState, SourceState } from '../store/state.ts';
import { pageLabels } from './pageLabels.ts';
import { panelActions, type ActionContext } from './panelActions.ts';
import { metricCharts } from './panelCharts.ts';
import { eventsOf } from './panelEvents.ts';
import { shownWindow } from './panelRange.ts';
import { ratioChart } from './panelRatio.ts';
import { isOld, standingOf } from './standing.ts';
import { anomalyHeader, anomalyRows, evidenceHeader, evidenceRows } from './panelTables.ts';
import { troubleOf, unanswered, whyMissing, type MissingInput } from './panelTrouble.ts';
import { ageText, phaseWords, ratioText, judgedWord } from './words.ts';

export interface PanelInput {
  readonly state: ReleaseState;
  /** Null when its source is no longer configured. */
  readonly source: SourceState | null;
  /** The reader's own last change can be undone now. */
  readonly undoable: boolean;
  /** Of the chosen range, or of the one before while the new one is read. */
  readonly history: History | null;
  readonly historyStatus: PanelHistory;
  /** Null while the measurements reach now. */
  readonly coverage: PanelCoverage | null;
  readonly rangeMinutes: RangeMinutes;
  /** Shown as the charts' range while there is no history. */
  readonly from: number;
  readonly to: number;
  readonly now: number;
}

export interface PanelWords {
  readonly l10n: Localizer;
  readonly translate: (message: Message) => string;
}

/** "10% (wanted 20%)"; what was asked for and is not seen yet counts as wanted. */
const ratioLine = ({ release, pending, assessment }: ReleaseState, l10n: Localizer): string => {
  const { desired, actual, unit } = release.ratio;
  const wanted = pending?.to ?? desired;
  const inForce = actual ?? desired;
  const assigned = assessment?.assigned;
  if (wanted === null && inForce !== null && assigned?.unit === unit) {
    return l10n.t('{ratio} ({interval} in {window})', {
      ratio: ratioText(inForce, unit, l10n),
      interval: formatInterval(assigned.interval.low, assigned.interval.high, 'ratio', l10n.locale),
      window: ageText(assigned.to - assigned.from, l10n),
    });
  }
  if (inForce === null || wanted === null || wanted === inForce) return ratioText(inForce ?? wanted, unit, l10n);
  return l10n.t('{ratio} (wanted {wanted})', {
    ratio: ratioText(inForce, unit, l10n),
    wanted: formatQuantity({ value: wanted, unit: 'ratio' }, l10n.locale),
  });
};

/** "gray · paused for 12 min · step 2/5"; "observed" where nobody holds it. */
const phaseLine = (release: Release, now: number, l10n: Localizer): string => {
  const words = phaseWords(release, l10n);
  const last = words.at(-1) ?? '';
  const parts = [
    ...words.slice(0, -1),
    release.stateSince === null
      ? last
      : l10n.t('{state} for {duration}', { state: last, duration: ageText(now - release.stateSince, l10n) }),
  ];
  if (release.steps.length > 0)
    parts.push(
      l10n.t('step {index}/{count}', { index: Math.min(release.stepIndex + 1, release.steps.length), count: release.steps.length }),
    );
  return parts.join(' · ');
};

/** A log without a new line for so long is not live, although its files are read: the tree's row says so from then on too. */
const QUIET_MS = 60_000;

/** How fresh what a log tells is: as fresh as its newest line of this release, not as its last reading. */
const lineFreshness = (newest: number, now: number, { l10n }: PanelWords): PanelFreshness => {
  const age = ageText(now - newest, l10n);
  return now - newest > QUIET_MS
    ? { status: 'quiet', text: l10n.t('no new line for {age}', { age }), of: 'line', at: newest }
    : { status: 'live', text: l10n.t('newest line {age} ago', { age }), of: 'line', at: newest };
};

const freshnessOf = (source: SourceState | null, release: Release, now: number, words: PanelWords): PanelFreshness => {
  const { l10n } = words;
  if (!source) return { status: 'failed', text: l10n.t('its source is no longer configured'), of: 'answer', at: null };
  if (source.status === 'connected' && release.owner.kind === 'logs' && release.updatedAt !== null)
    return lineFreshness(release.updatedAt, now, words);
  const at = source.lastSuccessAt;
  const age = at === null ? '' : ageText(now - at, l10n);
  const of = 'answer';
  switch (source.status) {
    case 'connecting':
      return { status: 'connecting', text: l10n.t('connecting…'), of, at };
    case 'connected':
      return { status: 'live', text: at === null ? l10n.t('live') : l10n.t('live, {age} ago', { age }), of, at };
    case 'stale':
      return { status: 'stale', text: at === null ? l10n.t('no data yet') : l10n.t('no data for {age}', { age }), of, at };
    case 'failed':
      return { status: 'failed', text: source.error ? words.translate(source.error.message) : l10n.t('the source failed'), of, at };
  }
};

/** A source that does not answer is told by the freshness of all; this is about the verdict. */
const panelStanding = (state: ReleaseState, source: SourceState | null, { translate }: PanelWords): PanelStanding => {
  const standing = standingOf(state, source ?? undefined);
  switch (standing.kind) {
    case 'live':
    case 'unanswered':
      return { status: 'live', at: null, since: null, why: null };
    case 'unmeasured':
      return { status: 'unmeasured', at: standing.at, since: standing.since, why: translate(standing.why) };
    case 'past':
      return { status: 'past', at: standing.until, since: null, why: null };
  }
};

const actionContext = ({ state, source, undoable }: PanelInput, words: PanelWords): ActionContext => ({
  regressing: state.assessment?.verdict === 'regressing',
  undoable,
  old: isOld(standingOf(state, source ?? undefined)),
  unreachable: !source ? words.l10n.t('its source is no longer configured') : source.status === 'failed' ? unanswered(source, words) : null,
});

/** The sentence on top. Without an assessment it says so, and never that all is well. */
const sentenceOf = (state: ReleaseState, words: PanelWords): string =>
  state.assessment ? words.translate(state.assessment.sentence) : words.l10n.t('No verdict yet: the evidence is still being read.');

/** Of the window that was asked for the part that has data. */
const evidenceWindow = ({ assessment, evidence, history }: ReleaseState): PanelState['evidenceWindow'] => {
  if (!assessment) return null;
  const asked = evidence ?? assessment;
  const seen = seenWindow(asked, history);
  return { ...seen, begun: seen.from > asked.from && seen.to === asked.to };
};

/** Everything the page shows, complete, in the reader's language. Pure: time comes in as `now`. */
export const buildPanelState = (input: PanelInput, words: PanelWords): PanelState => {
  const { state, history } = input;
  const { release, assessment } = state;
  const { l10n, translate } = words;
  const verdict = assessment?.verdict ?? 'noData';
  const window = history && shownWindow(history, release, input.source, input.now);
  const ratio = history && window && ratioChart(history, window, state, l10n);
  return {
    type: 'state',
    version: PROTOCOL_VERSION,
    releaseKey: state.key,
    locale: l10n.locale,
    title: release.name,
    versions: l10n.t('{stable} → {canary}', { stable: release.versions.stable, canary: release.versions.canary }),
    verdict,
    verdictLabel: judgedWord(verdict, release.phase, l10n),
    ratio: ratioLine(state, l10n),
    phase: phaseLine(release, input.now, l10n),
    simulated: release.simulated ? l10n.t('simulated traffic') : null,
    freshness: freshnessOf(input.source, release, input.now, words),
    standing: panelStanding(state, input.source, words),
    sentence: sentenceOf(state, words),
    evidenceWindow: evidenceWindow(state),
    recommendation: assessment?.recommendation ? translate(assessment.recommendation) : null,
    caveats: (assessment?.caveats ?? []).map(translate),
    actions: panelActions(release, actionContext(input, words), l10n, translate),
    trouble: troubleOf(input.source, words),
    history: input.historyStatus,
    coverage: input.coverage,
    sentAt: input.now,
    rangeMinutes: input.rangeMinutes,
    from: window?.from ?? input.from,
    to: window?.to ?? input.to,
    measuredTo: history?.to ?? input.to,
    charts: history && window ? [...(ratio ? [ratio] : []), ...metricCharts(history, window, assessment, l10n)] : [],
    events: history && window ? eventsOf(history, window, release, l10n) : [],
    evidenceHeader: evidenceHeader(assessment, l10n),
    evidence: evidenceRows(assessment, release.phase, l10n),
    anomalyHeader: anomalyHeader(l10n),
    anomalies: anomalyRows(assessment, l10n),
    labels: pageLabels(l10n),
  };
};

/** What the page shows of a release that no source tells of: a wait while sources connect, else why it is gone and what brings it back. */
export const buildPanelMissing = (input: MissingInput, words: PanelWords): PanelMissing => ({
  type: 'missing',
  version: PROTOCOL_VERSION,
  releaseKey: input.releaseKey,
  locale: words.l10n.locale,
  title: input.name,
  waiting: input.source?.status === 'connecting',
  ...whyMissing(input, words),
  labels: pageLabels(words.l10n),
});
