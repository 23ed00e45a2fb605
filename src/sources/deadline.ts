import type { AbortSignalLike } from '../base/abort.ts';
import type { Clock } from '../base/clock.ts';

/** A real AbortSignal that follows a structural one and can end by its own deadline, which is told apart. */
export interface Deadline {
  readonly signal: AbortSignal;
  readonly expired: boolean;
  /** Starts the time anew. */
  extend(): void;
  /** Ends the work now, as if the outer signal had. */
  cancel(): void;
  /** Always called when the work is over: lets go of the outer signal and the timer. */
  dispose(): void;
}

/** `ms` null: no deadline. */
export const createDeadline = (outer: AbortSignalLike, ms: number | null, clock: Clock): Deadline => {
  const work = new AbortController();
  const timer = new AbortController();
  let expired = false;
  let last = clock.elapsed();
  const onAbort = (): void => {
    work.abort();
    timer.abort();
  };
  if (outer.aborted) onAbort();
  else outer.addEventListener('abort', onAbort, { once: true });

  const wait = async (limit: number): Promise<void> => {
    for (let left = limit; left > 0; left = last + limit - clock.elapsed()) {
      await clock.delay(left, timer.signal);
      if (timer.signal.aborted) return;
    }
    expired = true;
    work.abort();
  };
  if (ms !== null && !outer.aborted) void wait(ms);

  return {
    signal: work.signal,
    get expired() {
      return expired;
    },
    extend() {
      last = clock.elapsed();
    },
    cancel: onAbort,
    dispose() {
      outer.removeEventListener('abort', onAbort);
      timer.abort();
    },
  };
};
