import type { Step } from '../../model/release.ts';
import type { ServiceRelease } from './release.ts';

/** The last step whose ratio the given one has reached; -1 before the first. */
export const stepIndexAt = (steps: readonly Step[], ratio: number): number => steps.findLastIndex((step) => step.ratio <= ratio);

/** The fields that say where in its steps a release stands, after the ratio moved to `ratio` at `now`. */
export const standing = (
  steps: readonly Step[],
  ratio: number,
  now: number,
): Pick<ServiceRelease, 'stepIndex' | 'state' | 'pauseEndsAt' | 'pauseLeftMs'> => {
  const stepIndex = stepIndexAt(steps, ratio);
  const step = steps[stepIndex];
  // Without steps nothing comes next by itself and nobody is waited for.
  if (steps.length === 0) return { stepIndex, state: 'progressing', pauseEndsAt: null, pauseLeftMs: null };
  // Beside the steps only a person knows how to go on.
  if (step?.ratio !== ratio || step.pauseSeconds === null) return { stepIndex, state: 'waiting', pauseEndsAt: null, pauseLeftMs: null };
  return { stepIndex, state: 'progressing', pauseEndsAt: now + step.pauseSeconds * 1000, pauseLeftMs: null };
};

/** A person's own steps must rise, or "next step" could take users back out. */
export const stepsProblem = (steps: readonly Step[]): string | null => {
  for (let i = 1; i < steps.length; i++) {
    if ((steps[i]?.ratio ?? 0) <= (steps[i - 1]?.ratio ?? 0)) return `steps[${String(i)}].ratio must be above that of the step before it`;
  }
  return null;
};
