import type { TransportError, TransportErrorKind } from './transportTypes.ts';

/** What is known of an attempt besides the error that ended it. */
export interface Attempt {
  readonly url: URL;
  readonly proxied: boolean;
  /** Set when our own deadline ended it. */
  readonly expiredAfterMs: number | null;
  readonly aborted: boolean;
  readonly maxBytes: number | null;
  readonly mask: (text: string) => string;
}

/** Address as it may be shown: no user info, no query. */
export const addressOf = (url: URL): string => `${url.origin}${url.pathname}`;

const REFUSED = new Set(['ECONNREFUSED']);
const DNS = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'EAI_NODATA', 'EAI_NONAME', 'ENODATA']);
const NO_ROUTE = new Set(['EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN', 'EADDRNOTAVAIL', 'EACCES', 'EPERM']);
const UNTRUSTED = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_UNTRUSTED',
]);

const kindOf = (code: string, text: string): TransportErrorKind => {
  if (REFUSED.has(code)) return 'refused';
  if (DNS.has(code)) return 'dns';
  if (NO_ROUTE.has(code)) return 'unreachable';
  if (UNTRUSTED.has(code)) return 'untrusted';
  if (code === 'ETIMEDOUT' || code === 'ECONNABORTED') return 'timeout';
  if (code === 'EPROTO' || code.includes('CERT') || code.includes('SSL') || code.includes('TLS')) return 'tls';
  if (code.startsWith('HPE_') || code === 'Z_DATA_ERROR' || code === 'Z_BUF_ERROR') return 'protocol';
  if (text.startsWith('maxContentLength')) return 'tooLarge';
  return 'unreachable';
};

/** Kinds after which a request certainly did not reach the server. */
const NEVER_ARRIVED: ReadonlySet<TransportErrorKind> = new Set(['refused', 'dns', 'untrusted', 'tls', 'badUrl']);

/** The value for whatever a request or stream threw. */
export const toTransportError = (thrown: unknown, attempt: Attempt): TransportError => {
  const { code, text } = describe(thrown);
  let kind = kindOf(code, text);
  if (attempt.expiredAfterMs !== null) kind = 'timeout';
  else if (attempt.aborted) kind = 'aborted';
  else if (attempt.proxied && (kind === 'refused' || kind === 'dns')) kind = 'proxy';
  return {
    kind,
    address: addressOf(attempt.url),
    host: attempt.url.host,
    detail: attempt.mask(`${code === '' ? '' : `${code}: `}${text}`),
    code,
    mayHaveArrived: !NEVER_ARRIVED.has(kind) && kind !== 'proxy' && !NO_ROUTE.has(code),
    limit: kind === 'timeout' ? attempt.expiredAfterMs : kind === 'tooLarge' ? attempt.maxBytes : null,
  };
};

const describe = (thrown: unknown): { readonly code: string; readonly text: string } => {
  if (!(thrown instanceof Error)) return { code: '', text: String(thrown) };
  const cause = thrown.cause instanceof Error ? thrown.cause : null;
  const code = codeOf(thrown) ?? (cause === null ? null : codeOf(cause)) ?? '';
  const text = thrown.message || (cause?.message ?? '') || innerText(thrown) || thrown.name;
  return { code, text };
};

/** Trying several addresses of one name ends in an AggregateError without a text of its own. */
const innerText = (thrown: Error): string =>
  thrown instanceof AggregateError ? thrown.errors.map((e) => (e instanceof Error ? e.message : String(e))).join('; ') : '';

const codeOf = (thrown: Error): string | null => ('code' in thrown && typeof thrown.code === 'string' ? thrown.code : null);

/** An error that no exception brought. */
export const failure = (kind: TransportErrorKind, attempt: Attempt, detail: string): TransportError => ({
  kind,
  address: addressOf(attempt.url),
  host: attempt.url.host,
  detail: attempt.mask(detail),
  code: '',
  // A proxy that refuses passes nothing on. A server that points elsewhere may have carried the request out before (303).
  mayHaveArrived: kind !== 'proxy',
  limit: null,
});

export const badUrl = (address: string, mask: (text: string) => string): TransportError => ({
  kind: 'badUrl',
  address: mask(address),
  host: '',
  detail: `not an http or https address: ${mask(address)}`,
  code: '',
  mayHaveArrived: false,
  limit: null,
});
