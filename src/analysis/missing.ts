import type { Interval, Missing } from '../model/assessment.ts';

/** Below these a verdict is not even tried: a handful of requests, or of people, is an anecdote. */
export const MINIMUM_REQUESTS = 100;
export const MINIMUM_USERS = 20;
/** Where nobody knows whose the requests are, a hundred may be one client's: then ten times as many, so that one has less to say. */
export const MINIMUM_UNIDENTIFIED = 1000;

/** Requests a side below which no verdict is tried. `users` null: not known. */
export const minimumRequests = (users: number | null): number => (users === null ? MINIMUM_UNIDENTIFIED : MINIMUM_REQUESTS);
/** Further away than this is no forecast any more. */
const LONGEST_MINUTES = 7 * 24 * 60;

/** Whether the minimum of requests and users is there, and whether users are known at all. */
export interface Shortfall {
  readonly enough: boolean;
  readonly identified: boolean;
}

/** The thinner side of a window. `users` null: not known. */
export interface ThinnerSide {
  readonly requests: number;
  readonly users: number | null;
  readonly minutes: number;
}

/**
 * What a verdict still needs: requests and users on the thinner side, and the minutes until then at the window's traffic. The need is
 * that of an interval small enough to leave the margin on the side where the effect lies, if the effect stays as measured: intervals
 * shrink with the square root of what was counted, so this is a forecast and no promise. `harm` is turned so that up is harm. Where the effect
 * lies so near the margin that a week would not settle it, only the minimum is asked for; minutes are null when even that is far, or there.
 */
export const missingFor = (
  harm: { readonly effect: number; readonly interval: Interval },
  margin: number,
  window: ThinnerSide,
): Missing => {
  const minimum = Math.max(0, minimumRequests(window.users) - window.requests);
  const users = window.users === null ? 0 : Math.max(0, MINIMUM_USERS - window.users);
  const gap = Math.abs(margin - harm.effect);
  const reach = harm.effect < margin ? harm.interval.high - harm.effect : harm.effect - harm.interval.low;
  // An interval without an end says nothing about how it will shrink: then the minimum comes first.
  const growth = Number.isFinite(reach) ? Math.max(1, (reach / gap) ** 2) : 1;
  const soon = (requests: number): Missing | null => {
    const byUsers = users === 0 ? 0 : users / (window.users ?? 0);
    const minutes = Math.max(requests / window.requests, byUsers) * window.minutes;
    return minutes <= LONGEST_MINUTES ? { requests, users, minutes } : null;
  };
  const wanted = Math.max(minimum, Math.ceil((growth - 1) * window.requests));
  return soon(wanted) ?? (minimum > 0 ? soon(minimum) : null) ?? { requests: minimum, users, minutes: null };
};
