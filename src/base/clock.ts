import type { AbortSignalLike } from './abort.ts';

/** Time is injected, so that core code is a pure function of what it is given and tests need no sleep. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms` milliseconds, or at once when `signal` aborts (it never rejects). */
  delay(ms: number, signal: AbortSignalLike): Promise<void>;
}

/** A clock over the timers of the machine, which core does not name: `after` calls `done` in `ms` milliseconds unless what it returns is called before. */
export const clockOf = (after: (ms: number, done: () => void) => () => void): Clock => ({
  now: () => Date.now(),
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
