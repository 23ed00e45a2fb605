import type { MetricId } from '../../model/metric.ts';
import type { VariantRole } from '../../model/release.ts';
import { findSeries, type History, type Series } from '../../model/series.ts';

/** Windows are this long, or a step where steps are longer: long enough for counts, short enough to say when it began. */
const WINDOW_MS = 30_000;

/** One metric of one variant over the windows: the mean weighted by the observations, NaN where there are none, and their number. */
export interface WindowColumn {
  readonly values: Float64Array;
  readonly counts: Float64Array;
}

/** A history cut into windows that begin at multiples of their length, so that the same time is the same window in every poll. */
export interface Windows {
  readonly windowMs: number;
  /** Starts, epoch milliseconds, without gap. Only whole windows. */
  readonly starts: Float64Array;
  column(metric: MetricId, variant: VariantRole): WindowColumn | null;
}

/** Response times are averaged as logarithms: a step with one slow request must not outweigh the others. */
const isLogarithmic = (metric: MetricId): boolean => metric === 'latencyP50' || metric === 'latencyP99';

const fold = (series: Series, starts: Float64Array, windowMs: number): WindowColumn => {
  const values = new Float64Array(starts.length);
  const counts = new Float64Array(starts.length);
  const first = starts[0] ?? 0;
  const logarithmic = isLogarithmic(series.metric);
  for (const [i, time] of series.times.entries()) {
    const window = Math.floor((time - first) / windowMs);
    const value = series.values[i] ?? NaN;
    const count = series.counts[i] ?? 0;
    if (window < 0 || window >= starts.length || !(count > 0) || !Number.isFinite(logarithmic ? Math.log(value) : value)) continue;
    values[window] = (values[window] ?? 0) + count * (logarithmic ? Math.log(value) : value);
    counts[window] = (counts[window] ?? 0) + count;
  }
  for (const [w, count] of counts.entries()) {
    const mean = count > 0 ? (values[w] ?? 0) / count : NaN;
    values[w] = logarithmic ? Math.exp(mean) : mean;
  }
  return { values, counts };
};

/** The whole windows inside `[history.from, history.to)`; none when the history is shorter than one. */
export const windowsOf = (history: History): Windows => {
  const windowMs = Math.max(1, Math.ceil(WINDOW_MS / history.stepMs)) * history.stepMs;
  const first = Math.ceil(history.from / windowMs) * windowMs;
  const length = Math.max(0, Math.floor((history.to - first) / windowMs));
  const starts = Float64Array.from({ length: Number.isFinite(length) ? length : 0 }, (_, i) => first + i * windowMs);
  return {
    windowMs,
    starts,
    column: (metric, variant) => {
      const series = findSeries(history, metric, variant);
      return series ? fold(series, starts, windowMs) : null;
    },
  };
};
