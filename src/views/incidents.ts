import type { ReleaseKey } from '../model/release.ts';
import { needsMe } from '../store/select.ts';
import type { State } from '../store/state.ts';

/** A release got worse. It ends when that has not been seen for a while (`OVER_AFTER_MS`); a relapse before that is the same incident. */
export interface Incident {
  readonly key: ReleaseKey;
  readonly need: 'regressing' | 'degraded';
  /** Names what is wrong, over windows and reloads: the release, and whether it regresses or is degraded. */
  readonly id: string;
}

/**
 * What is wrong now. It is one incident, told once, whatever the metric and the ratio come to be meanwhile: who widens a regressing
 * release is warned where that is done.
 */
export const incidentsOf = (state: State): readonly Incident[] =>
  needsMe(state).flatMap(({ need, release }) =>
    need === 'waiting' ? [] : [{ key: release.key, need, id: `${release.key}|${String(release.release.createdAt)}|${need}` }],
  );
