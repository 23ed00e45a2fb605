import type { AbortSignalLike } from '../../base/abort.ts';
import type { SourceError, SourceSnapshot } from '../source.ts';

export interface ItemQueue {
  push(item: SourceSnapshot | SourceError): void;
  /** Ends when the signal aborts. */
  items(signal: AbortSignalLike): AsyncGenerator<SourceSnapshot | SourceError>;
}

/** Hands items to a slower reader. Snapshots are complete, so of several that wait in a row only the newest is kept. */
export const createItemQueue = (): ItemQueue => {
  const waiting: (SourceSnapshot | SourceError)[] = [];
  let wake: () => void = () => undefined;
  return {
    push(item) {
      if (waiting.at(-1)?.type === item.type) waiting.pop();
      waiting.push(item);
      wake();
    },
    async *items(signal) {
      const onAbort = (): void => wake();
      signal.addEventListener('abort', onAbort);
      try {
        while (!signal.aborted) {
          const item = waiting.shift();
          if (item !== undefined) yield item;
          else {
            await new Promise<void>((resolve) => {
              wake = resolve;
              if (signal.aborted || waiting.length > 0) resolve();
            });
          }
        }
      } finally {
        signal.removeEventListener('abort', onAbort);
      }
    },
  };
};
