import type { ReleaseKey } from '../model/release.ts';
import { needsMe } from '../store/select.ts';
import type { State } from '../store/state.ts';

/** A release got worse. It ends when that has not been seen for a while (`OVER_AFTER_MS`); a relapse before that is the same incident. */
export interface Incident {
  readonly key: ReleaseKey;
  readonly need: 'regressing' | 'degraded';
  /** Names what is wrong, over windows and reloads: the release, the metric, and the ratio at which it went wrong. */
  readonly id: string;
}

/**
 * What is wrong now. The id holds the metric and the ratio that was wanted, so that widening a regressing release is a new incident, and a
 * reload, a second window or a verdict that flickers is not.
 */
export const incidentsOf = (state: State): readonly Incident[] =>
  needsMe(state).flatMap(({ need, release }) => {
    if (need === 'waiting') return [];
    const what = need === 'regressing' ? (release.assessment?.worst ?? '') : '';
    const at = release.release.ratio.desired ?? '';
    return [{ key: release.key, need, id: `${release.key}|${String(release.release.createdAt)}|${need}|${what}|${String(at)}` }];
  });
