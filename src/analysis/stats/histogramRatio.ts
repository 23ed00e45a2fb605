import { BUCKETS_PER_OCTAVE, total, type Histogram } from '../../model/histogram.ts';
import { criticalValue } from './normalQuantile.ts';

export interface Ratio {
  /** x over y: the median of all quotients. */
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

const shiftWith = (of: Distances, target: number): number => {
  let low = of.lag - 1;
  let high = of.lag + of.sums.length;
  for (let round = 0; round < 60; round++) {
    const middle = (low + high) / 2;
    if (pairsBelow(of, middle) < target) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
};

/**
 * How many times slower x is than y: the Hodges–Lehmann estimate in log space, the median quotient of all pairs, with the interval of the
 * factors that a two-sided Mann–Whitney test does not reject at `confidence` in (0, 1) (normal approximation, continuity correction).
 * Values count as evenly spread inside their bucket in log space, which is an error of at most one bucket (2.2 %) in each figure, for rounded
 * values too. Assumes one shape but for the factor; where shapes differ it is still the median quotient, the interval is approximate.
 * An empty side: all NaN. Too few observations for this confidence: [0, ∞]. O(b²) in the number of buckets, whatever the counts.
 */
export const histogramRatio = (x: Histogram, y: Histogram, confidence: number): Ratio => {
  const n = total(x);
  const m = total(y);
  const z = criticalValue(confidence);
  if (n === 0 || m === 0 || Number.isNaN(z)) return { estimate: NaN, low: NaN, high: NaN };
  const of = distances(x, y);
  const factor = (target: number): number => 2 ** (shiftWith(of, target) / BUCKETS_PER_OCTAVE);
  const half = (n * m) / 2;
  const reach = z * Math.sqrt((n * m * (n + m + 1)) / 12) + 0.5;
  const estimate = factor(half);
  if (reach >= half) return { estimate, low: 0, high: Infinity };
  return { estimate, low: factor(half - reach), high: factor(half + reach) };
};
