import type { Unit } from './quantity.ts';

/** The metrics every part of the product knows by name. `latencyP50` and `latencyP99` are response times. */
export const METRICS = ['requests', 'errorRate', 'latencyP50', 'latencyP99', 'cpu', 'memory', 'rating', 'accuracy'] as const;
export type MetricId = (typeof METRICS)[number];

/**
 * How a metric is judged. `harm` is the direction that hurts; `none` metrics are described, never tested. `margin` is the
 * change that is tolerated, in `marginUnit`: points (a difference of ratios) or relative (0.1 is 10 % of the stable's value).
 */
export interface MetricRule {
  readonly unit: Unit;
  readonly harm: 'up' | 'down' | 'none';
  readonly margin: number;
  readonly marginUnit: 'points' | 'relative';
}

export const METRIC_RULES: Readonly<Record<MetricId, MetricRule>> = {
  requests: { unit: 'perSecond', harm: 'none', margin: 0, marginUnit: 'relative' },
  errorRate: { unit: 'ratio', harm: 'up', margin: 0.01, marginUnit: 'points' },
  latencyP50: { unit: 'ms', harm: 'up', margin: 0.1, marginUnit: 'relative' },
  latencyP99: { unit: 'ms', harm: 'none', margin: 0.1, marginUnit: 'relative' },
  cpu: { unit: 'cores', harm: 'none', margin: 0, marginUnit: 'relative' },
  memory: { unit: 'bytes', harm: 'none', margin: 0, marginUnit: 'relative' },
  rating: { unit: 'rating', harm: 'none', margin: 0, marginUnit: 'relative' },
  accuracy: { unit: 'ratio', harm: 'down', margin: 0.02, marginUnit: 'points' },
};

export const isMetricId = (text: string): text is MetricId => (METRICS as readonly string[]).includes(text);
