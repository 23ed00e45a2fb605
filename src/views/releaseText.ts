import { formatInterval, formatQuantity } from '../model/format.ts';
import type { MetricAssessment } from '../model/assessment.ts';
import { isActive, type RatioUnit, type Release } from '../model/release.ts';
import { needOf } from '../store/select.ts';
import type { ReleaseState, SourceState } from '../store/state.ts';
import type { Localizer } from '../platform/localizer.ts';
import { ratioAge } from './ratioAge.ts';
import { standingOf, standingPart, type Standing } from './standing.ts';
import type { Part } from './treeNode.ts';
import { ageText, metricWord, phaseWord, ratioText, seenWord, stateWord, verdictWord } from './words.ts';

export interface TextContext {
  readonly l10n: Localizer;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** "+2.1 points", "+38%"; null where the effect is not defined. */
export const effectText = (metric: MetricAssessment, l10n: Localizer): string | null =>
  metric.effect === null ? null : formatQuantity({ value: metric.effect, unit: metric.effectUnit, signed: true }, l10n.locale);

export const intervalText = (metric: MetricAssessment, l10n: Localizer): string | null =>
  metric.interval === null ? null : formatInterval(metric.interval.low, metric.interval.high, metric.effectUnit, l10n.locale, true);

/** How long until the service goes on by itself; null while no timer runs. */
export const pauseLeftMs = (release: Release, now: number): number | null =>
  release.pauseEndsAt === null ? null : Math.max(0, release.pauseEndsAt - now);

/** The ratio as it is, with its unit: what is wanted and what is in force where the two differ. */
export const ratioPart = (state: ReleaseState, l10n: Localizer): Part => ratioIn(state, state.release.ratio.unit, l10n);

/** The ratio as short as can be, for a row that is cut where the side bar ends; its unit comes last there. */
const shortRatioPart = (state: ReleaseState, l10n: Localizer): Part => ratioIn(state, 'users', l10n);

/** Of what the ratio is a share, where that is not users. */
const unitPart = ({ release }: ReleaseState, l10n: Localizer): Part | null => {
  switch (release.ratio.unit) {
    case 'users':
      return null;
    case 'requests':
      return { text: l10n.t('of requests') };
    case 'replicas':
      return { text: l10n.t('of replicas') };
  }
};

const ratioIn = (state: ReleaseState, unit: RatioUnit, l10n: Localizer): Part => {
  const { ratio } = state.release;
  const wanted = state.pending?.to ?? ratio.desired;
  if (wanted === null) {
    const text = ratioText(ratio.actual, unit, l10n);
    return { text: ratio.actual === null ? text : l10n.t('{ratio} observed', { ratio: text }) };
  }
  // While an own request is not seen yet, what was in force before it still is.
  const actual = state.pending ? (ratio.actual ?? state.pending.from) : ratio.actual;
  const differs = actual !== null && Math.abs(actual - wanted) > 0.0005;
  if (!differs) return { text: ratioText(wanted, unit, l10n) };
  const from = formatQuantity({ value: actual, unit: 'ratio' }, l10n.locale);
  const to = ratioText(wanted, unit, l10n);
  return {
    text: l10n.t('{actual} → {wanted}', { actual: from, wanted: to }),
    spoken: l10n.t('{actual} in force, {wanted} wanted', { actual: from, wanted: to }),
  };
};

/** What the release needs, in a word; for how long it has waited. */
const needPart = (state: ReleaseState, { l10n, now }: TextContext): Part | null => {
  const since = state.release.stateSince;
  switch (needOf(state)) {
    case 'degraded':
      return { text: l10n.t('degraded') };
    case 'regressing':
      return { text: l10n.t('regressing') };
    case 'waiting':
      return since === null
        ? { text: l10n.t('waiting') }
        : {
            text: l10n.t('waiting {time}', { time: ageText(now - since, l10n) }),
            spoken: l10n.t('waiting for {time}', { time: ageText(now - since, l10n) }),
          };
    case null:
      return null;
  }
};

/** The worst metric and by how much: "error rate +2.1 points"; null where none regresses. */
const harmText = (state: ReleaseState, l10n: Localizer): string | null => {
  const worst = state.assessment?.metrics.find((metric) => metric.metric === state.assessment?.worst);
  const effect = worst ? effectText(worst, l10n) : null;
  return worst && effect ? l10n.t('{metric} {effect}', { metric: metricWord(worst.metric, l10n), effect }) : null;
};

const mutedPart = (muted: boolean, l10n: Localizer): Part | null => (muted ? { text: l10n.t('muted') } : null);

/** What was judged of a log that ended long ago; null of what goes on. */
const pastVerdictPart = (state: ReleaseState, standing: Standing, l10n: Localizer): Part | null =>
  standing.kind === 'past' && state.assessment
    ? { text: l10n.t('{verdict} then', { verdict: verdictWord(state.assessment.verdict, l10n) }) }
    : null;

/** The state or phase, where it tells more than "gray, progressing"; of a release that nobody holds what its traffic shows. */
const phasePart = (state: ReleaseState, l10n: Localizer): Part | null => {
  const { release } = state;
  if (release.owner.kind === 'logs') {
    const seen = seenWord(release.phase, l10n);
    return seen === null ? null : { text: seen };
  }
  if (release.phase !== 'gray') return { text: phaseWord(release.phase, l10n) };
  const said = release.state === 'progressing' || release.state === needOf(state);
  return said ? null : { text: stateWord(release.state, l10n) };
};

export const stepPart = (release: Release, l10n: Localizer): Part | null =>
  release.phase === 'gray' && release.steps.length > 0 && release.stepIndex >= 0
    ? {
        text: l10n.t('step {step}/{steps}', { step: release.stepIndex + 1, steps: release.steps.length }),
        spoken: l10n.t('step {step} of {steps}', { step: release.stepIndex + 1, steps: release.steps.length }),
      }
    : null;

/** What the state's age may differ by from the ratio's before both are told. */
const SAME_AGE_MS = 60_000;

/** For how long the ratio has been as it is, of one that may still move; null where the waiting beside it tells the same. */
const agePart = (state: ReleaseState, standing: Standing, { l10n, now }: TextContext): Part | null => {
  const { release } = state;
  if (!isActive(release) || standing.kind === 'past') return null;
  const { stateSince } = release;
  const waits = needOf(state) === 'waiting' && stateSince !== null;
  const age = ratioAge(state) ?? (stateSince === null ? null : { since: stateSince, atLeast: false });
  if (age === null || (waits && Math.abs(age.since - stateSince) < SAME_AGE_MS)) return null;
  const time = ageText(now - age.since, l10n);
  return age.atLeast
    ? { text: l10n.t('≥ {time}', { time }), spoken: l10n.t('for at least {time}', { time }) }
    : { text: time, spoken: l10n.t('for {time}', { time }) };
};

/**
 * What stands beside a release's name. A row is cut where the side bar ends, after some twenty letters: first what it needs or is and whether that is
 * true now, then the ratio, then step and time, then what rarely matters.
 */
export const releaseParts = (
  state: ReleaseState,
  source: SourceState | undefined,
  muted: boolean,
  context: TextContext,
): readonly Part[] => {
  const { l10n, now } = context;
  const { release } = state;
  const left = pauseLeftMs(release, now);
  const standing = standingOf(state, source);
  const parts: (Part | null)[] = [
    needPart(state, context),
    standingPart(standing, context),
    pastVerdictPart(state, standing, l10n),
    phasePart(state, l10n),
    shortRatioPart(state, l10n),
    mutedPart(muted, l10n),
    stepPart(release, l10n),
    left !== null && left > 0 ? { text: l10n.t('{time} left', { time: ageText(left, l10n) }) } : null,
    agePart(state, standing, context),
    unitPart(state, l10n),
    release.simulated ? { text: l10n.t('simulated') } : null,
  ];
  return parts.filter((part) => part !== null);
};

/** In the "Needs me" group only what one has to know to act; why nothing rings stands before the numbers. */
export const needParts = (
  state: ReleaseState,
  since: number | null,
  source: SourceState | undefined,
  isMuted: boolean,
  context: TextContext,
): readonly Part[] => {
  const { l10n, now } = context;
  const waiting = needOf(state) === 'waiting';
  const harm = needOf(state) === 'regressing' ? harmText(state, l10n) : null;
  const doubts = [standingPart(standingOf(state, source), context), mutedPart(isMuted, l10n)].filter((part) => part !== null);
  const text = since === null ? null : l10n.t('for {time}', { time: ageText(now - since, l10n) });
  const regressing = text === null ? null : { text };
  const need: readonly (Part | null)[] = waiting
    ? [{ text: l10n.t('waiting at {ratio}', { ratio: ratioPart(state, l10n).text }) }, ...doubts]
    : harm === null
      ? [needPart(state, context), ...doubts, ratioPart(state, l10n)]
      : doubts.length > 0
        ? [needPart(state, context), ...doubts, { text: harm }, regressing, ratioPart(state, l10n)]
        : [{ text: l10n.t('regressing: {harm}', { harm }) }, regressing, ratioPart(state, l10n)];
  const parts: (Part | null)[] = [
    ...need,
    since !== null && text !== null && harm === null ? { text: ageText(now - since, l10n), spoken: text } : null,
    state.release.simulated ? { text: l10n.t('simulated') } : null,
  ];
  return parts.filter((part) => part !== null);
};
