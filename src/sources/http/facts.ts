import type { Facts, Intent } from '../../model/intent.ts';
import type { Release } from '../../model/release.ts';
import { onwardAfter } from './onward.ts';

/**
 * What a plan rests on. The revision is not among them: it is the precondition of the request, and when it alone moved the same
 * request still means the same. What the service then does by itself is: a preview says it, and the pauses may be changed meanwhile.
 * Taking everything back means the same at any ratio, and must not fail because a step came first.
 */
export const factsOf = (
  release: Pick<Release, 'ratio' | 'phase' | 'state' | 'stepIndex' | 'steps' | 'pauseLeftMs'>,
  intent: Intent,
): Facts => {
  if (intent.kind === 'abort' || intent.kind === 'rollback') return { phase: release.phase };
  const onward = onwardAfter(release, intent);
  return {
    ratio: release.ratio.desired,
    phase: release.phase,
    state: release.state,
    stepIndex: release.stepIndex,
    nextRatio: release.steps[release.stepIndex + 1]?.ratio ?? null,
    ...(intent.kind === 'jumpToStep' ? { stepRatio: release.steps[intent.stepIndex]?.ratio ?? null } : {}),
    pauseSeconds: onward?.pauseSeconds ?? null,
    thenRatio: onward?.then ?? null,
  };
};
