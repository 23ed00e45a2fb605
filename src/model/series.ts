import type { MetricId } from './metric.ts';
import type { Unit } from './quantity.ts';
import type { VariantRole } from './release.ts';

/**
 * One metric of one variant in columns of equal length. `times` are the starts of the steps in epoch milliseconds, rising;
 * `values` hold NaN where there is no data; `counts` say how many observations stand behind a value (0 where there is none).
 */
export interface Series {
  readonly metric: MetricId;
  readonly variant: VariantRole;
  readonly unit: Unit;
  readonly times: Float64Array;
  readonly values: Float64Array;
  readonly counts: Float64Array;
  /** Ends of the interval of each value with `BAND_CONFIDENCE`, of quantiles where the source knows them; NaN where too little was counted. */
  readonly low?: Float64Array;
  readonly high?: Float64Array;
}

/** The ratio moved. `by` and `reason` are null where the source does not know them. */
export interface RatioChange {
  readonly time: number;
  readonly from: number | null;
  readonly to: number;
  readonly by: string | null;
  readonly reason: string | null;
  readonly action: string;
}

/** What happened over a time range: `[from, to)` in epoch milliseconds, in steps of `stepMs`. `changes` may reach beyond `to`, up to now. */
export interface History {
  readonly from: number;
  readonly to: number;
  readonly stepMs: number;
  readonly series: readonly Series[];
  readonly changes: readonly RatioChange[];
}

export const findSeries = (history: History, metric: MetricId, variant: VariantRole): Series | undefined =>
  history.series.find((series) => series.metric === metric && series.variant === variant);
