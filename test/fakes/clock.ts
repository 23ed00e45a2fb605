import type { Clock } from '../../src/base/clock.ts';

/** A clock that shows what the test says; both readings go alike unless another is given, and no delay takes any time. */
export const clockAt = (now: () => number, elapsed = now): Clock => ({ now, elapsed, delay: () => Promise.resolve() });
