import type { Interval, MetricAssessment, Verdict } from '../model/assessment.ts';
import type { Evidence, Tally } from '../model/evidence.ts';
import { quantile, total } from '../model/histogram.ts';
import { METRIC_RULES, type MetricId } from '../model/metric.ts';
import { message } from '../model/message.ts';
import { quantity, type Quantity } from '../model/quantity.ts';
import type { AnalysisMessageKey, TestedMetric } from './messages.ts';
import { TESTED_METRICS } from './messages.ts';
import { missingFor, MINIMUM_REQUESTS, MINIMUM_USERS, type Shortfall } from './missing.ts';
import { histogramRatio } from './stats/histogramRatio.ts';
import { newcombeDifference } from './stats/newcombeDifference.ts';

/**
 * People look every minute, so a verdict needs an interval this wide and beyond a margin; see bench/peeking.ts for what that
 * leaves of false alarms.
 */
export const CONFIDENCE = 0.999;

const isTested = (metric: MetricId): metric is TestedMetric => (TESTED_METRICS as readonly string[]).includes(metric);

const ratioOf = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null);
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** The value of a metric in a tally; null where there is none. `seconds` is the length of the window. */
export const valueOf = (metric: MetricId, tally: Tally, seconds: number): number | null => {
  switch (metric) {
    case 'requests':
      return seconds > 0 ? tally.requests / seconds : null;
    case 'errorRate':
      return ratioOf(tally.errors, tally.requests);
    case 'latencyP50':
      return finite(quantile(tally.latency, 0.5));
    case 'latencyP99':
      return finite(quantile(tally.latency, 0.99));
    case 'cpu':
      return tally.cpu;
    case 'memory':
      return tally.memoryBytes;
    case 'rating':
      return ratioOf(tally.ratingSum, tally.ratings);
    case 'accuracy':
      return ratioOf(tally.correct, tally.predictions);
  }
};

/** Observations behind the value of a metric. */
const countOf = (metric: MetricId, tally: Tally): number => {
  switch (metric) {
    case 'latencyP50':
    case 'latencyP99':
      return total(tally.latency);
    case 'rating':
      return tally.ratings;
    case 'accuracy':
      return tally.predictions;
    case 'requests':
    case 'errorRate':
    case 'cpu':
    case 'memory':
      return tally.requests;
  }
};

interface Effect {
  readonly effect: number;
  readonly interval: Interval;
}

/** The canary against the stable: a difference of ratios in points, or a relative change of response time. */
const effectOf = (metric: TestedMetric, canary: Tally, stable: Tally): Effect => {
  switch (metric) {
    case 'errorRate':
      return {
        effect: canary.errors / canary.requests - stable.errors / stable.requests,
        interval: newcombeDifference(canary.errors, canary.requests, stable.errors, stable.requests, CONFIDENCE),
      };
    case 'accuracy':
      return {
        effect: canary.correct / canary.predictions - stable.correct / stable.predictions,
        interval: newcombeDifference(canary.correct, canary.predictions, stable.correct, stable.predictions, CONFIDENCE),
      };
    case 'latencyP50': {
      const { estimate, low, high } = histogramRatio(canary.latency, stable.latency, CONFIDENCE);
      return { effect: estimate - 1, interval: { low: low - 1, high: high - 1 } };
    }
  }
};

/** How much worse: the effect turned so that up is harm. */
export const harmOf = (metric: MetricId, { effect, interval }: Effect): Effect =>
  METRIC_RULES[metric].harm === 'down' ? { effect: -effect, interval: { low: -interval.high, high: -interval.low } } : { effect, interval };

const judge = (harm: Effect, margin: number, shortfall: Shortfall): Verdict => {
  if (!shortfall.enough) return 'inconclusive';
  if (harm.interval.low > margin) return 'regressing';
  return harm.interval.high < margin ? 'healthy' : 'inconclusive';
};

/** Distinct users over minutes; null where either is unknown. At least so many: who comes back is counted once. */
export const usersAMinute = (users: number | null, minutes: number): number | null =>
  users === null || !(minutes > 0) ? null : users / minutes;

const smaller = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : Math.min(a, b));

const assessTested = (metric: TestedMetric, { variants }: Evidence, minutes: number, base: MetricAssessment): MetricAssessment => {
  const { stable, canary } = variants;
  const { margin } = METRIC_RULES[metric];
  const compared = effectOf(metric, canary, stable);
  const harm = harmOf(metric, compared);
  const window = {
    requests: Math.min(base.counts.canary, base.counts.stable),
    users: smaller(canary.users, stable.users),
    minutes,
  };
  const shortfall: Shortfall = {
    enough: window.requests >= MINIMUM_REQUESTS && (window.users === null || window.users >= MINIMUM_USERS),
  };
  const verdict = judge(harm, margin, shortfall);
  const missing = verdict === 'inconclusive' ? missingFor(harm, margin, window) : null;
  const usersPerMinute = usersAMinute(canary.users, minutes);
  // Too few observations for this confidence leave an end open: that is no interval to show.
  const bounded = Number.isFinite(compared.interval.low) && Number.isFinite(compared.interval.high);
  const judged = { ...base, effect: compared.effect, interval: bounded ? compared.interval : null, verdict, missing };
  return { ...judged, sentence: sentenceOf(metric, judged, harm, shortfall, usersPerMinute) };
};

const sentenceOf = (
  metric: TestedMetric,
  { verdict, stable, canary, effect, interval, effectUnit, margin, counts, missing }: MetricAssessment,
  harm: Effect,
  shortfall: Shortfall,
  usersPerMinute: number | null,
): MetricAssessment['sentence'] => {
  const { unit } = METRIC_RULES[metric];
  const signed = (value: number | null | undefined): Quantity => quantity(value ?? NaN, effectUnit, true);
  const facts = {
    stable: quantity(stable ?? NaN, unit),
    canary: quantity(canary ?? NaN, unit),
    effect: signed(effect),
    low: signed(interval?.low),
    high: signed(interval?.high),
    confidence: quantity(CONFIDENCE, 'ratio'),
    margin: quantity(margin, effectUnit),
    requests: quantity(counts.canary, 'count'),
  };
  if (verdict === 'healthy') return message<AnalysisMessageKey>(`analysis.healthy.${metric}`, facts);
  if (verdict === 'regressing') {
    return usersPerMinute === null
      ? message<AnalysisMessageKey>(`analysis.regressing.${metric}`, facts)
      : message<AnalysisMessageKey>(`analysis.regressingUsers.${metric}`, {
          ...facts,
          users: quantity(Math.max(1, Math.round(usersPerMinute)), 'count'),
        });
  }
  if (shortfall.enough && harm.interval.low > 0) return message<AnalysisMessageKey>(`analysis.leaning.${metric}`, facts);
  const { requests = 0, users = 0, minutes = null } = missing ?? {};
  const more = { requests: quantity(requests, 'count'), users: quantity(users, 'count') };
  if (minutes !== null) {
    const wait = quantity(minutes * 60, 'seconds');
    return users > 0
      ? message<AnalysisMessageKey>('analysis.waitingUsers', { ...more, wait })
      : message<AnalysisMessageKey>('analysis.waiting', { requests: more.requests, wait });
  }
  return shortfall.enough
    ? message<AnalysisMessageKey>('analysis.close', { effect: facts.effect, margin: facts.margin })
    : message<AnalysisMessageKey>('analysis.waitingUnknown', more);
};

/**
 * One metric of the canary against the stable over the evidence's window. Pure. Tested metrics get a verdict, the others their values.
 * `minutes`: how long the present traffic takes for as much evidence (see `minutesOfTraffic`); the length of the window by default.
 */
export const compare = (metric: MetricId, evidence: Evidence, minutes = (evidence.to - evidence.from) / 60_000): MetricAssessment => {
  const { stable, canary } = evidence.variants;
  const seconds = (evidence.to - evidence.from) / 1000;
  const rule = METRIC_RULES[metric];
  const values = { stable: valueOf(metric, stable, seconds), canary: valueOf(metric, canary, seconds) };
  const both = values.stable !== null && values.canary !== null;
  const relative = metric !== 'requests' && values.stable !== null && values.stable !== 0 && values.canary !== null;
  const base: MetricAssessment = {
    metric,
    verdict: both ? 'inconclusive' : 'noData',
    ...values,
    effect: relative && rule.marginUnit === 'relative' ? (values.canary ?? NaN) / (values.stable ?? NaN) - 1 : null,
    effectUnit: rule.marginUnit,
    interval: null,
    confidence: CONFIDENCE,
    margin: rule.margin,
    kind: isTested(metric) ? 'tested' : 'described',
    counts: { stable: countOf(metric, stable), canary: countOf(metric, canary) },
    missing: null,
    sentence: message<AnalysisMessageKey>(both ? 'analysis.described' : 'analysis.noValue'),
  };
  return both && isTested(metric) ? assessTested(metric, evidence, minutes, base) : base;
};
