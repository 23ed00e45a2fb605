import { createParser, type EventSourceMessage } from 'eventsource-parser';

/** What one piece of an event stream contained. */
interface StreamPiece {
  readonly events: readonly EventSourceMessage[];
  /** An event passed the size limit: the stream is of no use any more. */
  readonly tooLarge: boolean;
}

export interface StreamReader {
  feed(bytes: Uint8Array): StreamPiece;
}

/** Cuts a byte stream into server-sent events, none larger than `maxEventBytes`. Bytes that are not UTF-8 are replaced. */
export const createStreamReader = (maxEventBytes: number): StreamReader => {
  const decoder = new TextDecoder();
  let events: EventSourceMessage[] = [];
  let tooLarge = false;
  const parser = createParser({
    maxBufferSize: maxEventBytes,
    onEvent: (event) => {
      // A whole event in one piece never waits in the parser's buffer, so its limit does not see it.
      if (event.data.length > maxEventBytes) tooLarge = true;
      else events.push(event);
    },
    onError: (error) => {
      // Unknown fields and odd retry values are allowed by the standard.
      if (error.type === 'max-buffer-size-exceeded') tooLarge = true;
    },
  });
  return {
    feed(bytes) {
      events = [];
      if (!tooLarge) parser.feed(decoder.decode(bytes, { stream: true }));
      return { events, tooLarge };
    },
  };
};
