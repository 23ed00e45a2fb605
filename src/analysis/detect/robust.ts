const NORMAL_MAD = 1.4826;

/** The median of the finite values; NaN when there are none. */
export const median = (values: Iterable<number>): number => {
  const sorted = Float64Array.from([...values].filter((value) => Number.isFinite(value))).sort();
  const half = sorted.length >> 1;
  if (sorted.length === 0) return NaN;
  const upper = sorted[half] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? NaN) + upper) / 2;
};

/** The median absolute deviation from `centre`, scaled to the standard deviation of a normal distribution; NaN when there is nothing. */
export const deviation = (values: Float64Array, centre: number): number =>
  NORMAL_MAD * median(values.map((value) => Math.abs(value - centre)));

/**
 * The standard deviation of the noise from one window to the next, from the differences of neighbours: a level that shifts once, or drifts,
 * does not count. NaN with fewer than two neighbours.
 */
export const neighbourDeviation = (values: Float64Array): number =>
  (NORMAL_MAD * median(values.subarray(1).map((value, i) => Math.abs(value - (values[i] ?? NaN))))) / Math.SQRT2;
