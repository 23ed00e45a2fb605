import type { AbortSignalLike } from '../../base/abort.ts';
import type { Clock } from '../../base/clock.ts';

/** Waits a while, or until somebody calls. A call before the wait counts for it, so that none is lost. */
export class Wakeup {
  private readonly clock: Clock;
  private called = false;
  private waiting: AbortController | null = null;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  call(): void {
    this.called = true;
    this.waiting?.abort();
  }

  async wait(ms: number, signal: AbortSignalLike): Promise<void> {
    if (!this.called && !signal.aborted) {
      const waiting = new AbortController();
      const stop = (): void => waiting.abort();
      this.waiting = waiting;
      signal.addEventListener('abort', stop, { once: true });
      await this.clock.delay(ms, waiting.signal);
      signal.removeEventListener('abort', stop);
      this.waiting = null;
    }
    this.called = false;
  }
}
