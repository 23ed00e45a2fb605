import type { MetricId } from '../../model/metric.ts';
import type { Phase, ReleaseStatus, Step, VariantRole } from '../../model/release.ts';

export type GuardrailAction = 'none' | 'pause' | 'abort';

/**
 * A limit the canary has to keep. Metrics whose harm is `down` (accuracy, rating) break it from below, all others from above.
 * It is evaluated on the canary's evidence since the last change of ratio or resume, over at most `windowSeconds`, and only once
 * `minCount` observations stand behind the value.
 */
export interface Guardrail {
  readonly metric: MetricId;
  /** In the unit of the metric. */
  readonly limit: number;
  readonly action: GuardrailAction;
  readonly windowSeconds: number;
  readonly minCount: number;
}

/** A gray release as the service keeps it. Times in epoch milliseconds, ratios 0..1. */
export interface ServiceRelease {
  readonly id: string;
  readonly name: string;
  readonly service: string;
  readonly phase: Phase;
  readonly state: ReleaseStatus;
  readonly ratio: number;
  readonly steps: readonly Step[];
  readonly stepIndex: number;
  readonly guardrails: readonly Guardrail[];
  readonly versions: Readonly<Record<VariantRole, string>>;
  /** Input of the assignment besides the user id. */
  readonly salt: string;
  readonly revision: number;
  readonly createdAt: number;
  /** Moves with the revision. */
  readonly updatedAt: number;
  readonly ratioSince: number;
  readonly stateSince: number;
  /** When the timed pause of the step ends; null while no timer runs. */
  readonly pauseEndsAt: number | null;
  /** What is left of a timed pause that a person or a guardrail stopped, milliseconds. */
  readonly pauseLeftMs: number | null;
  /** Guardrails look at evidence from here on. */
  readonly guardedSince: number;
  readonly simulated: boolean;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** The release as the HTTP interface shows it. */
export interface ReleaseView extends Omit<ServiceRelease, 'guardedSince'> {
  /** The share of buckets on the canary: what is in force. */
  readonly actualRatio: number;
  readonly variants: Readonly<Record<VariantRole, { readonly version: string; readonly share: number }>>;
}
