/** Points to draw, in rising x; NaN in y is a gap. */
export interface Points {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

export interface BandPoints {
  readonly x: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** The first index whose time is at or after `time`; `times.length` when there is none. */
export const lowerBound = (times: Float64Array, time: number): number => {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? Infinity) < time) low = middle + 1;
    else high = middle;
  }
  return low;
};

/** The index whose time is nearest; -1 for no times. */
export const nearestIndex = (times: Float64Array, time: number): number => {
  if (times.length === 0) return -1;
  const after = lowerBound(times, time);
  if (after === 0) return 0;
  if (after === times.length) return after - 1;
  return (times[after] ?? 0) - time < time - (times[after - 1] ?? 0) ? after : after - 1;
};

/** The part to draw: what lies in `[from, to]` and one point more on either side, so that lines run to the edge. */
const visible = (times: Float64Array, from: number, to: number): readonly [number, number] => [
  Math.max(0, lowerBound(times, from) - 1),
  Math.min(times.length, lowerBound(times, to) + 1),
];

/**
 * At most four points a pixel column (first, lowest, highest, last; a gap stays one NaN), which draw the same picture as all of them.
 * `columns` is the width in pixels. Few points are passed through as they are. Empty in, empty out.
 */
export const decimate = (times: Float64Array, values: Float64Array, from: number, to: number, columns: number): Points => {
  const [begin, end] = visible(times, from, to);
  if (end - begin <= columns * 4 || to <= from || columns < 1) return { x: times.slice(begin, end), y: values.slice(begin, end) };
  const x = new Float64Array(4 * (columns + 2) + 4);
  const y = new Float64Array(x.length);
  let n = 0;
  const put = (index: number): void => {
    if (n > 0 && x[n - 1] === times[index]) return;
    x[n] = times[index] ?? NaN;
    y[n++] = values[index] ?? NaN;
  };
  const columnOf = (index: number): number => Math.floor((((times[index] ?? 0) - from) / (to - from)) * columns);
  for (let i = begin; i < end;) {
    const column = columnOf(i);
    let [first, low, high, last, gap] = [-1, -1, -1, -1, -1];
    for (; i < end && columnOf(i) === column; i++) {
      const value = values[i] ?? NaN;
      if (Number.isNaN(value)) {
        gap = i;
        continue;
      }
      if (first < 0) first = low = high = i;
      if (value < (values[low] ?? NaN)) low = i;
      if (value > (values[high] ?? NaN)) high = i;
      last = i;
    }
    if (first < 0) put(gap);
    else for (const index of [first, Math.min(low, high), Math.max(low, high), last]) put(index);
  }
  return { x: x.subarray(0, n), y: y.subarray(0, n) };
};

/** The band's outline, one lowest and highest a pixel column; columns without an interval are NaN. */
export const decimateBand = (
  times: Float64Array,
  low: Float64Array,
  high: Float64Array,
  from: number,
  to: number,
  columns: number,
): BandPoints => {
  const [begin, end] = low.length === 0 ? [0, 0] : visible(times, from, to);
  if (end - begin <= columns || to <= from) return { x: times.slice(begin, end), low: low.slice(begin, end), high: high.slice(begin, end) };
  const width = (to - from) / columns;
  const x: number[] = [];
  const lows: number[] = [];
  const highs: number[] = [];
  for (let i = begin; i < end;) {
    const column = Math.floor(((times[i] ?? 0) - from) / width);
    let [lowest, highest] = [Infinity, -Infinity];
    for (; i < end && Math.floor(((times[i] ?? 0) - from) / width) === column; i++) {
      lowest = Math.min(lowest, Number.isNaN(low[i]) ? Infinity : (low[i] ?? Infinity));
      highest = Math.max(highest, Number.isNaN(high[i]) ? -Infinity : (high[i] ?? -Infinity));
    }
    x.push(from + (column + 0.5) * width);
    lows.push(lowest === Infinity ? NaN : lowest);
    highs.push(highest === -Infinity ? NaN : highest);
  }
  return { x: Float64Array.from(x), low: Float64Array.from(lows), high: Float64Array.from(highs) };
};
