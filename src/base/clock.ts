import type { AbortSignalLike } from './abort.ts';

/** Time is injected, so that core code is a pure function of what it is given and tests need no sleep. */
export interface Clock {
  /** Milliseconds since the epoch, to date things. It jumps when the machine's clock is set. */
  now(): number;
  /** Milliseconds since some moment, to tell how long things last. It never goes back, and may stand still while the machine sleeps. */
  elapsed(): number;
  /** Resolves after `ms` milliseconds, or at once when `signal` aborts (it never rejects). */
  delay(ms: number, signal: AbortSignalLike): Promise<void>;
}

/**
 * A clock over the timers of the machine, which core does not name: `after` calls `done` in `ms` milliseconds unless what it returns is called
 * before; `elapsed` never goes back.
 */
export const clockOf = (after: (ms: number, done: () => void) => () => void, elapsed: () => number): Clock => ({
  now: () => Date.now(),
  elapsed,
  delay: (ms, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) {
        resolve();
        return;
      }
      const done = (): void => {
        cancel();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const cancel = after(ms, done);
      signal.addEventListener('abort', done, { once: true });
    }),
});
