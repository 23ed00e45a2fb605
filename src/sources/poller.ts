import type { AbortSignalLike } from '../base/abort.ts';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import { message } from '../model/message.ts';
import type { SourceMessageKey } from './messages.ts';
import type { Source, SourceError, SourceSnapshot } from './source.ts';

const FIRST_RESTART_MS = 1_000;
const LONGEST_RESTART_MS = 60_000;

export interface PollerDeps {
  readonly source: Source;
  readonly clock: Clock;
  readonly log: Log;
  /** Takes every item. What it throws is logged and ends nothing. */
  readonly sink: (item: SourceSnapshot | SourceError) => void;
}

/**
 * Follows one source until the signal aborts. A source reports its errors as items; one whose own code throws, or that stops
 * by itself, is reported as such and started again, ever more slowly until it works.
 */
export const runPoller = async ({ source, clock, log, sink }: PollerDeps, signal: AbortSignalLike): Promise<void> => {
  let failures = 0;
  const deliver = (item: SourceSnapshot | SourceError): void => {
    try {
      sink(item);
    } catch (error) {
      log.error(`News of ${source.name} could not be shown, a fault of this extension: ${describe(error)}`);
    }
  };
  while (!signal.aborted) {
    let problem = 'it ended by itself';
    try {
      for await (const item of source.watch(signal)) {
        if (isAborted(signal)) return;
        if (item.type === 'snapshot') failures = 0;
        deliver(item);
      }
    } catch (error) {
      problem = describe(error);
    }
    if (isAborted(signal)) return;
    log.error(`Reading ${source.name} stopped and starts again, a fault of this extension: ${problem}`);
    deliver({
      type: 'error',
      sourceId: source.id,
      kind: 'invalid',
      at: clock.now(),
      message: message<SourceMessageKey>('source.error.crashed', { problem: firstLine(problem) }),
      detail: problem,
    });
    await clock.delay(Math.min(FIRST_RESTART_MS * 2 ** failures, LONGEST_RESTART_MS), signal);
    failures++;
  }
};

// A call hides from the compiler what the loop's condition proved, which is no longer so after an await.
const isAborted = (signal: AbortSignalLike): boolean => signal.aborted;
const describe = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));
const firstLine = (text: string): string => text.split('\n', 1)[0] ?? '';
