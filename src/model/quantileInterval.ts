import { edgeOf, total, type Histogram } from './histogram.ts';

/** Of the intervals that series carry and charts draw as bands. */
export const BAND_CONFIDENCE = 0.95;
const TAIL = (1 - BAND_CONFIDENCE) / 2;
/** Its critical value; beyond so many observations the binomial distribution is as good as normal. */
const Z = 1.959963984540054;
const EXACT_BELOW = 1000;

/** Ranks (1 … n) of the two observations between which the p-quantile lies; 0 and n + 1 where there is none so far out. */
const ranksOf = (n: number, p: number): readonly [low: number, high: number] => {
  if (n >= EXACT_BELOW) {
    const reach = Z * Math.sqrt(n * p * (1 - p));
    return [Math.floor(n * p - reach), Math.ceil(n * p + reach) + 1];
  }
  // The number of observations below the quantile is binomial.
  let [low, high, sum] = [0, 0, 0];
  let logChance = n * Math.log(1 - p);
  for (let k = 0; k <= n; k++) {
    sum += Math.exp(logChance);
    if (sum <= TAIL) low = k + 1;
    if (sum >= 1 - TAIL) {
      high = k + 1;
      break;
    }
    logChance += Math.log(((n - k) * p) / ((k + 1) * (1 - p)));
  }
  return [low, high === 0 ? n + 1 : high];
};

/**
 * The interval of a quantile by order statistics: whatever the shape of the response times, it lies between two of the observations with at least
 * `BAND_CONFIDENCE`. The ends are the outer edges of their buckets. Null where there are too few observations for one (fewer than 6 for the median).
 * p in (0, 1). Source: W. J. Conover, Practical Nonparametric Statistics (1999), §3.2.
 */
export const quantileInterval = (histogram: Histogram, p: number): { readonly low: number; readonly high: number } | null => {
  const n = total(histogram);
  const [lowest, highest] = ranksOf(n, p);
  if (n === 0 || lowest < 1 || highest > n) return null;
  let low = NaN;
  let below = 0;
  for (const [k, count] of histogram.counts.entries()) {
    below += count;
    if (Number.isNaN(low) && below >= lowest) low = edgeOf(histogram.first + k);
    if (below >= highest) return { low, high: edgeOf(histogram.first + k + 1) };
  }
  return null;
};
