import type { AbortSignalLike } from '../../base/abort.ts';
import type { Clock } from '../../base/clock.ts';

/** A wait that can be cut short. */
export interface Alarm {
  /** Resolves after `ms`, when `ring` is called, or when the signal aborts. A ring while nobody waits ends the next wait at once. */
  wait(ms: number, signal: AbortSignalLike): Promise<void>;
  ring(): void;
}

export const createAlarm = (clock: Clock): Alarm => {
  let rung = false;
  let cut: (() => void) | null = null;
  return {
    async wait(ms, signal) {
      if (rung || signal.aborted) {
        rung = false;
        return;
      }
      const sleep = new AbortController();
      cut = () => sleep.abort();
      signal.addEventListener('abort', cut, { once: true });
      await clock.delay(ms, sleep.signal);
      signal.removeEventListener('abort', cut);
      cut = null;
    },
    ring() {
      if (cut === null) rung = true;
      else cut();
    },
  };
};
