import { LOG_SQRT_2PI, millsRatio, normalCdf } from './normalCdf.ts';

const A = [-3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.38357751867269e2, -3.066479806614716e1, 2.506628277459239];
const B = [-5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1, -1.328068155288572e1, 1];
const C = [-7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734, 4.374664141464968, 2.938163982698783];
const D = [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416, 1];
const TAIL = 0.02425;

const horner = (coefficients: readonly number[], x: number): number => coefficients.reduce((sum, c) => sum * x + c, 0);

/** Good to 1.2e-9, p in (0, ½]. */
const guess = (p: number): number => {
  if (p < TAIL) {
    const q = Math.sqrt(-2 * Math.log(p));
    return horner(C, q) / horner(D, q);
  }
  const q = p - 0.5;
  return (horner(A, q * q) * q) / horner(B, q * q);
};

/** `(Φ(x) − p) / φ(x)` without the underflow of its parts. */
const residual = (x: number, p: number): number => {
  const logDensity = -0.5 * x * x - LOG_SQRT_2PI;
  return x <= -2 ? millsRatio(-x) - Math.exp(Math.log(p) - logDensity) : (normalCdf(x) - p) * Math.exp(-logDensity);
};

/**
 * The quantile function Φ⁻¹ of the standard normal: the z with Φ(z) = p. Relative error below 1e-13 for p in [1e-300, 1 − 2^-53] away from
 * the zero at ½. Φ⁻¹(0) = −∞, Φ⁻¹(1) = ∞; NaN outside of [0, 1] and for NaN.
 * Source: P. J. Acklam's rational approximation, refined by Halley's method on `normalCdf`.
 */
export const normalQuantile = (p: number): number => {
  if (!(p >= 0 && p <= 1)) return NaN;
  if (p === 0) return -Infinity;
  if (p === 1) return Infinity;
  if (p > 0.5) return -normalQuantile(1 - p);
  if (p === 0.5) return 0;
  let x = guess(p);
  for (let round = 0; round < 2; round++) {
    const u = residual(x, p);
    x -= u / (1 + (x * u) / 2);
  }
  return x;
};

/** The z of a two-sided interval: 0.95 gives 1.96. NaN outside of (0, 1). */
export const criticalValue = (confidence: number): number =>
  confidence > 0 && confidence < 1 ? -normalQuantile((1 - confidence) / 2) : NaN;
