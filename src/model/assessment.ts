import type { Message } from './message.ts';
import type { MetricId } from './metric.ts';
import type { ReleaseKey, VariantRole } from './release.ts';

export type Verdict = 'healthy' | 'regressing' | 'inconclusive' | 'noData';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** What still has to be seen before a verdict is possible; a number is how many more, 0 for none. */
export interface Missing {
  readonly requests: number;
  readonly users: number;
  /** Minutes until then at the traffic of the window; null when traffic is too thin to tell. */
  readonly minutes: number | null;
}

/**
 * The canary against the stable in one metric over one window. `effect` is canary − stable in `points` (a difference of ratios) or
 * canary / stable − 1 when `relative`; null where it is not defined. Where the ratio moved inside the window, values and effect are means over
 * the stretches of one ratio. `interval` has confidence `confidence` (0..1).
 */
export interface MetricAssessment {
  readonly metric: MetricId;
  readonly verdict: Verdict;
  readonly stable: number | null;
  readonly canary: number | null;
  readonly effect: number | null;
  readonly effectUnit: 'points' | 'relative';
  readonly interval: Interval | null;
  readonly confidence: number;
  readonly margin: number;
  /** `described` metrics are shown with their values and never tested. */
  readonly kind: 'tested' | 'described';
  /** Observations behind each side. */
  readonly counts: Readonly<Record<VariantRole, number>>;
  readonly missing: Missing | null;
  readonly sentence: Message;
}

/** Neighbouring windows of a variant's series unlike the stable's, in the forest's judgement and in one named metric. */
export interface Anomaly {
  /** Stable over polls: variant, metric and the start of the first window. */
  readonly id: string;
  readonly variant: VariantRole;
  /** The metric that deviates; two that deviate at a time are two anomalies. */
  readonly metric: MetricId;
  /** Start of the first window and end of the last, epoch milliseconds. */
  readonly from: number;
  readonly to: number;
  /** It had not ended when the newest data came in. */
  readonly ongoing: boolean;
  /** Start of the window that deviates most, epoch milliseconds; what was seen in it, and what the stable let expect. */
  readonly seenAt: number;
  readonly seen: number;
  readonly expected: number;
  /** What noise explains at that window's number of observations: three standard deviations around the expected value. */
  readonly band: Interval;
  /** Isolation Forest anomaly score, 0..1; larger is stranger. */
  readonly score: number;
  readonly severity: 'minor' | 'major';
}

/** The share of users (else requests) counted on the canary, with its Wilson interval. */
export interface AssignedShare {
  /** The window it was counted in, epoch milliseconds. */
  readonly from: number;
  readonly to: number;
  readonly unit: 'users' | 'requests';
  readonly canary: number;
  readonly total: number;
  readonly share: number;
  readonly interval: Interval;
  readonly confidence: number;
  /** The desired ratio lies outside the interval; null where there is none, it changed inside the window, or it is of another unit. */
  readonly offTarget: boolean | null;
}

/** The answer for a release: per metric and for the whole. */
export interface Assessment {
  readonly release: ReleaseKey;
  /** When it was made and the window it rests on, epoch milliseconds. */
  readonly at: number;
  readonly from: number;
  readonly to: number;
  readonly verdict: Verdict;
  readonly metrics: readonly MetricAssessment[];
  /** The regressing metric with the largest harm in units of its margin; null when none regresses. */
  readonly worst: MetricId | null;
  readonly sentence: Message;
  readonly recommendation: Message | null;
  readonly assigned: AssignedShare | null;
  readonly anomalies: readonly Anomaly[];
  /** What the verdict does not account for, said beside it. */
  readonly caveats: readonly Message[];
}

const PAST_MS = 15 * 60_000;

/** The evidence ended long before it was judged: a log that nobody writes any more. It tells what was, and calls nobody. */
export const isPast = (assessment: Pick<Assessment, 'at' | 'to'>): boolean => assessment.at - assessment.to > PAST_MS;
