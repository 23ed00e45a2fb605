import { BUCKETS_PER_OCTAVE, total, type Histogram } from '../../model/histogram.ts';
import { criticalValue } from './normalQuantile.ts';

export interface Ratio {
  /** x over y: the median of all quotients within a stratum. */
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/** Pairs by the distance of their buckets: `sums[k]` of them lie fewer than `lag + k` buckets apart (x above y). */
interface Distances {
  readonly lag: number;
  readonly sums: Float64Array;
}

const distances = (x: Histogram, y: Histogram): Distances => {
  const last = y.counts.length - 1;
  const sums = new Float64Array(x.counts.length + y.counts.length);
  for (let i = 0; i < x.counts.length; i++) {
    const a = x.counts[i] ?? 0;
    if (a === 0) continue;
    for (let j = 0; j <= last; j++) sums[i + last - j + 1] = (sums[i + last - j + 1] ?? 0) + a * (y.counts[j] ?? 0);
  }
  for (let k = 1; k < sums.length; k++) sums[k] = (sums[k] ?? 0) + (sums[k - 1] ?? 0);
  return { lag: x.first - y.first - last, sums };
};

/**
 * Pairs whose difference is below `shift` buckets when values are spread evenly inside their buckets: a difference of lag k is then
 * triangular on (k − 1, k + 1), so only the two lags beside the shift are split.
 */
const pairsBelow = ({ lag, sums }: Distances, shift: number): number => {
  const at = (k: number): number => sums[Math.max(0, Math.min(sums.length - 1, k))] ?? 0;
  const t = shift - lag;
  const k = Math.floor(t);
  const part = t - k;
  const lower = at(k + 1) - at(k);
  const upper = at(k + 2) - at(k + 1);
  return at(k) + lower * (1 - (1 - part) ** 2 / 2) + (upper * part ** 2) / 2;
};

/** A pair of sides with the weight that its count of pairs has in the sum. */
interface Weighted extends Distances {
  readonly weight: number;
}

const shiftWith = (strata: readonly Weighted[], target: number): number => {
  let low = Math.min(...strata.map(({ lag }) => lag - 1));
  let high = Math.max(...strata.map(({ lag, sums }) => lag + sums.length));
  for (let round = 0; round < 60; round++) {
    const middle = (low + high) / 2;
    if (strata.reduce((sum, of) => sum + of.weight * pairsBelow(of, middle), 0) < target) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
};

/** Two sides that were seen under the same conditions. */
export interface HistogramPair {
  readonly x: Histogram;
  readonly y: Histogram;
}

/**
 * How many times slower x is than y where both were seen under several conditions (strata), each pair of values being compared within its own
 * stratum only: the factor at which the sum of the strata's Mann–Whitney statistics, each over n + m + 1, is as large as chance
 * makes it, with the interval of the factors that a two-sided test on that sum does not reject at `confidence` in (0, 1) (normal approximation,
 * continuity correction). The weights are those that find a common shift best. A stratum with an empty side tells nothing and is left out.
 * Values count as evenly spread inside their bucket in log space, which is an error of at most one bucket (2.2 %) in each figure, for rounded
 * values too. Assumes one shape but for the factor within a stratum; where shapes differ it is still a median quotient, the interval is
 * approximate. Nothing to compare: all NaN. Too few observations for this confidence: [0, ∞]. O(b²) a stratum in the number of buckets,
 * whatever the counts. Source of the sum and its weights: Ph. van Elteren, Bull. Inst. Intern. Statist. 37 (1960) 351.
 */
export const stratifiedHistogramRatio = (pairs: readonly HistogramPair[], confidence: number): Ratio => {
  const z = criticalValue(confidence);
  const sized = pairs.map(({ x, y }) => ({ x, y, n: total(x), m: total(y) })).filter(({ n, m }) => n > 0 && m > 0);
  if (sized.length === 0 || Number.isNaN(z)) return { estimate: NaN, low: NaN, high: NaN };
  // Only the proportions of the weights matter; the largest is 1.
  const fewest = Math.min(...sized.map(({ n, m }) => n + m + 1));
  const strata = sized.map(({ x, y, n, m }) => ({ ...distances(x, y), n, m, weight: fewest / (n + m + 1) }));
  const factor = (target: number): number => 2 ** (shiftWith(strata, target) / BUCKETS_PER_OCTAVE);
  const half = strata.reduce((sum, { n, m, weight }) => sum + (weight * (n * m)) / 2, 0);
  const variance = strata.reduce((sum, { n, m, weight }) => sum + weight ** 2 * ((n * m * (n + m + 1)) / 12), 0);
  const reach = z * Math.sqrt(variance) + 0.5;
  const estimate = factor(half);
  if (reach >= half) return { estimate, low: 0, high: Infinity };
  return { estimate, low: factor(half - reach), high: factor(half + reach) };
};

/** `stratifiedHistogramRatio` of one stratum: the Hodges–Lehmann estimate in log space, which is the median quotient of all pairs. */
export const histogramRatio = (x: Histogram, y: Histogram, confidence: number): Ratio => stratifiedHistogramRatio([{ x, y }], confidence);
