/**
 * The state machine of a release: pure functions from a release and an act to the release after it, or why the act is not
 * possible now. docs/service.md shows the same as a table.
 */
import { err, ok, type Result } from '../../base/result.ts';
import type { Step } from '../../model/release.ts';
import type { Guardrail, ServiceRelease } from './release.ts';
import { standing, stepIndexAt } from './steps.ts';

export type Act =
  /** `paused`: it is paused at that ratio, whatever it was before. */
  | { readonly kind: 'setRatio'; readonly ratio: number; readonly paused?: boolean }
  | { readonly kind: 'setSteps'; readonly steps: readonly Step[] }
  | { readonly kind: 'setGuardrails'; readonly guardrails: readonly Guardrail[] }
  | { readonly kind: 'promote' | 'promoteFull' | 'pause' | 'resume' | 'abort' | 'rollback' }
  /** The service's own acts: a timed pause is over, a guardrail is broken, or kept again. */
  | { readonly kind: 'advance' | 'degrade' | 'recover' };

export type ActKind = Act['kind'];

/** Why an act is not possible in the release's present phase and state; for a person. */
export type Impossible = string;

const over = (release: ServiceRelease): Impossible =>
  release.phase === 'full'
    ? 'The release is complete: the canary serves everyone. Only a rollback is possible.'
    : 'The release was rolled back. Create a new release to try again.';

/** Back to the stable version for everyone: the end of a release. */
const withdraw = (release: ServiceRelease, state: 'aborted' | 'completed', now: number): ServiceRelease => ({
  ...release,
  phase: 'rolledBack',
  state,
  ratio: 0,
  stepIndex: -1,
  ratioSince: release.ratio === 0 ? release.ratioSince : now,
  stateSince: now,
  pauseEndsAt: null,
  pauseLeftMs: null,
});

const complete = (release: ServiceRelease, now: number): ServiceRelease => ({
  ...release,
  phase: 'full',
  state: 'completed',
  ratio: 1,
  stepIndex: release.steps.length - 1,
  ratioSince: release.ratio === 1 ? release.ratioSince : now,
  stateSince: now,
  pauseEndsAt: null,
  pauseLeftMs: null,
});

const moveTo = (release: ServiceRelease, ratio: number, now: number): ServiceRelease => ({
  ...release,
  phase: 'gray',
  ratio,
  ...standing(release.steps, ratio, now),
  ratioSince: ratio === release.ratio ? release.ratioSince : now,
  stateSince: now,
  guardedSince: now,
});

const setRatio = (release: ServiceRelease, ratio: number, now: number): ServiceRelease => {
  if (ratio === release.ratio) return release;
  const moved = moveTo(release, ratio, now);
  // A ratio set by hand does not end a pause, and does not make a broken guardrail good.
  if (release.state === 'paused' || release.state === 'degraded') {
    return { ...moved, state: release.state, stateSince: release.stateSince, pauseEndsAt: null, pauseLeftMs: null };
  }
  return moved;
};

const setRatioAndPause = (release: ServiceRelease, ratio: number, now: number): ServiceRelease => {
  if (ratio === release.ratio && release.phase === 'gray') return release.state === 'paused' ? release : stop(release, 'paused', now);
  // The timer that the new ratio would start does not run, and begins in full after a resume.
  return { ...moveTo(release, ratio, now), state: 'paused', pauseEndsAt: null, pauseLeftMs: null };
};

const promote = (release: ServiceRelease, now: number): Result<ServiceRelease, Impossible> => {
  const next = release.steps[release.stepIndex + 1];
  if (next !== undefined) return ok(moveTo(release, next.ratio, now));
  return release.phase === 'gray' ? ok(complete(release, now)) : err('The release has no steps: set a ratio to start it.');
};

const stop = (release: ServiceRelease, state: 'paused' | 'degraded', now: number): ServiceRelease => ({
  ...release,
  state,
  stateSince: now,
  pauseLeftMs: release.pauseEndsAt === null ? release.pauseLeftMs : Math.max(0, release.pauseEndsAt - now),
  pauseEndsAt: null,
});

const goOn = (release: ServiceRelease, now: number): ServiceRelease => {
  const stood = standing(release.steps, release.ratio, now);
  return {
    ...release,
    ...stood,
    pauseEndsAt: stood.pauseEndsAt !== null && release.pauseLeftMs !== null ? now + release.pauseLeftMs : stood.pauseEndsAt,
    stateSince: now,
    guardedSince: now,
  };
};

const inPreparation = (release: ServiceRelease, act: Act, now: number): Result<ServiceRelease, Impossible> => {
  switch (act.kind) {
    case 'setRatio':
      return ok((act.paused === true ? setRatioAndPause : setRatio)(release, act.ratio, now));
    case 'setSteps':
      return ok({ ...release, steps: act.steps });
    case 'setGuardrails':
      return ok({ ...release, guardrails: act.guardrails });
    case 'promote':
      return promote(release, now);
    case 'abort':
      return ok(withdraw(release, 'aborted', now));
    case 'promoteFull':
    case 'pause':
    case 'resume':
    case 'rollback':
    case 'advance':
    case 'degrade':
    case 'recover':
      return err('The release has not started: it is still in preparation.');
  }
};

const inGray = (release: ServiceRelease, act: Act, now: number): Result<ServiceRelease, Impossible> => {
  switch (act.kind) {
    case 'setRatio':
      return ok((act.paused === true ? setRatioAndPause : setRatio)(release, act.ratio, now));
    case 'setSteps': {
      const changed = { ...release, steps: act.steps, stepIndex: stepIndexAt(act.steps, release.ratio) };
      if (release.state === 'paused' || release.state === 'degraded') return ok({ ...changed, pauseLeftMs: null });
      return ok({ ...changed, ...standing(act.steps, release.ratio, now), stateSince: now });
    }
    case 'setGuardrails':
      return ok({ ...release, guardrails: act.guardrails });
    case 'promote':
    case 'advance':
      return promote(release, now);
    case 'promoteFull':
      return ok(complete(release, now));
    case 'pause':
      return release.state === 'paused' ? err('The release is already paused.') : ok(stop(release, 'paused', now));
    case 'resume':
      return release.state === 'paused' || release.state === 'degraded' ? ok(goOn(release, now)) : err('The release is not paused.');
    case 'abort':
      return ok(withdraw(release, 'aborted', now));
    case 'rollback':
      return ok(withdraw(release, 'completed', now));
    case 'degrade':
      return release.state === 'degraded' ? err('The release is already degraded.') : ok(stop(release, 'degraded', now));
    case 'recover':
      return release.state === 'degraded'
        ? ok({ ...goOn(release, now), guardedSince: release.guardedSince })
        : err('The release is not degraded.');
  }
};

/** What holds after the act. The same object when nothing moved; otherwise the revision is one higher. */
export const transition = (release: ServiceRelease, act: Act, now: number): Result<ServiceRelease, Impossible> => {
  const after =
    release.phase === 'preparation'
      ? inPreparation(release, act, now)
      : release.phase === 'gray'
        ? inGray(release, act, now)
        : release.phase === 'full' && act.kind === 'rollback'
          ? ok(withdraw(release, 'completed', now))
          : err(over(release));
  if (!after.ok || after.value === release) return after;
  return ok({ ...after.value, revision: release.revision + 1, updatedAt: now });
};
