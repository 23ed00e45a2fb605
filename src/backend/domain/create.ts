import type { Step, VariantRole } from '../../model/release.ts';
import type { Guardrail, ServiceRelease } from './release.ts';
import { standing } from './steps.ts';

export interface NewRelease {
  readonly id: string;
  readonly name: string;
  readonly service: string;
  readonly ratio: number;
  readonly steps: readonly Step[];
  readonly guardrails: readonly Guardrail[];
  readonly versions: Readonly<Record<VariantRole, string>>;
  readonly salt: string;
  readonly simulated: boolean;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** A new release: in preparation at ratio 0, else gray at once. */
export const createRelease = (input: NewRelease, now: number): ServiceRelease => ({
  ...input,
  ...(input.ratio > 0
    ? { phase: 'gray', ...standing(input.steps, input.ratio, now) }
    : { phase: 'preparation', state: 'waiting', stepIndex: -1, pauseEndsAt: null, pauseLeftMs: null }),
  revision: 1,
  createdAt: now,
  updatedAt: now,
  ratioSince: now,
  stateSince: now,
  guardedSince: now,
});
