import type { MetricAssessment, Verdict } from '../model/assessment.ts';
import type { Evidence, Tally } from '../model/evidence.ts';
import { message } from '../model/message.ts';
import { METRIC_RULES, type MetricId } from '../model/metric.ts';
import type { History } from '../model/series.ts';
import { seenWindow } from '../model/traffic.ts';
import { harmOf, type Effect } from './harm.ts';
import type { AnalysisMessageKey, TestedMetric } from './messages.ts';
import { TESTED_METRICS } from './messages.ts';
import { minimumRequests, missingFor, MINIMUM_USERS, type Shortfall } from './missing.ts';
import { sentenceOf } from './sentence.ts';
import { stratifiedHistogramRatio } from './stats/histogramRatio.ts';
import { stratifiedDifference } from './stats/stratifiedDifference.ts';
import { comparedOf, countsOf, shownValue, thinnerCount, type Compared } from './strata.ts';
import { minutesFor, trafficOf, type Traffic } from './traffic.ts';

/**
 * People look every minute, so a verdict needs an interval this wide and beyond a margin; see docs/false-alarms.md for what that
 * leaves of false alarms.
 */
export const CONFIDENCE = 0.999;

const isTested = (metric: MetricId): metric is TestedMetric => (TESTED_METRICS as readonly string[]).includes(metric);

/** Successes of n in every stretch, the canary first. */
const differenceOf = (compared: readonly Compared[], successes: (tally: Tally) => number): Effect =>
  stratifiedDifference(
    compared.map(({ variants: { stable, canary }, counts, weight }) => ({
      k1: successes(canary),
      n1: counts.canary,
      k2: successes(stable),
      n2: counts.stable,
      weight,
    })),
    CONFIDENCE,
  );

/** The canary against the stable within each stretch: a difference of ratios in points, or a relative change of response time. */
const effectOf = (metric: TestedMetric, compared: readonly Compared[]): Effect => {
  switch (metric) {
    case 'errorRate':
      return differenceOf(compared, ({ errors }) => errors);
    case 'accuracy':
      return differenceOf(compared, ({ correct }) => correct);
    case 'latencyP50': {
      const pairs = compared.map(({ variants: { stable, canary } }) => ({ x: canary.latency, y: stable.latency }));
      const { estimate, low, high } = stratifiedHistogramRatio(pairs, CONFIDENCE);
      return { effect: estimate - 1, interval: { low: low - 1, high: high - 1 } };
    }
  }
};

const judge = (harm: Effect, margin: number, shortfall: Shortfall): Verdict => {
  if (!shortfall.enough) return 'inconclusive';
  if (harm.interval.low > margin) return 'regressing';
  return harm.interval.high < margin ? 'healthy' : 'inconclusive';
};

const smaller = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : Math.min(a, b));

const assessTested = (
  metric: TestedMetric,
  evidence: Evidence,
  compared: readonly Compared[],
  traffic: Traffic,
  reached: number | null,
  base: MetricAssessment,
): MetricAssessment => {
  const { stable, canary } = evidence.variants;
  const { margin } = METRIC_RULES[metric];
  const found = effectOf(metric, compared);
  // A comparison with a number that is none would be false both ways: no verdict, no forecast.
  if (Number.isNaN(found.effect)) return { ...base, verdict: 'noData', sentence: message<AnalysisMessageKey>('analysis.impossible') };
  const harm = harmOf(metric, found);
  const window = {
    requests: thinnerCount(compared),
    users: smaller(canary.users, stable.users),
    minutes: minutesFor(thinnerCount(comparedOf('requests', evidence)), traffic),
  };
  const shortfall: Shortfall = {
    enough: window.requests >= minimumRequests(window.users) && (window.users === null || window.users >= MINIMUM_USERS),
    identified: window.users !== null,
  };
  const verdict = judge(harm, margin, shortfall);
  const missing = verdict === 'inconclusive' ? missingFor(harm, margin, window) : null;
  // Too few observations for this confidence leave an end open: that is no interval to show.
  const bounded = Number.isFinite(found.interval.low) && Number.isFinite(found.interval.high);
  const judged = { ...base, effect: found.effect, interval: bounded ? found.interval : null, verdict, missing };
  return { ...judged, sentence: sentenceOf(metric, judged, harm, shortfall, reached) };
};

/**
 * One metric of the canary against the stable over the evidence's window, within its strata where it has some. Pure. Tested metrics get a
 * verdict, the others their values. The two values are those of `shownValue`. The history, where there is one, tells the
 * traffic of now, for forecasts, and how long requests were seen. `reached`: distinct users of the canary in the last five minutes; null where unknown.
 */
export const compare = (
  metric: MetricId,
  evidence: Evidence,
  history: History | null = null,
  reached: number | null = null,
): MetricAssessment => {
  const rule = METRIC_RULES[metric];
  const compared = comparedOf(metric, evidence);
  const seen = seenWindow(evidence, history);
  const seconds = (seen.to - seen.from) / 1000;
  const stable = shownValue(metric, 'stable', evidence, compared, seconds);
  const canary = shownValue(metric, 'canary', evidence, compared, seconds);
  const both = stable !== null && canary !== null;
  // Both were seen, but never in the same stretch: their values cannot be held against each other.
  const apart = both && compared.length === 0 && (evidence.strata?.length ?? 0) > 1;
  const relative = both && !apart && metric !== 'requests' && stable !== 0 && rule.marginUnit === 'relative';
  const base: MetricAssessment = {
    metric,
    verdict: both && !apart ? 'inconclusive' : 'noData',
    stable,
    canary,
    effect: relative ? canary / stable - 1 : null,
    effectUnit: rule.marginUnit,
    interval: null,
    confidence: CONFIDENCE,
    margin: rule.margin,
    kind: isTested(metric) ? 'tested' : 'described',
    counts: countsOf(metric, evidence, compared),
    missing: null,
    sentence: message<AnalysisMessageKey>(apart ? 'analysis.notTogether' : both ? 'analysis.described' : 'analysis.noValue'),
  };
  return both && !apart && isTested(metric) ? assessTested(metric, evidence, compared, trafficOf(evidence, history), reached, base) : base;
};
