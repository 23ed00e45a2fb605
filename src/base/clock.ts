import type { AbortSignalLike } from './abort.ts';

/** Time is injected, so that core code is a pure function of what it is given and tests need no sleep. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms` milliseconds, or at once when `signal` aborts (it never rejects). */
  delay(ms: number, signal: AbortSignalLike): Promise<void>;
}
