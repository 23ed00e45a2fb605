import type { AbortSignalLike } from '../base/abort.ts';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';
import type { Result } from '../base/result.ts';

/** A forward proxy, as the editor's settings name it. Loopback addresses never go through it. */
export interface ProxySettings {
  /** `http://[user:password@]host:port` or https. */
  readonly url: string;
  /** Host names, `.suffix`es or `*` that are reached directly. */
  readonly bypass: readonly string[];
}

export interface TransportOptions {
  readonly proxy: ProxySettings | null;
  /** PEM certificates of authorities trusted besides those of the runtime. */
  readonly ca: readonly string[];
  /** False accepts any certificate. */
  readonly strictSSL: boolean;
  readonly log: Log;
  readonly clock: Clock;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface RequestOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | null;
  /** From the first byte sent to the last byte received. */
  readonly timeoutMs?: number;
  /** Of the reply's body, after decompression. */
  readonly maxBytes?: number;
  readonly signal: AbortSignalLike;
}

export interface Reply {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type TransportErrorKind =
  | 'refused'
  | 'dns'
  | 'unreachable'
  | 'timeout'
  | 'untrusted'
  | 'tls'
  | 'proxy'
  | 'tooLarge'
  | 'redirect'
  | 'badUrl'
  | 'protocol'
  | 'aborted';

export interface TransportError {
  readonly kind: TransportErrorKind;
  /** The address asked, without user info and query. */
  readonly address: string;
  readonly host: string;
  /** Technical: the runtime's error code and text, tokens masked. For `redirect` the origin it pointed to. */
  readonly detail: string;
  readonly code: string;
  /** The request may have reached the server: after a write its outcome is unknown. */
  readonly mayHaveArrived: boolean;
  /** The limit that was passed: milliseconds of `timeout`, bytes of `tooLarge`; else null. */
  readonly limit: number | null;
}

export interface EventsOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Resumes after this event. */
  readonly lastEventId?: string | null;
  /** Without a byte for this long, the stream counts as lost. */
  readonly heartbeatMs?: number;
  /** Of one event; the stream itself has no limit. */
  readonly maxEventBytes?: number;
  readonly signal: AbortSignalLike;
}

/** One thing that a stream of server-sent events says. `refused` and `lost` are the last items of a stream. */
export type StreamItem =
  | { readonly type: 'open' }
  | { readonly type: 'event'; readonly event: string; readonly id: string | null; readonly data: string }
  | { readonly type: 'heartbeat' }
  /** The server answered with something else than an event stream. */
  | { readonly type: 'refused'; readonly reply: Reply }
  | { readonly type: 'lost'; readonly error: TransportError };

export interface Transport {
  /** Any status is a reply; only what brought none is an error. Redirects of a GET are followed within the same origin only. */
  request(method: Method, url: string, options: RequestOptions): Promise<Result<Reply, TransportError>>;
  /** One connection; whoever reads it connects again, with the id of the last event. Ends quietly when the signal aborts. */
  events(url: string, options: EventsOptions): AsyncIterable<StreamItem>;
  /** Closes idle connections. */
  dispose(): void;
}
