import type { MetricId } from '../../model/metric.ts';
import { deviation, median, neighbourDeviation } from './robust.ts';
import { fromScale, toScale, type ScaleKind } from './scale.ts';
import type { WindowColumn } from './windows.ts';

/** A change that just matters in practice counts at most this many standard deviations, however quiet the metric is. */
export const PRACTICAL_Z = 2.5;

/**
 * `practical`: the value that begins to matter; `minimum`: observations below which a window's value says nothing; `cap`: the most standard
 * deviations one window can count.
 */
export interface FeatureRule {
  readonly metric: MetricId;
  readonly scale: ScaleKind;
  readonly practical: (value: number) => number;
  readonly minimum: number;
  readonly cap: number;
}

export const FEATURE_RULES: readonly FeatureRule[] = [
  { metric: 'errorRate', scale: 'arcsine', practical: (rate) => rate + 0.01, minimum: 1, cap: Infinity },
  { metric: 'accuracy', scale: 'arcsine', practical: (share) => share - 0.02, minimum: 1, cap: Infinity },
  { metric: 'latencyP50', scale: 'logarithm', practical: (ms) => ms * 1.1, minimum: 20, cap: Infinity },
  // A thin window's p99 is one slow request or two, and response times have heavy tails: it takes a third window to be news.
  { metric: 'latencyP99', scale: 'logarithm', practical: (ms) => ms * 1.5, minimum: 50, cap: 3.5 },
  { metric: 'cpu', scale: 'logarithm', practical: (cores) => cores * 1.25, minimum: 1, cap: Infinity },
  { metric: 'memory', scale: 'logarithm', practical: (bytes) => bytes * 1.25, minimum: 1, cap: Infinity },
  { metric: 'rating', scale: 'identity', practical: (rating) => rating - 0.5, minimum: 10, cap: Infinity },
];

/** One variant's windows in one metric, standardised against the stable: columns over the windows, NaN where nothing is known. */
export interface Standardised {
  readonly seen: Float64Array;
  readonly expected: Float64Array;
  /** Ends of what noise explains, three standard deviations around the expected value. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Standard deviations from the stable. */
  readonly z: Float64Array;
}

export interface Feature {
  readonly metric: MetricId;
  readonly stable: Standardised;
  readonly canary: Standardised;
}

/** Observations in a window of a share from which its own scatter says something. */
const OWN_NOISE_MINIMUM = 10;

/** Stable windows needed before anything can be called unlike them. */
export const MINIMUM_WINDOWS = 20;

const scaled = ({ values, counts }: WindowColumn, rule: FeatureRule): Float64Array =>
  values.map((value, i) => {
    const at = toScale(rule.scale, value);
    return (counts[i] ?? 0) >= rule.minimum && Number.isFinite(at) ? at : NaN;
  });

const pooled = ({ values, counts }: WindowColumn): number => {
  let sum = 0;
  let n = 0;
  for (const [i, count] of counts.entries()) {
    if (!(count > 0)) continue;
    sum += count * (values[i] ?? 0);
    n += count;
  }
  return sum / n;
};

/** Where the stable is and how noisy a window with `n` observations is around it, its own scatter and the practical floor included. */
interface Reference {
  readonly centre: number;
  noise(n: number): number;
}

const referenceOf = (column: WindowColumn, at: Float64Array, rule: FeatureRule): Reference => {
  // A share is pooled, because with few events most windows have none and the median would be no estimate.
  const centre = rule.scale === 'arcsine' ? toScale('arcsine', pooled(column)) : median(at);
  const value = fromScale(rule.scale, centre);
  const floor = Math.abs(toScale(rule.scale, rule.practical(value)) - centre) / PRACTICAL_Z;
  const scatter = deviation(at, centre);
  const counts = column.counts.filter((count) => count >= rule.minimum);
  if (rule.scale === 'arcsine') {
    const sampling = median(counts.map((count) => 1 / (4 * count)));
    const between = Math.sqrt(Math.max(0, scatter ** 2 - sampling));
    return { centre, noise: (n) => Math.hypot(Math.max(floor, between), 1 / (2 * Math.sqrt(n))) };
  }
  // Elsewhere the sampling noise is not known apart: taking all scatter for it errs towards calling a thin window ordinary.
  const typical = median(counts);
  return { centre, noise: (n) => Math.hypot(floor, scatter * Math.sqrt(Math.max(1, typical / n))) };
};

/** The smaller of two deviations of one sign, else none: unlike the stable over the hour, and unlike it in that very window. */
const both = (a: number, b: number): number => (Number.isNaN(b) ? a : a * b <= 0 ? 0 : Math.sign(a) * Math.min(Math.abs(a), Math.abs(b)));

const standardise = (
  column: WindowColumn,
  at: Float64Array,
  reference: Reference,
  rule: FeatureRule,
  beside: Float64Array | null,
): Standardised => {
  // Shares of a handful jump between nothing and all by themselves; that is sampling noise, which the reference knows.
  const countable = rule.scale === 'arcsine' ? OWN_NOISE_MINIMUM : rule.minimum;
  const own = beside ? neighbourDeviation(at.map((value, i) => ((column.counts[i] ?? 0) >= countable ? value : NaN))) : NaN;
  const size = at.length;
  const out = {
    seen: new Float64Array(size).fill(NaN),
    expected: new Float64Array(size).fill(NaN),
    low: new Float64Array(size).fill(NaN),
    high: new Float64Array(size).fill(NaN),
    z: new Float64Array(size).fill(NaN),
  };
  const { centre } = reference;
  for (const [i, value] of at.entries()) {
    if (Number.isNaN(value)) continue;
    // A canary that is noisier than its counts explain (few users, bursts) is measured by its own noise.
    const noise = Math.max(reference.noise(column.counts[i] ?? 0), Number.isFinite(own) ? own : 0);
    const z = Math.max(-rule.cap, Math.min(rule.cap, (value - centre) / noise));
    out.z[i] = beside ? both(z, (value - (beside[i] ?? NaN)) / noise) : z;
    out.seen[i] = column.values[i] ?? NaN;
    out.expected[i] = fromScale(rule.scale, centre);
    out.low[i] = fromScale(rule.scale, centre - 3 * noise);
    out.high[i] = fromScale(rule.scale, centre + 3 * noise);
  }
  return out;
};

/** A metric of both variants against the stable; null where the stable has too few windows to be a reference. */
export const featureOf = (rule: FeatureRule, stable: WindowColumn, canary: WindowColumn): Feature | null => {
  const stableAt = scaled(stable, rule);
  if (stableAt.filter((value) => !Number.isNaN(value)).length < MINIMUM_WINDOWS) return null;
  const reference = referenceOf(stable, stableAt, rule);
  return {
    metric: rule.metric,
    stable: standardise(stable, stableAt, reference, rule, null),
    canary: standardise(canary, scaled(canary, rule), reference, rule, stableAt),
  };
};
