import { between, boolean, integer, nullable, number, object, oneOf, string, type Decoded, type Decoder } from '../../base/decode.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { describeDecodeError } from '../../base/decode.ts';

export const EVENT_KINDS = ['request', 'feedback', 'prediction', 'resource'] as const;
export const ID_MAX = 128;
export const USER_ID_MAX = 256;
/** Older events have no place in the minute roll-ups any more. */
export const OLDEST_MS = 14 * 24 * 3600_000;
/** Clocks differ a little between machines. */
export const NEWEST_MS = 60_000;

const text =
  (max: number): Decoder<string> =>
  (input, path = '$') => {
    const value = string(input, path);
    if (!value.ok) return value;
    if (value.value === '' || value.value.length > max) {
      return err({ path, expected: `1 to ${String(max)} characters`, got: `${String(value.value.length)} characters` });
    }
    // Half a surrogate pair is written as U+FFFD: different ids would become the same.
    return /\p{Cs}/u.test(value.value) ? err({ path, expected: 'text in Unicode', got: 'half a surrogate pair' }) : value;
  };

const decodeEvent = object({
  id: text(ID_MAX),
  /** Epoch milliseconds. */
  time: number,
  release: string,
  variant: nullable(oneOf('stable', 'canary')),
  userId: nullable(text(USER_ID_MAX)),
  kind: oneOf(...EVENT_KINDS),
  status: nullable(integer),
  latencyMs: nullable(between(0, 1e9)),
  /** Any scale; bounded, so that sums stay numbers. */
  rating: nullable(between(-1e6, 1e6)),
  correct: nullable(boolean),
  /** Cores. */
  cpu: nullable(between(0, 1e6)),
  memoryBytes: nullable(between(0, 2 ** 53)),
});

export type IncomingEvent = Decoded<typeof decodeEvent>;

const missingField = (event: IncomingEvent): string | null => {
  switch (event.kind) {
    case 'request':
      return null;
    case 'feedback':
      return event.rating === null ? '$.rating: a feedback event needs it' : null;
    case 'prediction':
      return event.correct === null ? '$.correct: a prediction event needs it' : null;
    case 'resource':
      return event.cpu === null && event.memoryBytes === null ? '$: a resource event needs cpu or memoryBytes' : null;
  }
};

/** One line of a batch, or why it is not an event. */
export const parseEvent = (line: string, now: number): Result<IncomingEvent, string> => {
  let input: unknown;
  try {
    input = JSON.parse(line);
  } catch (error) {
    return err(`not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const event = decodeEvent(input);
  if (!event.ok) return err(describeDecodeError(event.error));
  const { time, variant, userId } = event.value;
  if (variant === null && userId === null) return err('$: an event needs a variant, or a userId to assign one');
  if (time > now + NEWEST_MS) return err(`$.time: ${new Date(time).toISOString()} lies in the future (is it in milliseconds?)`);
  if (time < now - OLDEST_MS) return err(`$.time: ${String(time)} is more than 14 days ago (is it in milliseconds?)`);
  const missing = missingField(event.value);
  return missing === null ? ok(event.value) : err(missing);
};
