import { message, type Message, type MessageArg } from '../../model/message.ts';
import { quantity } from '../../model/quantity.ts';
import type { SourceMessageKey } from '../messages.ts';
import type { SourceError, SourceErrorKind } from '../source.ts';
import type { TransportError } from '../transportTypes.ts';
import type { Failure } from './client.ts';

const say = (key: SourceMessageKey, args: Readonly<Record<string, MessageArg>> = {}): Message<SourceMessageKey> => message(key, args);

interface Described {
  readonly kind: SourceErrorKind;
  readonly message: Message<SourceMessageKey>;
  readonly detail: string;
}

/** The address of the service, as it stands in the settings: which of its routes was asked says nothing to a person. */
const serviceOf = (address: string): string => address.replace(/\/api\/v1(\/.*)?$/s, '');

/** A failure as the error item of a source. `release` names what was asked for, where it was one release. */
export const toSourceError = (failure: Failure, sourceId: string, at: number, release: string | null = null): SourceError => ({
  type: 'error',
  sourceId,
  at,
  ...describe(failure, release),
});

const describe = (failure: Failure, release: string | null): Described => {
  switch (failure.type) {
    case 'transport':
      return describeTransport(failure.error);
    case 'token':
      return { kind: 'unauthorized', message: say('source.error.tokenStore', { problem: failure.problem }), detail: failure.problem };
    case 'shape': {
      const { problem } = failure;
      const address = serviceOf(failure.address);
      const text = failure.page ? say('source.error.notJson', { address }) : say('source.error.invalid', { address, problem });
      return { kind: 'invalid', message: text, detail: `${failure.address}: ${problem}` };
    }
    case 'status': {
      const detail = `${String(failure.status)} ${failure.address}: ${reasonOf(failure)}`;
      return { ...describeStatus(failure, release), detail };
    }
  }
};

const describeStatus = (failure: Extract<Failure, { type: 'status' }>, release: string | null): Omit<Described, 'detail'> => {
  const { status, hadToken } = failure;
  const address = serviceOf(failure.address);
  if (status === 401)
    return { kind: 'unauthorized', message: say(hadToken ? 'source.error.unauthorized' : 'source.error.noToken', { address }) };
  if (status === 403) return { kind: 'forbidden', message: say('source.error.forbidden', { address }) };
  if (status === 404) {
    return {
      kind: 'notFound',
      message: release === null ? say('source.error.notFound', { address }) : say('source.error.releaseGone', { release }),
    };
  }
  return { kind: 'server', message: say('source.error.server', { address, status }) };
};

/** What the service says about a status, for a person: its problem text, else the beginning of its body. */
export const reasonOf = ({ problem, excerpt, status }: Extract<Failure, { type: 'status' }>): string =>
  problem?.detail ?? problem?.title ?? (excerpt === '' ? String(status) : excerpt);

const describeTransport = ({ kind, address: asked, host, code, detail, limit }: TransportError): Described => {
  const address = serviceOf(asked);
  switch (kind) {
    case 'refused':
      return { kind: 'unreachable', message: say('source.error.refused', { address }), detail };
    case 'dns':
      return { kind: 'unreachable', message: say('source.error.dns', { host }), detail };
    case 'unreachable':
    case 'protocol':
      return { kind: 'unreachable', message: say('source.error.unreachable', { address }), detail };
    case 'timeout':
      return {
        kind: 'timeout',
        message: say('source.error.timeout', { address, after: quantity((limit ?? 0) / 1000, 'seconds') }),
        detail,
      };
    case 'untrusted':
      return { kind: 'unreachable', message: say('source.error.untrusted', { host, code }), detail };
    case 'tls':
      return { kind: 'unreachable', message: say('source.error.tls', { host, code }), detail };
    case 'proxy':
      return { kind: 'unreachable', message: say('source.error.proxy', { address }), detail };
    case 'tooLarge':
      return { kind: 'tooLarge', message: say('source.error.tooLarge', { address, limit: quantity(limit ?? 0, 'bytes') }), detail };
    case 'redirect':
      // Of its own pointing in circles nothing is to be feared for the token.
      if (URL.parse(detail)?.host === host)
        return { kind: 'invalid', message: say('source.error.redirectHere', { address, to: detail }), detail };
      return { kind: 'invalid', message: say('source.error.redirect', { address, to: detail }), detail };
    case 'badUrl':
      return { kind: 'invalid', message: say('source.error.badUrl', { address }), detail };
    case 'aborted':
      return { kind: 'aborted', message: say('source.error.aborted'), detail };
  }
};
