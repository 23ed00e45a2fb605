import type { Assessment, MetricAssessment, Verdict } from '../model/assessment.ts';
import type { Evidence } from '../model/evidence.ts';
import { message, type Message } from '../model/message.ts';
import { METRICS, type MetricId } from '../model/metric.ts';
import { quantity } from '../model/quantity.ts';
import { keyOf, type Release } from '../model/release.ts';
import type { History } from '../model/series.ts';
import { seenWindow } from '../model/traffic.ts';
import { assignedShareOf } from './assignedShare.ts';
import { caveatsOf } from './caveats.ts';
import { compare, CONFIDENCE } from './compare.ts';
import { findAnomalies } from './detect/findAnomalies.ts';
import { harmOf } from './harm.ts';
import type { AnalysisMessageKey } from './messages.ts';
import { ratioCourse } from './ratioSegments.ts';
import { recommend } from './recommend.ts';
import { comparedOf } from './strata.ts';

export interface AssessInput {
  readonly release: Release;
  /** What was counted in the window the verdict rests on; null where the source could not be asked. */
  readonly evidence: Evidence | null;
  /** The series that anomalies are looked for in; null for none. */
  readonly history: History | null;
  /** What was counted in the last five minutes: whom a harm reaches now. Absent or null where it could not be asked. */
  readonly recent?: Evidence | null;
  /** Now, epoch milliseconds. */
  readonly at: number;
}

type Sentence = Message<AnalysisMessageKey>;

/** Why there is nothing to compare, or null when there is. */
const nothingToCompare = (release: Release, evidence: Evidence | null, history: History | null): Sentence | null => {
  const observed = release.owner.kind === 'logs';
  switch (release.phase) {
    case 'preparation':
      return message(observed ? 'analysis.release.noCanarySeen' : 'analysis.release.preparation');
    case 'full':
      return message(observed ? 'analysis.release.onlyCanarySeen' : 'analysis.release.full');
    case 'rolledBack':
      return message(observed ? 'analysis.release.canaryGone' : 'analysis.release.rolledBack');
    case 'gray':
      break;
  }
  if (!evidence) return message('analysis.release.noEvidence');
  const { stable, canary } = evidence.variants;
  const span = quantity((evidence.to - evidence.from) / 1000, 'seconds');
  if (stable.requests === 0 && canary.requests === 0) return message('analysis.release.noTraffic', { span });
  const seen = seenWindow(evidence, history);
  const counted = quantity((seen.to - seen.from) / 1000, 'seconds');
  if (canary.requests === 0) return message('analysis.release.noCanary', { requests: quantity(stable.requests, 'count'), span: counted });
  if (stable.requests === 0) return message('analysis.release.noStable', { requests: quantity(canary.requests, 'count'), span: counted });
  return comparedOf('requests', evidence).length === 0 ? message('analysis.notTogether') : null;
};

/** Harm in units of the margin. */
const severity = (metric: MetricAssessment): number =>
  metric.effect === null || metric.interval === null
    ? 0
    : harmOf(metric.metric, { effect: metric.effect, interval: metric.interval }).effect / metric.margin;

/** One bad metric makes a bad release; a good one needs all that can be tested, the error rate among them. */
const overall = (tested: readonly MetricAssessment[]): Verdict => {
  const withData = tested.filter((metric) => metric.verdict !== 'noData');
  if (withData.some((metric) => metric.verdict === 'regressing')) return 'regressing';
  return withData.length > 0 && withData.every((metric) => metric.verdict === 'healthy') ? 'healthy' : 'inconclusive';
};

/** Of the metrics that are not settled: one that leans to harm first, else the one that takes longest. */
const openSentence = (tested: readonly MetricAssessment[]): Message => {
  const open = tested.filter((metric) => metric.verdict === 'inconclusive');
  const leaning = open.filter((metric) => metric.sentence.key.startsWith('analysis.leaning.')).sort((a, b) => severity(b) - severity(a))[0];
  const wait = (metric: MetricAssessment): number => metric.missing?.minutes ?? Infinity;
  const slowest = [...open].sort((a, b) => wait(b) - wait(a))[0];
  return (leaning ?? slowest)?.sentence ?? message<AnalysisMessageKey>('analysis.release.noEvidence');
};

/**
 * The values without judgement, for a release that has nothing to compare (any more). What was compared before a roll-back or the end
 * is kept: it tells why that was done.
 */
const describeOnly = (metric: MetricAssessment, isOver: boolean): MetricAssessment => ({
  ...metric,
  verdict: 'noData',
  effect: isOver ? metric.effect : null,
  interval: isOver ? metric.interval : null,
  missing: null,
  sentence: message<AnalysisMessageKey>(metric.stable === null || metric.canary === null ? 'analysis.noValue' : 'analysis.described'),
});

/** "The last minutes" of a log that stands still are none. */
const RECENT_MAX_AGE_MS = 60_000;
const reachedBy = (recent: Evidence | null, at: number): number | null =>
  recent === null || at - recent.to > RECENT_MAX_AGE_MS ? null : recent.variants.canary.users;

/** How long both sides were compared, in seconds; time without data is none. */
const comparedSeconds = (evidence: Evidence, history: History | null): number => {
  const seen = seenWindow(evidence, history);
  return comparedOf('requests', evidence).reduce(
    (sum, { from, to }) => sum + Math.max(0, Math.min(to, seen.to) - Math.max(from, seen.from)) / 1000,
    0,
  );
};

/**
 * The answer for a release, from what was counted and its series. Pure and synchronous; a few milliseconds with a history of an hour.
 * Where the ratio moved inside the window the sides are compared within each stretch of one ratio (`Evidence.strata`), never over the whole.
 * Regressing: the harm's interval lies beyond the metric's margin. Healthy: every metric that can be tested has its interval on the good side of
 * the margin, and no guardrail of the release's own was broken. Everything else is inconclusive and says what is missing, or noData and says why.
 */
export const assess = ({ release, evidence, history, at, recent = null }: AssessInput): Assessment => {
  const anomalies = history ? findAnomalies(history) : [];
  const base = { release: keyOf(release), at, worst: null, anomalies } as const;
  const none = nothingToCompare(release, evidence, history);
  if (!evidence) {
    const sentence = none ?? message<AnalysisMessageKey>('analysis.release.noEvidence');
    return { ...base, from: at, to: at, verdict: 'noData', metrics: [], sentence, recommendation: null, assigned: null, caveats: [] };
  }
  const course = ratioCourse(release, evidence, history);
  const compared = METRICS.map((metric) => compare(metric, evidence, history, reachedBy(recent, at)));
  // A ratio that is only observed is that of the last minutes: its interval must be of the same, or it would be of another number.
  const counted = release.ratio.desired === null && recent !== null ? recent : evidence;
  const assigned = release.phase === 'gray' ? assignedShareOf(release, counted, course.changes > 0, CONFIDENCE) : null;
  const { from, to } = evidence;
  if (none) {
    const metrics = compared.map((metric) => describeOnly(metric, release.phase === 'rolledBack' || release.phase === 'full'));
    return { ...base, from, to, verdict: 'noData', metrics, sentence: none, recommendation: null, assigned, caveats: [] };
  }
  const tested = compared.filter((metric) => metric.kind === 'tested');
  const compares = overall(tested);
  // A limit that somebody set was broken: as good as a stable version that may be as bad is not good.
  const stopped = release.state === 'degraded' && compares === 'healthy';
  const verdict = stopped ? 'inconclusive' : compares;
  const bad = tested.filter((metric) => metric.verdict === 'regressing').sort((a, b) => severity(b) - severity(a))[0] ?? null;
  const worst: MetricId | null = bad?.metric ?? null;
  const healthy = (): Sentence =>
    message('analysis.release.healthy', {
      requests: quantity(compared.find(({ metric }) => metric === 'requests')?.counts.canary ?? 0, 'count'),
      span: quantity(comparedSeconds(evidence, history), 'seconds'),
      confidence: quantity(CONFIDENCE, 'ratio'),
    });
  return {
    ...base,
    from,
    to,
    verdict,
    metrics: compared,
    worst,
    sentence:
      bad?.sentence ??
      (stopped ? message<AnalysisMessageKey>('analysis.release.degraded') : verdict === 'healthy' ? healthy() : openSentence(tested)),
    recommendation: recommend(release, verdict, tested),
    assigned,
    caveats: caveatsOf(release, evidence, at, course, assigned),
  };
};
