/** Beyond this the tail is a continued fraction, within it a series: both are exact to a few units in the last place there. */
const SERIES_LIMIT = 2;
const FRACTION_TERMS = 120;
export const LOG_SQRT_2PI = 0.5 * Math.log(2 * Math.PI);

/** The density of the standard normal distribution. */
const normalDensity = (z: number): number => Math.exp(-0.5 * z * z - LOG_SQRT_2PI);

/** Mills' ratio `(1 − Φ(z)) / φ(z)` for z ≥ 2, by Laplace's continued fraction z + 1/(z + 2/(z + 3/…)). */
export const millsRatio = (z: number): number => {
  let tail = z;
  for (let k = FRACTION_TERMS; k >= 1; k--) tail = z + k / tail;
  return 1 / tail;
};

/** `Φ(z) − ½` for |z| < 2, by the series φ(z) · (z + z³/3 + z⁵/(3·5) + …), whose terms all have one sign. */
const centre = (z: number): number => {
  let term = z;
  let sum = z;
  for (let k = 3; Math.abs(term) > 1e-18 * Math.abs(sum); k += 2) {
    term *= (z * z) / k;
    sum += term;
  }
  return sum * normalDensity(z);
};

/**
 * The distribution function Φ of the standard normal: the chance of a value ≤ z. Relative error below 1e-13 in the lower
 * tail, down to where doubles end (z ≈ −38.5, then 0). Φ(−∞) = 0, Φ(∞) = 1, Φ(NaN) = NaN. For a small upper tail ask for `normalCdf(-z)`.
 * Source: Abramowitz & Stegun 26.2.11 (series) and 26.2.14 (continued fraction).
 */
export const normalCdf = (z: number): number => {
  if (Number.isNaN(z)) return NaN;
  if (Math.abs(z) < SERIES_LIMIT) return 0.5 + centre(z);
  if (z > 0) return 1 - normalCdf(-z);
  if (z === -Infinity) return 0;
  // In two halves, so that the result is rounded once even where it is subnormal.
  const half = Math.exp(-0.25 * z * z);
  return half * (millsRatio(-z) * Math.exp(-LOG_SQRT_2PI)) * half;
};
