import type { AbortSignalLike } from '../base/abort.ts';
import type { Clock } from '../base/clock.ts';

/** The machine's clock. A pending delay does not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  delay: (ms: number, signal: AbortSignalLike) =>
    new Promise((resolve) => {
      if (signal.aborted) {
        resolve();
        return;
      }
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      timer.unref();
      signal.addEventListener('abort', done, { once: true });
    }),
};
