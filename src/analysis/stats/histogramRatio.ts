import { BUCKETS_PER_OCTAVE } from '../../model/histogram.ts';
import { mannWhitneyZ, rankSums, statisticAt, type HistogramPair } from './mannWhitney.ts';
import { criticalValue } from './normalQuantile.ts';

export interface Ratio {
  /** x over y: the median of all quotients within a stratum. */
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/** Where a falling function first is below nothing, by bisection. */
const crossing = (falling: (at: number) => number, from: number, to: number): number => {
  let low = from;
  let high = to;
  for (let round = 0; round < 60; round++) {
    const middle = (low + high) / 2;
    if (falling(middle) > 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
};

/**
 * How many times slower x is than y where both were seen under several conditions (strata), each pair of values being compared within its own
 * stratum only. It is the Mann–Whitney test turned round (`mannWhitneyZ`): the interval holds the factors that a two-sided test does not reject
 * at `confidence` in (0, 1), the estimate is the factor at which the statistic is what chance makes it. Of one stratum that is the Hodges–Lehmann
 * estimate of the logarithms, the median quotient of all pairs, with its interval. Buckets being 2.2 % wide, each figure is exact to one bucket,
 * for rounded values too. Assumes one shape but for the factor within a stratum; where shapes differ it is still a median quotient, the interval
 * is approximate. Nothing to compare: all NaN. Too few observations for this confidence: [0, ∞]. O(b²) a stratum in the number of buckets,
 * whatever the counts. Source: Hodges & Lehmann, Ann. Math. Stat. 34 (1963) 598.
 */
export const stratifiedHistogramRatio = (pairs: readonly HistogramPair[], confidence: number): Ratio => {
  const z = criticalValue(confidence);
  const sums = rankSums(pairs);
  if (!sums || Number.isNaN(z)) return { estimate: NaN, low: NaN, high: NaN };
  const factorAt = (falling: (shift: number) => number): number => 2 ** (crossing(falling, sums.lowest, sums.highest) / BUCKETS_PER_OCTAVE);
  const estimate = factorAt((shift) => statisticAt(sums, shift) - sums.expected);
  // Beyond all values the statistic is as large as it can be.
  if (mannWhitneyZ(sums, sums.lowest) <= z) return { estimate, low: 0, high: Infinity };
  return {
    estimate,
    low: factorAt((shift) => mannWhitneyZ(sums, shift) - z),
    high: factorAt((shift) => mannWhitneyZ(sums, shift) + z),
  };
};
