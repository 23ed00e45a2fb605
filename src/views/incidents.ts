import type { ReleaseKey } from '../model/release.ts';
import { needsMe } from '../store/select.ts';
import type { ReleaseState, State } from '../store/state.ts';

/** A release got worse. It ends when that has not been seen for a while (`OVER_AFTER_MS`); a relapse before that is the same incident. */
export interface Incident {
  readonly key: ReleaseKey;
  readonly need: 'regressing' | 'degraded';
  /** Names what is wrong, over windows and reloads. */
  readonly id: string;
}

/** Names one attempt: its id may be used again by a later one. A log does not tell when an attempt began: its oldest line goes when files are rotated. */
const attemptOf = ({ key, release }: ReleaseState): string => (release.owner.kind === 'logs' ? key : `${key}|${String(release.createdAt)}`);

/**
 * What is wrong now. It is one incident, told once, whatever the metric and the ratio come to be meanwhile: who widens a regressing
 * release is warned where that is done. That a guardrail stops a release and that its numbers are judged are two signs of one harm.
 */
export const incidentsOf = (state: State): readonly Incident[] =>
  needsMe(state).flatMap(({ need, release }) => (need === 'waiting' ? [] : [{ key: release.key, need, id: attemptOf(release) }]));
