import { normalCdf } from '../../src/analysis/stats/normalCdf.ts';
import { isTally } from '../../src/analysis/stats/wilson.ts';

export interface ZTest {
  readonly z: number;
  /** Two-sided. */
  readonly p: number;
}

/**
 * The two-proportion z test with pooled variance, two-sided; z > 0 when the first proportion is larger. Where there is no variance (both
 * all or both nothing) or a side is empty nothing speaks against equality: z = 0, p = 1. Counts that are no counts, or NaN: both NaN.
 * One look only: used at every look it rejects true equality in half of all runs.
 */
export const twoProportionZ = (k1: number, n1: number, k2: number, n2: number): ZTest => {
  if (!isTally(k1, n1) || !isTally(k2, n2)) return { z: NaN, p: NaN };
  const pooled = (k1 + k2) / (n1 + n2);
  const variance = pooled * (1 - pooled) * (1 / n1 + 1 / n2);
  if (n1 === 0 || n2 === 0 || variance === 0) return { z: 0, p: 1 };
  const z = (k1 / n1 - k2 / n2) / Math.sqrt(variance);
  return { z, p: 2 * normalCdf(-Math.abs(z)) };
};
