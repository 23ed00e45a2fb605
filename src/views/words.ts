import { formatDuration, formatQuantity } from '../model/format.ts';
import type { Verdict } from '../model/assessment.ts';
import type { MetricId } from '../model/metric.ts';
import type { Phase, RatioUnit, Release, ReleaseStatus, VariantRole } from '../model/release.ts';
import { exactRatio } from '../model/quantity.ts';
import type { Localizer } from '../platform/localizer.ts';

/** The field's words in the user's language; every view takes them from here. */
export const verdictWord = (verdict: Verdict, l10n: Localizer): string => {
  switch (verdict) {
    case 'healthy':
      return l10n.t('healthy');
    case 'regressing':
      return l10n.t('regressing');
    case 'inconclusive':
      return l10n.t('not enough data yet');
    case 'noData':
      return l10n.t('no data');
  }
};

/** The same of a release: after a roll-back or in full there is data, and nobody judges it. */
export const judgedWord = (verdict: Verdict, phase: Phase, l10n: Localizer): string =>
  verdict === 'noData' && (phase === 'rolledBack' || phase === 'full') ? l10n.t('not judged any more') : verdictWord(verdict, l10n);

export const phaseWord = (phase: Phase, l10n: Localizer): string => {
  switch (phase) {
    case 'preparation':
      return l10n.t('preparation');
    case 'gray':
      return l10n.t('gray');
    case 'full':
      return l10n.t('full');
    case 'rolledBack':
      return l10n.t('rolled back');
  }
};

export const stateWord = (state: ReleaseStatus, l10n: Localizer): string => {
  switch (state) {
    case 'progressing':
      return l10n.t('progressing');
    case 'waiting':
      return l10n.t('waiting');
    case 'analysing':
      return l10n.t('analysing');
    case 'paused':
      return l10n.t('paused');
    case 'degraded':
      return l10n.t('degraded');
    case 'completed':
      return l10n.t('completed');
    case 'aborted':
      return l10n.t('aborted');
  }
};

/** What the traffic of a release that nobody holds shows of its course; null while both variants get requests. */
export const seenWord = (phase: Phase, l10n: Localizer): string | null => {
  switch (phase) {
    case 'preparation':
      return l10n.t('no canary seen');
    case 'gray':
      return null;
    case 'full':
      return l10n.t('only canary seen');
    case 'rolledBack':
      return l10n.t('canary no longer seen');
  }
};

/** Phase and state as the owner tells them. A release seen only in logs has no owner, so it is "observed" and what its traffic shows is said. */
export const phaseWords = ({ phase, state, owner }: Pick<Release, 'phase' | 'state' | 'owner'>, l10n: Localizer): readonly string[] =>
  owner.kind === 'logs'
    ? [l10n.t('observed'), seenWord(phase, l10n)].filter((word) => word !== null)
    : [phaseWord(phase, l10n), stateWord(state, l10n)];

export const roleWord = (role: VariantRole, l10n: Localizer): string => (role === 'stable' ? l10n.t('stable') : l10n.t('canary'));

export const metricWord = (metric: MetricId, l10n: Localizer): string => {
  switch (metric) {
    case 'requests':
      return l10n.t('requests');
    case 'errorRate':
      return l10n.t('error rate');
    case 'latencyP50':
      return l10n.t('latency p50');
    case 'latencyP99':
      return l10n.t('latency p99');
    case 'cpu':
      return l10n.t('CPU');
    case 'memory':
      return l10n.t('memory');
    case 'rating':
      return l10n.t('user rating');
    case 'accuracy':
      return l10n.t('model accuracy');
  }
};

/** "10%", or "10% of requests" where the ratio is not one of users. Null is said, not shown as 0. */
export const ratioText = (ratio: number | null, unit: RatioUnit, l10n: Localizer): string =>
  ratio === null ? l10n.t('ratio unknown') : ofUnit(formatQuantity({ value: ratio, unit: 'ratio' }, l10n.locale), unit, l10n);

/** A ratio that somebody asks for or that is sent, to its last digit. */
export const exactRatioText = (ratio: number, unit: RatioUnit, l10n: Localizer): string =>
  ofUnit(formatQuantity(exactRatio(ratio), l10n.locale), unit, l10n);

const ofUnit = (text: string, unit: RatioUnit, l10n: Localizer): string => {
  switch (unit) {
    case 'users':
      return text;
    case 'requests':
      return l10n.t('{ratio} of requests', { ratio: text });
    case 'replicas':
      return l10n.t('{ratio} of replicas', { ratio: text });
  }
};

/**
 * How long ago, coarsely, so that a tree that is drawn again does not flicker: whole seconds below ten, tens of seconds below two minutes,
 * then minutes.
 */
export const ageText = (ms: number, l10n: Localizer): string => {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const coarse = seconds < 10 ? seconds : seconds < 120 ? seconds - (seconds % 10) : seconds - (seconds % 60);
  return formatDuration(coarse * 1000, l10n.locale);
};

/** How long ago at most, in so wide steps that it stays as it is while all goes well: "<10 s", "<30 s", "<1 min", then minutes. */
export const withinText = (ms: number, l10n: Localizer): string => {
  const step = [10, 30, 60].find((seconds) => ms < seconds * 1000);
  return step === undefined ? ageText(ms, l10n) : `<${formatDuration(step * 1000, l10n.locale)}`;
};
