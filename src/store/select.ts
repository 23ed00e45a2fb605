import { isPast } from '../model/assessment.ts';
import { isActive, type ReleaseKey } from '../model/release.ts';
import type { ReleaseState, SourceState, State } from './state.ts';

/** Why a release needs a person, gravest first. */
export const NEEDS = ['regressing', 'degraded', 'waiting'] as const;
export type Need = (typeof NEEDS)[number];

export interface NeedsMe {
  readonly need: Need;
  readonly release: ReleaseState;
  /** Since when it needs that, epoch milliseconds; null when unknown. */
  readonly since: number | null;
}

/**
 * What a release needs from a person now; null when nothing. Only an active release calls: after a roll back or in full nobody has
 * to act, and a log that ended long ago tells what was. A release waits when its step's pause has no end; one that a person
 * paused has been seen by that person. In preparation it waits for its first step.
 */
export const needOf = (state: ReleaseState): Need | null => {
  const { release, assessment } = state;
  if (!isActive(release)) return null;
  if (release.phase === 'gray' && assessment?.verdict === 'regressing' && !isPast(assessment)) return 'regressing';
  if (release.state === 'degraded') return 'degraded';
  return release.state === 'waiting' ? 'waiting' : null;
};

const gravity = (state: ReleaseState): number => {
  const need = needOf(state);
  if (need) return NEEDS.indexOf(need);
  return isActive(state.release) ? NEEDS.length : NEEDS.length + 1;
};

/** Worst first, then by name; the order is total, so rows do not jump between equal ones. */
export const worstFirst = (a: ReleaseState, b: ReleaseState): number => {
  const byGravity = gravity(a) - gravity(b);
  if (byGravity !== 0) return byGravity;
  if (a.release.name !== b.release.name) return a.release.name < b.release.name ? -1 : 1;
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
};

export const sourceOf = (state: State, sourceId: string): SourceState | undefined => state.sources.find((source) => source.id === sourceId);

export const releaseOf = (state: State, key: ReleaseKey): ReleaseState | undefined => state.releases.get(key);

export const releasesOf = (state: State, sourceId: string): readonly ReleaseState[] =>
  [...state.releases.values()].filter((release) => release.release.sourceId === sourceId).sort(worstFirst);

/** Over all sources, gravest first. */
export const needsMe = (state: State): readonly NeedsMe[] =>
  [...state.releases.values()].sort(worstFirst).flatMap((release) => {
    const need = needOf(release);
    return need ? [{ need, release, since: need === 'regressing' ? release.regressingSince : release.release.stateSince }] : [];
  });

export interface Summary {
  readonly regressing: number;
  readonly degraded: number;
  readonly waiting: number;
  /** The release a click on the status bar opens. */
  readonly worst: ReleaseKey | null;
}

export const summary = (state: State): Summary => {
  const needs = needsMe(state);
  const count = (need: Need): number => needs.filter((item) => item.need === need).length;
  return { regressing: count('regressing'), degraded: count('degraded'), waiting: count('waiting'), worst: needs[0]?.release.key ?? null };
};
