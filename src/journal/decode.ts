import * as d from '../base/decode.ts';
import { err, type Result } from '../base/result.ts';
import type { Intent, RefusalKind } from '../model/intent.ts';
import type { JournalAct, JournalLine, JournalOutcome } from '../model/journal.ts';
import { INTENT_KINDS, type ReleaseKey } from '../model/release.ts';

const REFUSALS = [
  'conflict',
  'preconditionRequired',
  'forbidden',
  'unauthorized',
  'unreachable',
  'unsupported',
  'invalid',
  'gone',
  'unknownOutcome',
  'aborted',
] as const satisfies readonly RefusalKind[];

const intent: d.Decoder<Intent> = (input, path = '$') => {
  const kind = d.object({ kind: d.oneOf(...INTENT_KINDS) })(input, path);
  if (!kind.ok) return kind;
  switch (kind.value.kind) {
    case 'setRatio':
      return d.map(d.object({ ratio: d.between(0, 1), paused: d.withDefault(d.boolean, false) }), ({ ratio, paused }): Intent => ({
        kind: 'setRatio',
        ratio,
        ...(paused ? { paused } : {}),
      }))(input, path);
    case 'jumpToStep':
      return d.map(d.object({ stepIndex: d.integer }), ({ stepIndex }): Intent => ({ kind: 'jumpToStep', stepIndex }))(input, path);
    case 'undo':
      return d.fail(`${path}.kind`, 'an intent that can be sent', 'undo');
    default:
      return { ok: true, value: { kind: kind.value.kind } };
  }
};

const act: d.Decoder<JournalAct> = d.object({
  type: d.oneOf('act'),
  id: d.string,
  time: d.number,
  who: d.string,
  release: d.map(d.string, (text) => text as ReleaseKey),
  releaseName: d.string,
  sourceName: d.string,
  intent,
  from: d.nullable(d.number),
  to: d.nullable(d.number),
  reason: d.nullable(d.string),
  undoOf: d.nullable(d.string),
  revision: d.string,
  request: d.object({ method: d.string, url: d.string, body: d.nullable(d.string) }),
  inverse: d.nullable(intent),
});

const outcome: d.Decoder<JournalOutcome> = d.object({
  type: d.oneOf('outcome'),
  of: d.string,
  time: d.number,
  result: d.oneOf('done', 'seen', 'unseen', 'refused', 'unknown'),
  revision: d.nullable(d.string),
  refusal: d.nullable(d.oneOf(...REFUSALS)),
  detail: d.string,
});

const line = d.either<JournalLine, JournalLine>(outcome, act);

/** One line of the journal file; the error says what is wrong with it. */
export const decodeJournalLine = (text: string): Result<JournalLine, string> => {
  let input: unknown;
  try {
    input = JSON.parse(text);
  } catch {
    return err('not JSON');
  }
  const decoded = line(input);
  return decoded.ok ? decoded : err(d.describeDecodeError(decoded.error));
};
