import { err, ok, type Result } from '../../base/result.ts';
import { METRIC_RULES, type MetricId } from '../../model/metric.ts';
import type { Unit } from '../../model/quantity.ts';
import { quantileOf } from '../../model/rollupMeasure.ts';
import type { VariantRole } from '../../model/release.ts';
import { addCell, type Cell } from '../events/cell.ts';
import type { Level, Rollups } from '../storage/rollups.ts';
import { metricOf } from './metricValue.ts';
import { resolutionAt } from './window.ts';

/** As many as Prometheus allows. */
export const POINTS_MAX = 11_000;

export interface SeriesQuery {
  /** Epoch milliseconds. */
  readonly from: number;
  readonly to: number;
  /** Seconds; widened to whole minutes or hours where older rows are coarser. */
  readonly step: number;
  readonly metrics: readonly MetricId[];
  readonly variants: readonly VariantRole[];
}

export interface SeriesView {
  readonly metric: MetricId;
  readonly variant: VariantRole;
  readonly unit: Unit;
  /** Starts of the steps, epoch milliseconds. */
  readonly times: readonly number[];
  readonly values: readonly (number | null)[];
  readonly counts: readonly number[];
  /** Ends of the 95 % interval of each value, of quantiles only. */
  readonly low?: readonly (number | null)[];
  readonly high?: readonly (number | null)[];
}

export interface SeriesAnswer {
  readonly from: number;
  readonly to: number;
  readonly step: number;
  readonly series: readonly SeriesView[];
}

interface Grid {
  /** Epoch seconds. */
  readonly start: number;
  readonly step: number;
  readonly points: number;
  readonly level: Level;
}

const gridOf = (query: SeriesQuery, nowMs: number): Grid => {
  const from = Math.floor(query.from / 1000);
  const to = Math.ceil(Math.min(query.to, nowMs + 1000) / 1000);
  let step = Math.max(1, Math.ceil(query.step));
  let start = Math.floor(from / step) * step;
  const resolution = resolutionAt(start, nowMs / 1000);
  step = Math.ceil(step / resolution) * resolution;
  start = Math.floor(from / step) * step;
  const points = Math.max(0, Math.ceil((to - start) / step));
  return { start, step, points, level: step % 3600 === 0 ? 3600 : step % 60 === 0 ? 60 : 1 };
};

/** The metrics of a release over time, on a grid aligned to multiples of the step. */
export const readSeries = (
  rollups: Rollups,
  release: number,
  query: SeriesQuery,
  nowMs: number,
): Result<SeriesAnswer, { readonly points: number }> => {
  const { start, step, points, level } = gridOf(query, nowMs);
  if (points > POINTS_MAX) return err({ points });
  const end = start + points * step;
  const cells: Record<VariantRole, (Cell | undefined)[]> = {
    stable: new Array<Cell | undefined>(points),
    canary: new Array<Cell | undefined>(points),
  };
  for (const row of rollups.read(level, release, start, end)) {
    const index = Math.floor((row.start - start) / step);
    const into = cells[row.variant][index];
    if (into === undefined) cells[row.variant][index] = row.cell;
    else addCell(into, row.cell);
  }
  const times = Array.from({ length: points }, (_, i) => (start + i * step) * 1000);
  // The last step has not passed yet: a rate over all of it would be too low.
  const secondsAt = (time: number): number => Math.min(step, Math.max(1, (nowMs - time) / 1000));
  // Between the first and the last thing that was counted a silent step had no requests; outside nobody knows.
  const extent = rollups.extent(release);
  const wasSeen = (second: number): boolean => extent !== null && second + step > extent.first && second <= extent.last;
  const series = query.variants.flatMap((variant) =>
    query.metrics.map((metric): SeriesView => {
      const isQuantile = quantileOf(metric) !== null;
      const found = times.map((time, i) => {
        const cell = cells[variant][i];
        if (cell !== undefined) return metricOf(metric, cell, secondsAt(time));
        return { value: metric === 'requests' && wasSeen(time / 1000) ? 0 : null, count: 0, interval: null };
      });
      return {
        metric,
        variant,
        unit: METRIC_RULES[metric].unit,
        times,
        values: found.map(({ value }) => value),
        counts: found.map(({ count }) => count),
        ...(isQuantile && {
          low: found.map(({ interval }) => interval?.low ?? null),
          high: found.map(({ interval }) => interval?.high ?? null),
        }),
      };
    }),
  );
  return ok({ from: start * 1000, to: end * 1000, step, series });
};
