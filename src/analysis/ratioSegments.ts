import type { Evidence } from '../model/evidence.ts';
import { knownChanges } from '../model/ratioChanges.ts';
import type { Release } from '../model/release.ts';
import type { History } from '../model/series.ts';
import { observedChanges } from './observedChanges.ts';

/** As many stretches of a window are compared each by itself. */
export const SEGMENTS_MAX = 8;

/** `[from, to)`, epoch milliseconds. */
export interface Segment {
  readonly from: number;
  readonly to: number;
}

/**
 * The stretches of a window in which one ratio held, in order, to be measured and compared each by itself; none where it held all along. Where nobody
 * tells of the ratio (logs) it is read off the traffic. Borders lie on whole seconds, as sources count. Nothing is left out after a
 * change: both sides are compared in the same minutes, and what the change itself does to one of them is what a person wants to know. Of more
 * than `SEGMENTS_MAX` stretches the oldest are left out: compared as one they would be the mixture that cutting avoids.
 */
export const segmentsOf = (release: Release, window: Segment, history: History | null): readonly Segment[] => {
  // Nothing is compared yet. After a roll-back or in full what was compared before is still shown.
  if (release.phase === 'preparation') return [];
  const known = knownChanges(release, window, history);
  const moved = known.length > 0 || release.owner.kind !== 'logs' ? known : observedChanges(history, window);
  const borders = [...new Set(moved.map((time) => Math.ceil(time / 1000) * 1000))].filter((time) => time > window.from && time < window.to);
  if (borders.length === 0) return [];
  const starts = [window.from, ...borders];
  return starts.map((from, i) => ({ from, to: borders[i] ?? window.to })).slice(-SEGMENTS_MAX);
};

/** Changes of the ratio inside the evidence's window: how many, and whether its stretches are told apart. */
export interface RatioCourse {
  readonly changes: number;
  readonly stratified: boolean;
  /** The stretches come from the traffic: nobody told of a change. */
  readonly observed: boolean;
}

export const ratioCourse = (release: Release, evidence: Evidence, history: History | null): RatioCourse => {
  const known = knownChanges(release, evidence, history).length;
  const strata = evidence.strata?.length ?? 0;
  return { changes: known > 0 ? known : Math.max(0, strata - 1), stratified: strata > 1, observed: known === 0 && strata > 1 };
};
