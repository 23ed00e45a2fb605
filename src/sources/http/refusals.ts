import { err } from '../../base/result.ts';
import type { Facts, Refusal, RefusalKind } from '../../model/intent.ts';
import { message, type Message } from '../../model/message.ts';
import type { SourceMessageKey } from '../messages.ts';
import type { SourceError, SourceErrorKind } from '../source.ts';
import type { Failure } from './client.ts';
import { reasonOf, toSourceError } from './errors.ts';

export interface Known {
  readonly expected: Facts | null;
  readonly current: Facts | null;
}
const NOTHING: Known = { expected: null, current: null };

export const refusal = (kind: RefusalKind, key: SourceMessageKey, args: Message['args'], detail = '', known: Known = NOTHING): Refusal => ({
  kind,
  message: message(key, args),
  detail,
  ...known,
});

export const refuse = (...args: Parameters<typeof refusal>): { readonly ok: false; readonly error: Refusal } => err(refusal(...args));

/** What was asked about, by the names a person gave. */
export interface Named {
  readonly release: string;
  readonly source: string;
}

const REFUSED: Readonly<Record<SourceErrorKind, RefusalKind>> = {
  unauthorized: 'unauthorized',
  forbidden: 'forbidden',
  notFound: 'gone',
  invalid: 'invalid',
  tooLarge: 'invalid',
  aborted: 'aborted',
  unreachable: 'unreachable',
  timeout: 'unreachable',
  server: 'unreachable',
};

/** The words of a source error, for a person who knows the source by its name. */
const toldOf = (failure: Failure, { release, source }: Named): Pick<SourceError, 'kind' | 'message' | 'detail'> => {
  const { kind, message: told, detail } = toSourceError(failure, '', 0, release);
  return { kind, message: 'address' in told.args ? { ...told, args: { ...told.args, address: source } } : told, detail };
};

/** A failure of a mere question: nothing could have been changed, so nothing is said of that. */
export const toUnanswered = (failure: Failure, named: Named): Refusal => {
  const { kind, message: words, detail } = toldOf(failure, named);
  return { kind: REFUSED[kind], message: words, detail, ...NOTHING };
};

/** A failure after which it is certain that nothing was changed. */
export const toRefusal = (failure: Failure, named: Named, known: Known = NOTHING): Refusal => {
  const { release, source } = named;
  // The words for a person are those of the source error, except where an act has its own. A route says nothing to a person who set a
  // ratio on a source that has a name; the output channel has it, in the detail.
  const { message: words, detail } = toldOf(failure, named);
  switch (failure.type) {
    case 'token':
      return { kind: 'unauthorized', message: words, detail, ...known };
    case 'shape':
      return { kind: 'invalid', message: words, detail, ...known };
    case 'transport':
      if (failure.error.kind === 'aborted') return refusal('aborted', 'source.refusal.aborted', {}, detail, known);
      // Who wanted a change has to hear first of all that there is none.
      if (words.key === 'source.error.refused' || words.key === 'source.error.unreachable')
        return refusal('unreachable', 'source.refusal.unreachable', { source }, detail, known);
      if (words.key === 'source.error.timeout')
        return refusal('unreachable', 'source.refusal.timeout', { ...words.args, source }, detail, known);
      return { kind: 'unreachable', message: words, detail, ...known };
    case 'status': {
      const reason = reasonOf(failure);
      switch (failure.status) {
        case 400:
        case 413:
        case 415:
        case 422:
          return refusal('invalid', 'source.refusal.invalid', { reason }, detail, known);
        case 401:
          return refusal('unauthorized', 'source.refusal.unauthorized', {}, detail, known);
        case 403:
          return refusal('forbidden', 'source.refusal.forbidden', { reason }, detail, known);
        case 404:
        case 410:
          return refusal('gone', 'source.refusal.gone', { release }, detail, known);
        case 409:
          return refusal('conflict', 'source.refusal.state', { reason }, detail, known);
        case 412:
          return refusal('conflict', 'source.refusal.conflict', {}, detail, known);
        case 428:
          return refusal('preconditionRequired', 'source.refusal.precondition', {}, detail, known);
        default:
          return refusal('unreachable', 'source.refusal.server', { reason, source }, detail, known);
      }
    }
  }
};
