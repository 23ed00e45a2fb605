import type { Interval } from '../../model/assessment.ts';
import { wilson } from './wilson.ts';

/**
 * Newcombe's hybrid score interval for a difference of two independent proportions, `k1/n1 − k2/n2`: the Wilson ends of both, squared
 * and added. Inside [−1, 1], around the estimate, and meaningful with no event at all. `confidence` in (0, 1). An empty side: that
 * proportion may be anything, [−1, 1] with both empty. Counts that are no counts, or NaN: both ends NaN.
 * Source: R. G. Newcombe, Statistics in Medicine 17 (1998) 873, method 10.
 */
export const newcombeDifference = (k1: number, n1: number, k2: number, n2: number, confidence: number): Interval => {
  const first = wilson(k1, n1, confidence);
  const second = wilson(k2, n2, confidence);
  if (n1 === 0 || n2 === 0) return { low: first.low - second.high, high: first.high - second.low };
  const p1 = k1 / n1;
  const p2 = k2 / n2;
  return {
    low: p1 - p2 - Math.hypot(p1 - first.low, second.high - p2),
    high: p1 - p2 + Math.hypot(first.high - p1, p2 - second.low),
  };
};
