import { measuredUntil, type Release } from '../model/release.ts';
import type { History } from '../model/series.ts';
import type { RangeMinutes } from '../protocol/messages.ts';
import type { SourceState } from '../store/state.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Widths of a step that a person can name; each divides the day. */
const STEPS = [
  10 * SECOND,
  30 * SECOND,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
] as const;

/** So few that each holds enough requests to mean something, so many that a change of a minute is seen in an hour. */
const MOST_STEPS = 180;
/** "Since it began" for a release that does not say when that was. */
const UNKNOWN_BEGIN = 7 * DAY;
const SHORTEST = 15 * MINUTE;

export interface Window {
  readonly from: number;
  readonly to: number;
  readonly stepMs: number;
}

/** How the range is cut into steps; `stepMs` divides the day, or is whole days for what has run for years. */
const stepOf = (span: number): number => STEPS.find((step) => span / step <= MOST_STEPS) ?? DAY * Math.ceil(span / DAY / MOST_STEPS);

/**
 * The window `[from, to)` of whole steps, all in epoch milliseconds. `range` in minutes, 0 is since the release began. It ends now, without
 * the step that is still running: half of it would be drawn as a fall. Log files that have come to their end keep their last hour: for
 * them it ends with their last line. `firstData`: the earliest measurement that is known, epoch milliseconds; a release that was given older ones
 * than itself begins with them.
 */
export const windowOf = (
  range: RangeMinutes,
  release: Pick<Release, 'owner' | 'createdAt' | 'updatedAt'>,
  now: number,
  firstData = Infinity,
): Window => {
  const end = measuredUntil(release, now);
  const span = range === 0 ? Math.max(SHORTEST, end - Math.min(release.createdAt ?? end - UNKNOWN_BEGIN, firstData)) : range * MINUTE;
  const stepMs = stepOf(span);
  const ended = now - end >= stepMs;
  const to = (ended ? Math.ceil(end / stepMs) : Math.floor(now / stepMs)) * stepMs;
  return { from: to - Math.ceil(span / stepMs) * stepMs, to, stepMs };
};

/** The time that the charts show, epoch milliseconds. It ends with the step that runs now, so that what is known now has its place. */
export interface ShownWindow {
  readonly from: number;
  readonly to: number;
  /** Until when the present ratio is known to hold: now, or the last answer of a source that does not answer any more. */
  readonly known: number;
}

/** Of a log nothing is known beyond its lines: its charts end with their measurements. */
export const shownWindow = (
  { from, to, stepMs }: Pick<History, 'from' | 'to' | 'stepMs'>,
  { owner }: Pick<Release, 'owner'>,
  source: SourceState | null,
  now: number,
): ShownWindow => {
  if (owner.kind === 'logs') return { from, to, known: to };
  const known = Math.max(to, source?.status === 'connected' ? now : (source?.lastSuccessAt ?? to));
  return { from, to: Math.max(to, Math.ceil(known / stepMs) * stepMs), known };
};
