import { criticalValue } from './normalQuantile.ts';
import type { Interval } from '../../model/assessment.ts';

/** True for whole counts with 0 ≤ successes ≤ n. */
export const isTally = (successes: number, n: number): boolean =>
  Number.isSafeInteger(successes) && Number.isSafeInteger(n) && successes >= 0 && successes <= n;

const NOTHING: Interval = { low: NaN, high: NaN };
const WHOLE: Interval = { low: 0, high: 1 };

/** `wilson` for a critical value `z` instead of a confidence. */
export const wilsonAt = (successes: number, n: number, z: number): Interval => {
  if (!isTally(successes, n) || Number.isNaN(z)) return NOTHING;
  if (n === 0) return WHOLE;
  const p = successes / n;
  const zz = (z * z) / n;
  const centre = p + zz / 2;
  const half = z * Math.sqrt((p * (1 - p)) / n + zz / (4 * n));
  // The ends are known exactly at the border, where rounding would leave 1e-17.
  return {
    low: successes === 0 ? 0 : (centre - half) / (1 + zz),
    high: successes === n ? 1 : (centre + half) / (1 + zz),
  };
};

/**
 * Wilson's score interval for a proportion: the p that a two-sided z test on `successes` of `n` does not reject. Always inside [0, 1] and
 * around successes / n. `confidence` in (0, 1). n = 0: [0, 1]; counts that are no counts, or NaN: both ends NaN.
 * Source: E. B. Wilson, JASA 22 (1927) 209.
 */
export const wilson = (successes: number, n: number, confidence: number): Interval => wilsonAt(successes, n, criticalValue(confidence));
