import { total, type Histogram } from '../../model/histogram.ts';

/** Two sides that were seen under the same conditions. */
export interface HistogramPair {
  readonly x: Histogram;
  readonly y: Histogram;
}

/** Pairs of values by the distance of their buckets: `sums[k]` of them lie fewer than `lag + k` buckets apart (x above y). */
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

/** What a test of x against y at any shift needs; made once. */
export interface RankSums {
  readonly strata: readonly (Distances & { readonly weight: number })[];
  /** Half the (weighted) number of pairs: what chance lets be above. */
  readonly expected: number;
  /** Standard deviation of the statistic when both sides come from one distribution. */
  readonly sigma: number;
  /** Shifts, in buckets, at which every pair is above, and none. */
  readonly lowest: number;
  readonly highest: number;
}

/** Null where no pair has values on both sides. A pair with an empty side tells nothing and is left out. */
export const rankSums = (pairs: readonly HistogramPair[]): RankSums | null => {
  const sized = pairs.map(({ x, y }) => ({ x, y, n: total(x), m: total(y) })).filter(({ n, m }) => n > 0 && m > 0);
  if (sized.length === 0) return null;
  // Only the proportions of the weights matter; the largest is 1, so that of one stratum is the plain statistic.
  const fewest = Math.min(...sized.map(({ n, m }) => n + m + 1));
  const strata = sized.map(({ x, y, n, m }) => ({ ...distances(x, y), n, m, weight: fewest / (n + m + 1) }));
  return {
    strata,
    expected: strata.reduce((sum, { n, m, weight }) => sum + (weight * (n * m)) / 2, 0),
    sigma: Math.sqrt(strata.reduce((sum, { n, m, weight }) => sum + weight ** 2 * ((n * m * (n + m + 1)) / 12), 0)),
    lowest: Math.min(...strata.map(({ lag }) => lag - 1)),
    highest: Math.max(...strata.map(({ lag, sums }) => lag + sums.length)),
  };
};

/**
 * The statistic U: pairs of a stratum in which x is above y after y was moved up by `shift` buckets, values of one bucket as a half. Over
 * several strata their weighted sum. Falls as the shift rises.
 */
export const statisticAt = ({ strata, expected }: RankSums, shift: number): number =>
  2 * expected - strata.reduce((sum, of) => sum + of.weight * pairsBelow(of, shift), 0);

/**
 * The Mann–Whitney test (Wilcoxon rank sum) of x against y moved up by `shift` buckets, on histograms: U in standard deviations from what chance
 * makes it, corrected for continuity; its two-sided p is 2 Φ(−|z|). Over several strata the sum of their statistics, each over n + m + 1, which are
 * the weights that find a common shift best. Normal approximation. Values count as spread evenly inside their bucket, so there are no ties to
 * correct for: where many values are equal sigma errs to the large side, never towards a verdict.
 * Sources: Lehmann, Nonparametrics (1975), §1; for strata Ph. van Elteren, Bull. Inst. Intern. Statist. 37 (1960) 351.
 */
export const mannWhitneyZ = (sums: RankSums, shift: number): number => {
  const off = statisticAt(sums, shift) - sums.expected;
  return (Math.sign(off) * Math.max(0, Math.abs(off) - 0.5)) / sums.sigma;
};
