import type { Interval } from '../../model/assessment.ts';
import { criticalValue } from './normalQuantile.ts';
import { isTally, wilsonAt } from './wilson.ts';

/** Two proportions, k1 of n1 and k2 of n2, that were seen under the same conditions, and how much these count (any scale, not negative). */
export interface ProportionPair {
  readonly k1: number;
  readonly n1: number;
  readonly k2: number;
  readonly n2: number;
  readonly weight: number;
}

/** The weighted means of both proportions, their difference, and its interval. */
export interface StratifiedDifference {
  readonly first: number;
  readonly second: number;
  readonly effect: number;
  readonly interval: Interval;
}

interface Part {
  readonly k: number;
  readonly n: number;
  readonly weight: number;
}

const NOTHING: StratifiedDifference = { first: NaN, second: NaN, effect: NaN, interval: { low: NaN, high: NaN } };

/**
 * How far the score interval of a weighted mean of proportions reaches below or above it. Every stratum takes its own Wilson end, all at the one
 * critical value q for which the whole is a score bound: (Σ w d)² = z² Σ w² d² / q², d being the distances of the ends, so that d² / q² is each
 * stratum's variance at its end. q lies between z / √strata and z; with one stratum it is z.
 */
const reachOf = (parts: readonly Part[], z: number, end: keyof Interval): number => {
  const distances = (q: number): readonly number[] => parts.map(({ k, n, weight }) => weight * Math.abs(wilsonAt(k, n, q)[end] - k / n));
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  let low = z / Math.sqrt(parts.length);
  let high = z;
  for (let round = 0; parts.length > 1 && round < 40; round++) {
    const middle = (low + high) / 2;
    const d = distances(middle);
    if (middle * sum(d) < z * Math.hypot(...d)) low = middle;
    else high = middle;
  }
  return sum(distances(high));
};

/**
 * The difference of two proportions, p1 − p2, compared within strata only: the weighted mean of the strata's differences, and the hybrid interval of
 * the score intervals of both weighted means. Stratifying takes away what a stratum does to both sides. With one stratum it is
 * Newcombe's interval. Strata without weight, or with an empty side, are left out; nothing left, counts that are no counts, or NaN: all NaN.
 * Sources: R. G. Newcombe, Statistics in Medicine 17 (1998) 873, method 10; for strata X. Yan and X. G. Su, Statistics in Biopharmaceutical
 * Research 2 (2010) 329, whose common critical value is taken here from the variances at the ends, as Wilson's interval does, not at the
 * estimates: it is defined without any event, and cutting a stratum in two of the same rate leaves the interval nearly as it was.
 */
export const stratifiedDifference = (pairs: readonly ProportionPair[], confidence: number): StratifiedDifference => {
  const z = criticalValue(confidence);
  const used = pairs.filter(({ n1, n2, weight }) => weight > 0 && n1 > 0 && n2 > 0);
  const whole = used.reduce((sum, { weight }) => sum + weight, 0);
  if (used.length === 0 || Number.isNaN(z) || used.some(({ k1, n1, k2, n2 }) => !isTally(k1, n1) || !isTally(k2, n2))) return NOTHING;
  const one = used.map(({ k1, n1, weight }): Part => ({ k: k1, n: n1, weight: weight / whole }));
  const two = used.map(({ k2, n2, weight }): Part => ({ k: k2, n: n2, weight: weight / whole }));
  const mean = (parts: readonly Part[]): number => parts.reduce((sum, { k, n, weight }) => sum + weight * (k / n), 0);
  const [first, second] = [mean(one), mean(two)];
  const effect = first - second;
  return {
    first,
    second,
    effect,
    interval: {
      low: effect - Math.hypot(reachOf(one, z, 'low'), reachOf(two, z, 'high')),
      high: effect + Math.hypot(reachOf(one, z, 'high'), reachOf(two, z, 'low')),
    },
  };
};
