import type { Evidence, EvidenceStratum, Tally } from '../model/evidence.ts';
import { bucketsOf, histogramOf, quantile, total, type Histogram } from '../model/histogram.ts';
import type { MetricId } from '../model/metric.ts';
import type { VariantRole } from '../model/release.ts';

/** The stretches of the evidence; the whole where it is not cut. */
export const strataOf = (evidence: Evidence): readonly EvidenceStratum[] => (evidence.strata?.length ? evidence.strata : [evidence]);

const ratioOf = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null);
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** The value of a metric in a tally; null where there is none. `seconds` is how long its requests were counted. */
export const valueOf = (metric: MetricId, tally: Tally, seconds: number): number | null => {
  switch (metric) {
    case 'requests':
      return seconds > 0 ? tally.requests / seconds : null;
    case 'errorRate':
      return ratioOf(tally.errors, tally.requests);
    case 'latencyP50':
      return finite(quantile(tally.latency, 0.5));
    case 'latencyP99':
      return finite(quantile(tally.latency, 0.99));
    case 'cpu':
      return tally.cpu;
    case 'memory':
      return tally.memoryBytes;
    case 'rating':
      return ratioOf(tally.ratingSum, tally.ratings);
    case 'accuracy':
      return ratioOf(tally.correct, tally.predictions);
  }
};

/** Observations behind the value of a metric. */
const countOf = (metric: MetricId, tally: Tally): number => {
  switch (metric) {
    case 'latencyP50':
    case 'latencyP99':
      return total(tally.latency);
    case 'rating':
      return tally.ratings;
    case 'accuracy':
      return tally.predictions;
    case 'requests':
    case 'errorRate':
    case 'cpu':
    case 'memory':
      return tally.requests;
  }
};

/** A stretch in which both sides were seen, and its share of the comparison. */
export interface Compared {
  readonly variants: Readonly<Record<VariantRole, Tally>>;
  /** n·m / (n + m) of the observations of both sides, as Cochran, Mantel and Haenszel weigh: how much a stretch can tell of a difference. */
  readonly weight: number;
  readonly counts: Readonly<Record<VariantRole, number>>;
  /** `[from, to)`, epoch milliseconds. */
  readonly from: number;
  readonly to: number;
}

/** The stretches in which a metric has observations on both sides. */
export const comparedOf = (metric: MetricId, evidence: Evidence): readonly Compared[] =>
  strataOf(evidence).flatMap(({ from, to, variants }) => {
    const counts = { stable: countOf(metric, variants.stable), canary: countOf(metric, variants.canary) };
    const weight = (counts.stable * counts.canary) / (counts.stable + counts.canary);
    return weight > 0 ? [{ variants, weight, counts, from, to }] : [];
  });

/** Observations of a metric on both sides: of the stretches that are compared, of the whole window where none is. */
export const countsOf = (metric: MetricId, evidence: Evidence, compared: readonly Compared[]): Readonly<Record<VariantRole, number>> => {
  const { stable, canary } = evidence.variants;
  const sum = (side: VariantRole): number => compared.reduce((so, { counts }) => so + counts[side], 0);
  return compared.length > 0
    ? { stable: sum('stable'), canary: sum('canary') }
    : { stable: countOf(metric, stable), canary: countOf(metric, canary) };
};

/** Observations on the thinner side of each stretch: what a comparison within stretches rests on. */
export const thinnerCount = (compared: readonly Compared[]): number =>
  compared.reduce((sum, { counts: { stable, canary } }) => sum + Math.min(stable, canary), 0);

/** A mixture of histograms in which each is worth its weight, however many observations it holds. */
const mixture = (parts: readonly (readonly [of: Histogram, weight: number])[]): Histogram =>
  histogramOf(
    parts.flatMap(([of, weight]) => {
      const scale = weight / total(of);
      return [...bucketsOf(of)].map(([bucket, count]) => [bucket, count * scale] as const);
    }),
  );

/**
 * The value of a metric to show for one side. In evidence of one stretch it is what was counted. In several it is standardised: the mean over
 * the stretches that are compared (of response times the quantile of their mixture), each with the same weight on both sides, so that the
 * two values differ as the comparison says, not as the mix of hours does. Requests a second are always of the whole time that has data, `seconds`
 * long; of the whole is every value where no stretch can be compared, or one of them has no value.
 */
export const shownValue = (
  metric: MetricId,
  side: VariantRole,
  evidence: Evidence,
  compared: readonly Compared[],
  seconds: number,
): number | null => {
  const whole = (): number | null => valueOf(metric, evidence.variants[side], seconds);
  if (metric === 'requests' || compared.length === 0 || strataOf(evidence).length === 1) return whole();
  if (metric === 'latencyP50' || metric === 'latencyP99') {
    const mixed = mixture(compared.map(({ variants, weight }) => [variants[side].latency, weight]));
    return finite(quantile(mixed, metric === 'latencyP50' ? 0.5 : 0.99));
  }
  const weights = compared.reduce((sum, { weight }) => sum + weight, 0);
  const values = compared.map(({ variants }) => valueOf(metric, variants[side], NaN));
  return values.every((value) => value !== null)
    ? values.reduce((sum, value, i) => sum + value * ((compared[i]?.weight ?? 0) / weights), 0)
    : whole();
};
