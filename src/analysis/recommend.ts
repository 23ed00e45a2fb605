import type { MetricAssessment, Verdict } from '../model/assessment.ts';
import { message, type Message } from '../model/message.ts';
import { quantity } from '../model/quantity.ts';
import type { Release } from '../model/release.ts';
import type { AnalysisMessageKey } from './messages.ts';

/** The longest wait among the metrics that are not settled; null where one of them cannot tell. */
const longestWait = (metrics: readonly MetricAssessment[]): number | null => {
  const open = metrics.filter((metric) => metric.missing !== null);
  if (open.length === 0 || open.some((metric) => metric.missing?.minutes === null)) return null;
  return Math.max(...open.map((metric) => metric.missing?.minutes ?? 0));
};

const onwards = (release: Release): Message<AnalysisMessageKey> | null => {
  if (release.state === 'paused') return release.abilities.resume.can ? message('analysis.recommend.resume') : null;
  const next = release.steps[release.stepIndex + 1];
  if (next && release.abilities.nextStep.can) return message('analysis.recommend.nextStep', { ratio: quantity(next.ratio, 'ratio') });
  return !next && release.abilities.promoteFull.can ? message('analysis.recommend.promoteFull') : null;
};

/**
 * What the verdict suggests to do, from what the release can do: roll back a regressing canary (elsewhere, where nobody here owns the ratio), take the
 * next step with a healthy one, wait with the rest. A release that its own guardrail stopped is never led on, however it compares with a stable
 * version that may be as bad: somebody set that limit. Null where there is nothing to suggest. It is advice; nothing acts on it by itself.
 */
export const recommend = (release: Release, verdict: Verdict, metrics: readonly MetricAssessment[]): Message<AnalysisMessageKey> | null => {
  if (release.state === 'degraded')
    return message(release.abilities.rollback.can ? 'analysis.recommend.degraded' : 'analysis.recommend.degradedElsewhere');
  switch (verdict) {
    case 'regressing':
      return message(release.abilities.rollback.can ? 'analysis.recommend.rollback' : 'analysis.recommend.rollbackElsewhere');
    case 'healthy':
      return onwards(release);
    case 'inconclusive': {
      const minutes = longestWait(metrics);
      return minutes === null
        ? message('analysis.recommend.keepWatching')
        : message('analysis.recommend.wait', { wait: quantity(minutes * 60, 'seconds') });
    }
    case 'noData':
      return null;
  }
};
