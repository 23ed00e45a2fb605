import type { Tally } from './evidence.ts';
import { quantile } from './histogram.ts';
import type { MetricId } from './metric.ts';
import type { RollupCell } from './rollupCell.ts';

/** The value of a metric and how many observations stand behind it. */
export function measure(metric: Exclude<MetricId, 'requests'>, cell: RollupCell): [value: number, count: number] {
  switch (metric) {
    case 'errorRate':
      return [cell.errors / cell.requests, cell.requests];
    case 'latencyP50':
      return [quantile(cell.latency, 0.5), cell.latencies];
    case 'latencyP99':
      return [quantile(cell.latency, 0.99), cell.latencies];
    case 'cpu':
      return [cell.cpuSum / cell.cpuSamples, cell.cpuSamples];
    case 'memory':
      return [cell.memorySum / cell.memorySamples, cell.memorySamples];
    case 'rating':
      return [cell.ratingSum / cell.ratings, cell.ratings];
    case 'accuracy':
      return [cell.correct / cell.predictions, cell.predictions];
  }
}

/** The quantile that a metric is; null for those that are none. */
export const quantileOf = (metric: MetricId): number | null => (metric === 'latencyP50' ? 0.5 : metric === 'latencyP99' ? 0.99 : null);

/** A cell's sums as evidence; `users` is counted elsewhere. */
export const tallyOf = (sum: RollupCell, users: number | null): Tally => ({
  requests: sum.requests,
  errors: sum.errors,
  clientErrors: sum.clientErrors,
  users,
  predictions: sum.predictions,
  correct: sum.correct,
  ratings: sum.ratings,
  ratingSum: sum.ratingSum,
  latency: sum.latency,
  cpu: sum.cpuSamples > 0 ? sum.cpuSum / sum.cpuSamples : null,
  memoryBytes: sum.memorySamples > 0 ? sum.memorySum / sum.memorySamples : null,
});
