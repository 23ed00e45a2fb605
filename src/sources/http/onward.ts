import type { Intent } from '../../model/intent.ts';
import type { Release } from '../../model/release.ts';

/** What the service does by itself once a release stands at a ratio. */
export interface Onward {
  readonly pauseSeconds: number;
  /** The ratio of the next step; `full`: the canary becomes the version for all. */
  readonly then: number | 'full';
}

type Standing = Pick<Release, 'ratio' | 'state' | 'steps' | 'stepIndex' | 'pauseLeftMs'>;

/** Null where only a person knows how to go on; `leftMs` is what is left of a pause that was stopped. */
export const onwardFrom = ({ steps }: Pick<Release, 'steps'>, ratio: number, leftMs: number | null): Onward | null => {
  const index = steps.findLastIndex((step) => step.ratio <= ratio);
  const step = steps[index];
  // Beside the steps nothing goes on by itself.
  if (step?.ratio !== ratio || step.pauseSeconds === null) return null;
  return { pauseSeconds: leftMs === null ? step.pauseSeconds : leftMs / 1000, then: steps[index + 1]?.ratio ?? 'full' };
};

/** A ratio set by hand ends neither a pause nor what a guardrail stopped. */
export const isStopped = ({ state }: Pick<Release, 'state'>): boolean => state === 'paused' || state === 'degraded';

/** What the service does by itself after the intent was carried out, as its preview says it. */
export const onwardAfter = (release: Standing, intent: Intent): Onward | null => {
  switch (intent.kind) {
    case 'setRatio':
      return intent.paused === true || isStopped(release) ? null : onwardFrom(release, intent.ratio, null);
    case 'jumpToStep': {
      const step = release.steps[intent.stepIndex];
      return step === undefined || isStopped(release) ? null : onwardFrom(release, step.ratio, null);
    }
    case 'nextStep':
    case 'promote': {
      const next = release.steps[release.stepIndex + 1];
      return next === undefined ? null : onwardFrom(release, next.ratio, null);
    }
    case 'resume':
      return release.ratio.desired === null ? null : onwardFrom(release, release.ratio.desired, release.pauseLeftMs);
    case 'promoteFull':
    case 'pause':
    case 'abort':
    case 'rollback':
    case 'retry':
    case 'restart':
      return null;
  }
};
