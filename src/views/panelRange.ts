import type { RangeMinutes } from '../protocol/messages.ts';

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

/**
 * The window `[from, to)` of whole steps that ends now, all in epoch milliseconds. The step that is still running is left out: half of
 * it would be drawn as a fall. `range` in minutes, 0 is since `createdAt`.
 */
export const windowOf = (range: RangeMinutes, createdAt: number | null, now: number): Window => {
  const span = range === 0 ? Math.max(SHORTEST, now - (createdAt ?? now - UNKNOWN_BEGIN)) : range * MINUTE;
  const stepMs = STEPS.find((step) => span / step <= MOST_STEPS) ?? DAY * Math.ceil(span / DAY / MOST_STEPS);
  const to = Math.floor(now / stepMs) * stepMs;
  return { from: to - Math.ceil(span / stepMs) * stepMs, to, stepMs };
};
