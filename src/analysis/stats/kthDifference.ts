/**
 * Selection in the n·m differences x[i] − y[j] without making them. Both samples sorted, finite, not empty.
 * A sweep over the two samples counts the differences at or below a value in O(n + m).
 */
interface Sweep {
  /** Differences ≤ the limit. */
  readonly count: number;
  /** The largest difference ≤ the limit, −∞ if none; and the smallest above it, ∞ if none. */
  readonly below: number;
  readonly above: number;
}

const sweep = (x: Float64Array, y: Float64Array, limit: number): Sweep => {
  let count = 0;
  let below = -Infinity;
  let above = Infinity;
  // For rising x the first y with x − y ≤ limit rises too.
  let j = 0;
  for (const value of x) {
    while (j < y.length && value - (y[j] ?? 0) > limit) j++;
    count += y.length - j;
    if (j < y.length) below = Math.max(below, value - (y[j] ?? 0));
    if (j > 0) above = Math.min(above, value - (y[j - 1] ?? 0));
  }
  return { count, below, above };
};

/**
 * The k-th smallest (k = 1 … n·m) of the differences x[i] − y[j], exactly as a sort of all of them would give it. Bisection on the value,
 * each bound moved to a real difference: about 60 sweeps of O(n + m).
 */
export const kthDifference = (x: Float64Array, y: Float64Array, k: number): number => {
  let low = (x[0] ?? NaN) - (y[y.length - 1] ?? NaN);
  let high = (x[x.length - 1] ?? NaN) - (y[0] ?? NaN);
  while (low < high) {
    const middle = low + (high - low) / 2;
    const { count, below, above } = sweep(x, y, middle < high ? middle : low);
    if (count >= k) high = below;
    else low = above;
  }
  return high;
};

/** The median of all differences: the mean of the two in the middle when n·m is even. */
export const medianDifference = (x: Float64Array, y: Float64Array): number => {
  const pairs = x.length * y.length;
  const upper = kthDifference(x, y, Math.floor(pairs / 2) + 1);
  return pairs % 2 === 1 ? upper : (kthDifference(x, y, pairs / 2) + upper) / 2;
};
