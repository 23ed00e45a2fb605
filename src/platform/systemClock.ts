import { clockOf } from '../base/clock.ts';

/** The machine's clock. A pending delay does not keep the process alive. */
export const systemClock = clockOf(
  (ms, done) => {
    const timer = setTimeout(done, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
  () => performance.now(),
);
