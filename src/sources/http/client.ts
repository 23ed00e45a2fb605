import type { AbortSignalLike } from '../../base/abort.ts';
import { describeDecodeError, type DecodeError, type Decoded, type Decoder } from '../../base/decode.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { Evidence } from '../../model/evidence.ts';
import { encodeId } from '../../model/release.ts';
import type { Method, Reply, RequestOptions, StreamItem, TransportError } from '../transportTypes.ts';
import { excerptOf } from './excerpt.ts';
import type { HttpSourceOptions } from './httpSourceTypes.ts';
import { ServiceTime } from './serviceTime.ts';
import {
  decodeAssignment,
  decodeAudit,
  decodeEvidence,
  decodeMetrics,
  decodeProblem,
  decodeRelease,
  decodeReleases,
  type Problem,
  type WireRelease,
  type WireReleases,
} from './wire.ts';

const STREAM_HEARTBEAT_MS = 15_000;

/** Why the service gave no usable answer. */
export type Failure =
  | { readonly type: 'transport'; readonly error: TransportError }
  | {
      readonly type: 'status';
      readonly status: number;
      readonly address: string;
      readonly problem: Problem | null;
      readonly hadToken: boolean;
      readonly excerpt: string;
    }
  /** The answer is not what the service's contract says; `page` when it is a web page or other text. */
  | { readonly type: 'shape'; readonly address: string; readonly page: boolean; readonly problem: string }
  /** The token could not be fetched from where it is kept. */
  | { readonly type: 'token'; readonly problem: string };

export interface Write {
  readonly method: Method;
  readonly url: string;
  readonly revision: string;
  readonly body: string;
}

/**
 * The service's interface, one function a route. Every answer is decoded; nothing throws. Times go in and come out by this machine's
 * clock.
 */
export interface Client {
  releases(signal: AbortSignalLike): Promise<Result<WireReleases, Failure>>;
  release(id: string, signal: AbortSignalLike): Promise<Result<WireRelease, Failure>>;
  metrics(
    id: string,
    range: Range & { readonly stepSeconds: number },
    signal: AbortSignalLike,
  ): Promise<Result<Decoded<typeof decodeMetrics>, Failure>>;
  evidence(id: string, range: Range, signal: AbortSignalLike): Promise<Result<Evidence, Failure>>;
  audit(id: string, since: number, signal: AbortSignalLike): Promise<Result<Decoded<typeof decodeAudit>, Failure>>;
  assignment(id: string, userId: string, signal: AbortSignalLike): Promise<Result<Decoded<typeof decodeAssignment>, Failure>>;
  write(write: Write, signal: AbortSignalLike): Promise<Result<WireRelease, Failure>>;
  /** The release that an event of the stream holds. */
  eventRelease(data: string): Result<WireRelease, DecodeError>;
  stream(lastEventId: string | null, signal: AbortSignalLike): Promise<Result<AsyncIterable<StreamItem>, Failure>>;
}

interface Range {
  readonly from: number;
  readonly to: number;
}

const AUDIT_LIMIT = 1000;

export const releasePath = (id: string): string => `/api/v1/releases/${encodeId(id)}`;
/** Percent-encoded, since headers are ASCII. */
export const actorHeader = (actor: string | null): Readonly<Record<string, string>> =>
  actor === null ? {} : { 'x-actor': encodeId(actor) };
/** Whether an address is one of the service at `base`; `anyPort` where the service keeps nothing but its port to itself. */
export const isUnder = (address: string, base: string, anyPort: boolean): boolean => {
  const [a, b] = [URL.parse(address), URL.parse(base)];
  if (a === null || b === null || a.protocol !== b.protocol || a.hostname !== b.hostname) return false;
  return (anyPort || a.port === b.port) && a.pathname.startsWith(`${b.pathname.replace(/\/+$/, '')}/api/`);
};
export const baseOf = (url: string): string => url.replace(/[?#].*$/s, '').replace(/\/+$/, '');

export const createClient = ({
  url,
  getToken,
  transport,
  actor,
  clock,
  log,
}: Pick<HttpSourceOptions, 'url' | 'getToken' | 'transport' | 'actor' | 'clock' | 'log'>): Client => {
  const base = baseOf(url);
  const time = new ServiceTime(log);

  const authorization = async (signal: AbortSignalLike): Promise<Result<Record<string, string>, Failure>> => {
    try {
      const token = await getToken(signal);
      return ok(token === null || token === '' ? {} : { authorization: `Bearer ${token}` });
    } catch (error) {
      return err({ type: 'token', problem: error instanceof Error ? error.message : String(error) });
    }
  };

  const problemOf = ({ body }: Reply): Problem | null => {
    const problem = decodeProblem(parseJson(body));
    return problem?.current ? { ...problem, current: time.release(problem.current) } : problem;
  };

  const failureOf = (reply: Reply, address: string, hadToken: boolean): Failure => ({
    type: 'status',
    status: reply.status,
    address,
    problem: problemOf(reply),
    hadToken,
    excerpt: excerptOf(reply),
  });

  const call = async <T>(method: Method, address: string, decode: Decoder<T>, options: RequestOptions): Promise<Result<T, Failure>> => {
    const auth = await authorization(options.signal);
    if (!auth.ok) return auth;
    const sentAt = clock.now();
    const reply = await transport.request(method, address, {
      ...options,
      headers: { accept: 'application/json', ...auth.value, ...options.headers },
    });
    if (!reply.ok) return err({ type: 'transport', error: reply.error });
    time.heard(reply.value.headers['date'], sentAt, clock.now());
    if (reply.value.status < 200 || reply.value.status > 299) return err(failureOf(reply.value, address, 'authorization' in auth.value));
    const json = parseJson(reply.value.body);
    if (json === undefined) return err({ type: 'shape', address, page: true, problem: excerptOf(reply.value) });
    const value = decode(json);
    return value.ok ? value : err({ type: 'shape', address, page: false, problem: describeDecodeError(value.error) });
  };

  const get = <T>(
    path: string,
    query: Readonly<Record<string, string | number>>,
    decode: Decoder<T>,
    signal: AbortSignalLike,
  ): Promise<Result<T, Failure>> => {
    const search = new URLSearchParams(Object.entries(query).map(([name, value]): [string, string] => [name, String(value)])).toString();
    return call('GET', `${base}${path}${search === '' ? '' : `?${search}`}`, decode, { signal });
  };

  const since = ({ from, to }: Range): Range => ({ from: time.toService(from), to: time.toService(to) });
  const release = (wire: WireRelease): WireRelease => time.release(wire);

  return {
    releases: async (signal) =>
      mapped(await get('/api/v1/releases', {}, decodeReleases, signal), (list) => ({ ...list, releases: list.releases.map(release) })),
    release: async (id, signal) => mapped(await get(releasePath(id), {}, decodeRelease, signal), release),
    metrics: async (id, { stepSeconds, ...range }, signal) =>
      mapped(await get(`${releasePath(id)}/metrics`, { ...since(range), step: stepSeconds }, decodeMetrics, signal), (metrics) =>
        time.metrics(metrics),
      ),
    evidence: async (id, range, signal) =>
      mapped(await get(`${releasePath(id)}/evidence`, { ...since(range) }, decodeEvidence, signal), (evidence) => time.evidence(evidence)),
    audit: async (id, from, signal) =>
      mapped(
        await get('/api/v1/audit', { release: id, since: Math.max(0, time.toService(from)), limit: AUDIT_LIMIT }, decodeAudit, signal),
        (audit) => time.audit(audit),
      ),
    assignment: (id, userId, signal) => get(`${releasePath(id)}/assignment`, { user_id: userId }, decodeAssignment, signal),
    write: async ({ method, url: address, revision, body }, signal) =>
      mapped(
        await call(method, address, decodeRelease, {
          signal,
          body,
          headers: { 'content-type': 'application/json', 'if-match': `"${revision}"`, ...actorHeader(actor) },
        }),
        release,
      ),
    eventRelease: (data) => mapped(decodeRelease(parseJson(data)), release),
    async stream(lastEventId, signal) {
      const auth = await authorization(signal);
      if (!auth.ok) return auth;
      return ok(transport.events(`${base}/api/v1/stream`, { headers: auth.value, lastEventId, heartbeatMs: STREAM_HEARTBEAT_MS, signal }));
    },
  };
};

const mapped = <A, B, E>(result: Result<A, E>, f: (value: A) => B): Result<B, E> => (result.ok ? ok(f(result.value)) : result);

/** `undefined` for what is no JSON. */
const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};
