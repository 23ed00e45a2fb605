import { formatInterval, formatQuantity } from '../model/format.ts';
import type { MetricAssessment } from '../model/assessment.ts';
import { isActive, type Release } from '../model/release.ts';
import { needOf } from '../store/select.ts';
import type { ReleaseState, SourceState } from '../store/state.ts';
import type { Localizer } from '../platform/localizer.ts';
import type { Part } from './treeNode.ts';
import { ageText, metricWord, phaseWord, ratioText, stateWord } from './words.ts';

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

/** The ratio as it is: what is wanted and what is in force where the two differ. */
export const ratioPart = (state: ReleaseState, l10n: Localizer): Part => {
  const { ratio } = state.release;
  const wanted = state.pending?.to ?? ratio.desired;
  if (wanted === null) {
    const text = ratioText(ratio.actual, ratio.unit, l10n);
    return { text: ratio.actual === null ? text : l10n.t('{ratio} observed', { ratio: text }) };
  }
  // While an own request is not seen yet, what was in force before it still is.
  const actual = state.pending ? (ratio.actual ?? state.pending.from) : ratio.actual;
  const differs = actual !== null && Math.abs(actual - wanted) > 0.0005;
  if (!differs) return { text: ratioText(wanted, ratio.unit, l10n) };
  const from = formatQuantity({ value: actual, unit: 'ratio' }, l10n.locale);
  const to = ratioText(wanted, ratio.unit, l10n);
  return {
    text: l10n.t('{actual} → {wanted}', { actual: from, wanted: to }),
    spoken: l10n.t('{actual} in force, {wanted} wanted', { actual: from, wanted: to }),
  };
};

const needPart = (state: ReleaseState, l10n: Localizer): Part | null => {
  const need = needOf(state);
  if (need === 'degraded') return { text: l10n.t('degraded') };
  if (need === 'waiting') return { text: l10n.t('waiting') };
  if (need !== 'regressing') return null;
  const worst = state.assessment?.metrics.find((metric) => metric.metric === state.assessment?.worst);
  const effect = worst ? effectText(worst, l10n) : null;
  return {
    text:
      worst && effect ? l10n.t('regressing: {metric} {effect}', { metric: metricWord(worst.metric, l10n), effect }) : l10n.t('regressing'),
  };
};

/** The state or phase, where it tells more than "gray, progressing". */
const phasePart = (state: ReleaseState, l10n: Localizer): Part | null => {
  const { release } = state;
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

/** "no data for 40 s" when what is shown is not true now. */
export const freshnessPart = (source: SourceState | undefined, context: TextContext): Part | null => {
  if (!source || source.status === 'connected' || source.status === 'connecting') return null;
  return source.lastSuccessAt === null
    ? { text: context.l10n.t('no data') }
    : { text: context.l10n.t('no data for {age}', { age: ageText(context.now - source.lastSuccessAt, context.l10n) }) };
};

/** What stands beside a release's name: words first, then the ratio, the step and for how long. */
export const releaseParts = (
  state: ReleaseState,
  source: SourceState | undefined,
  muted: boolean,
  context: TextContext,
): readonly Part[] => {
  const { l10n, now } = context;
  const { release } = state;
  const since = release.ratio.since ?? release.stateSince;
  const left = pauseLeftMs(release, now);
  const parts: (Part | null)[] = [
    freshnessPart(source, context),
    needPart(state, l10n),
    phasePart(state, l10n),
    ratioPart(state, l10n),
    stepPart(release, l10n),
    left !== null && left > 0 ? { text: l10n.t('{time} left', { time: ageText(left, l10n) }) } : null,
    since !== null && isActive(release)
      ? { text: ageText(now - since, l10n), spoken: l10n.t('for {time}', { time: ageText(now - since, l10n) }) }
      : null,
    release.simulated ? { text: l10n.t('simulated') } : null,
    muted ? { text: l10n.t('muted') } : null,
  ];
  return parts.filter((part) => part !== null);
};

/** In the "Needs me" group only what one has to know to act. */
export const needParts = (
  state: ReleaseState,
  since: number | null,
  source: SourceState | undefined,
  context: TextContext,
): readonly Part[] => {
  const { l10n, now } = context;
  const need = needPart(state, l10n);
  const waiting = needOf(state) === 'waiting';
  const parts: (Part | null)[] = [
    freshnessPart(source, context),
    waiting ? { text: l10n.t('waiting at {ratio}', { ratio: ratioPart(state, l10n).text }) } : need,
    waiting ? null : ratioPart(state, l10n),
    since !== null ? { text: ageText(now - since, l10n), spoken: l10n.t('for {time}', { time: ageText(now - since, l10n) }) } : null,
    state.release.simulated ? { text: l10n.t('simulated') } : null,
  ];
  return parts.filter((part) => part !== null);
};
