import { clockOf } from '../base/clock.ts';

/** The machine's clock. A pending delay keeps the process alive. */
export const SYSTEM_CLOCK = clockOf(
  (ms, done) => {
    const timer = setTimeout(done, ms);
    return () => clearTimeout(timer);
  },
  () => performance.now(),
);
