import { histogramOf, quantile, total } from '../../model/histogram.ts';
import { quantileInterval } from '../../model/quantileInterval.ts';
import type { MetricId } from '../../model/metric.ts';
import type { Cell } from '../events/cell.ts';

export interface MetricValue {
  /** null where there is no data. */
  readonly value: number | null;
  /** Observations behind it. */
  readonly count: number;
  /** The interval of a quantile; null for other metrics and where too little was counted. */
  readonly interval: { readonly low: number; readonly high: number } | null;
}

const mean = (sum: number, count: number): MetricValue => ({ value: count === 0 ? null : sum / count, count, interval: null });

const latency = (cell: Cell, p: number): MetricValue => {
  const histogram = histogramOf(cell.latency);
  const count = total(histogram);
  return { value: count === 0 ? null : quantile(histogram, p), count, interval: quantileInterval(histogram, p) };
};

/** A metric of a cell that stands for `seconds` seconds. */
export const metricOf = (metric: MetricId, cell: Cell, seconds: number): MetricValue => {
  switch (metric) {
    case 'requests':
      return { value: cell.requests / seconds, count: cell.requests, interval: null };
    case 'errorRate':
      return mean(cell.errors, cell.requests);
    case 'latencyP50':
      return latency(cell, 0.5);
    case 'latencyP99':
      return latency(cell, 0.99);
    case 'cpu':
      return mean(cell.cpuSum, cell.cpuCount);
    case 'memory':
      return mean(cell.memorySum, cell.memoryCount);
    case 'rating':
      return mean(cell.ratingSum, cell.ratings);
    case 'accuracy':
      return mean(cell.correct, cell.predictions);
  }
};
