/** Columns of points, as many as are worth drawing. */
export interface Points {
  readonly times: Float64Array;
  readonly values: Float64Array;
}

/**
 * Thins a series to what `columns` pixels can show: of each column of equal time the first, lowest, highest and last point, in order, and
 * one NaN where a column holds a gap, so that a line breaks where the data does. Extremes are never lost. `times` rise, `values` have the same
 * length, NaN where there is no data. A series of at most 4 points a column is returned as it is; so is an empty one. Fewer than one column: one.
 * O(n).
 */
export const downsample = (times: Float64Array, values: Float64Array, columns: number): Points => {
  const wanted = Math.max(1, Math.floor(columns) || 1);
  const n = Math.min(times.length, values.length);
  if (n <= 4 * wanted) return { times, values };
  const from = times[0] ?? 0;
  const width = ((times[n - 1] ?? 0) - from) / wanted;
  const outTimes = new Float64Array(5 * wanted);
  const outValues = new Float64Array(5 * wanted);
  let used = 0;
  const keep = (i: number): void => {
    outTimes[used] = times[i] ?? NaN;
    outValues[used++] = values[i] ?? NaN;
  };
  for (let column = 0, i = 0; column < wanted; column++) {
    const end = column === wanted - 1 ? Infinity : from + (column + 1) * width;
    let [first, last, low, high, gap] = [-1, -1, -1, -1, -1];
    for (; i < n && (times[i] ?? NaN) < end; i++) {
      const value = values[i] ?? NaN;
      if (Number.isNaN(value)) {
        gap = i;
        continue;
      }
      if (first < 0) first = i;
      last = i;
      if (low < 0 || value < (values[low] ?? NaN)) low = i;
      if (high < 0 || value > (values[high] ?? NaN)) high = i;
    }
    const chosen = [...new Set([first, low, high, last, gap])].filter((index) => index >= 0).sort((a, b) => a - b);
    chosen.forEach(keep);
  }
  return { times: outTimes.slice(0, used), values: outValues.slice(0, used) };
};
