import type { Interval } from '../model/assessment.ts';
import { METRIC_RULES, type MetricId } from '../model/metric.ts';

export interface Effect {
  readonly effect: number;
  readonly interval: Interval;
}

/** How much worse: the effect turned so that up is harm. */
export const harmOf = (metric: MetricId, { effect, interval }: Effect): Effect =>
  METRIC_RULES[metric].harm === 'down' ? { effect: -effect, interval: { low: -interval.high, high: -interval.low } } : { effect, interval };
