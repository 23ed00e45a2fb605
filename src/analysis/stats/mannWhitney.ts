import { bucketsOf, type Histogram } from '../../model/histogram.ts';
import { normalCdf } from './normalCdf.ts';
import { wilcoxonDistribution } from './wilcoxonDistribution.ts';

export type Alternative = 'two-sided' | 'less' | 'greater';

export interface MannWhitneyOptions {
  readonly alternative?: Alternative;
  /** Half a unit off the statistic before it is compared with the normal distribution (asymptotic only). */
  readonly continuity?: boolean;
  /** `exact` counts all orders; only without ties, for small samples. */
  readonly method?: 'asymptotic' | 'exact';
}

export interface MannWhitney {
  /** Pairs in which x is above y, ties as a half: 0 … n·m. */
  readonly u: number;
  readonly z: number;
  readonly p: number;
}

/** Observations with one value: how many of x and of y. In rising order of value. */
export type TiedGroup = readonly [x: number, y: number];

export interface RankSummary {
  readonly n: number;
  readonly m: number;
  readonly u: number;
  /** Standard deviation of u when both come from one distribution, ties accounted for; 0 when all values are equal. */
  readonly sigma: number;
  readonly tied: boolean;
}

export const summarizeRanks = (groups: Iterable<TiedGroup>): RankSummary => {
  let n = 0;
  let m = 0;
  let u = 0;
  let ties = 0;
  for (const [x, y] of groups) {
    u += x * (m + y / 2);
    n += x;
    m += y;
    const t = x + y;
    ties += t * (t - 1) * (t + 1);
  }
  const all = n + m;
  const variance = all < 2 ? 0 : ((n * m) / 12) * (all + 1 - ties / (all * (all - 1)));
  return { n, m, u, sigma: Math.sqrt(Math.max(0, variance)), tied: ties > 0 };
};

/** Merges two samples, each sorted and without NaN, y moved by `shift`. */
export function* groupsOfSorted(x: Float64Array, y: Float64Array, shift = 0): Iterable<TiedGroup> {
  let i = 0;
  let j = 0;
  while (i < x.length || j < y.length) {
    const value = Math.min(x[i] ?? Infinity, (y[j] ?? Infinity) + shift);
    const fromX = i;
    const fromY = j;
    while (i < x.length && x[i] === value) i++;
    while (j < y.length && (y[j] ?? 0) + shift === value) j++;
    yield [i - fromX, j - fromY];
  }
}

/** Infinities are kept (they have a rank), NaN is left out. */
export const sortedSample = (sample: ArrayLike<number>): Float64Array =>
  Float64Array.from(sample)
    .filter((value) => !Number.isNaN(value))
    .sort();

const asymptotic = (ranks: RankSummary, alternative: Alternative, continuity: boolean): MannWhitney => {
  const { n, m, u, sigma } = ranks;
  if (n === 0 || m === 0) return { u: NaN, z: NaN, p: NaN };
  if (sigma === 0) return { u, z: 0, p: 1 };
  const off = u - (n * m) / 2;
  const towards = alternative === 'two-sided' ? Math.sign(off) : alternative === 'greater' ? 1 : -1;
  const z = (off - (continuity ? 0.5 * towards : 0)) / sigma;
  const p = alternative === 'two-sided' ? 2 * normalCdf(-z * (towards === 0 ? 1 : towards)) : normalCdf(-z * towards);
  return { u, z, p: Math.min(1, p) };
};

const exact = (ranks: RankSummary, alternative: Alternative): MannWhitney => {
  const { n, m, u, sigma } = ranks;
  const chances = wilcoxonDistribution(n, m);
  const atMost = (limit: number): number => chances.slice(0, limit + 1).reduce((sum, chance) => sum + chance, 0);
  const less = atMost(u);
  const greater = atMost(n * m - u);
  const p = alternative === 'less' ? less : alternative === 'greater' ? greater : 2 * Math.min(less, greater);
  return { u, z: sigma === 0 ? 0 : (u - (n * m) / 2) / sigma, p: Math.min(1, p) };
};

/**
 * The Mann–Whitney test (Wilcoxon rank sum): is x drawn from larger values than y? Normal approximation with correction for ties
 * and continuity (default), or exact. NaN values are left out; an empty side gives NaN; all values equal give p = 1. With ties the exact
 * method does not hold and the asymptotic one is used. O(N log N); exact O(n²m²), so for small samples only.
 * Source: Lehmann, Nonparametrics (1975), §1.
 */
export const mannWhitney = (x: ArrayLike<number>, y: ArrayLike<number>, options: MannWhitneyOptions = {}): MannWhitney => {
  const ranks = summarizeRanks(groupsOfSorted(sortedSample(x), sortedSample(y)));
  const { alternative = 'two-sided', continuity = true, method = 'asymptotic' } = options;
  return method === 'exact' && !ranks.tied && ranks.n > 0 && ranks.m > 0
    ? exact(ranks, alternative)
    : asymptotic(ranks, alternative, continuity);
};

/** The same test on two histograms: every value counts as its bucket, so that a bucket is one tied group. Asymptotic. */
export const mannWhitneyHistograms = (x: Histogram, y: Histogram, options: Omit<MannWhitneyOptions, 'method'> = {}): MannWhitney => {
  const groups = new Map<number, [number, number]>();
  for (const [bucket, count] of bucketsOf(x)) groups.set(bucket, [count, 0]);
  for (const [bucket, count] of bucketsOf(y)) groups.set(bucket, [groups.get(bucket)?.[0] ?? 0, count]);
  const ordered = [...groups].sort(([a], [b]) => a - b).map(([, group]): TiedGroup => group);
  return asymptotic(summarizeRanks(ordered), options.alternative ?? 'two-sided', options.continuity ?? true);
};
