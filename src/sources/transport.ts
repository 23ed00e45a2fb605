import axios, { type AxiosRequestConfig, type AxiosResponse } from 'axios';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Readable } from 'node:stream';
import { getCACertificates } from 'node:tls';
import { err, ok, type Result } from '../base/result.ts';
import { createDeadline } from './deadline.ts';
import { createMasker } from './mask.ts';
import { proxyFor } from './proxy.ts';
import { addressOf, badUrl, failure, toTransportError, type Attempt } from './transportErrors.ts';
import { createStreamReader } from './transportEvents.ts';
import type {
  EventsOptions,
  Method,
  Reply,
  RequestOptions,
  StreamItem,
  Transport,
  TransportError,
  TransportOptions,
} from './transportTypes.ts';
import { TransportLog } from './transportLog.ts';

const KB = 1024;
const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_MAX_BYTES = 32 * KB * KB;
const DEFAULT_HEARTBEAT_MS = 15_000;
const DEFAULT_MAX_EVENT_BYTES = KB * KB;
/** What is read of an answer that refuses a stream. */
const MAX_REFUSAL_BYTES = 64 * KB;
const MAX_REDIRECTS = 3;

/** The one HTTP client of every source that speaks plain HTTP. It alone knows proxy and certificate settings. */
export const createTransport = (options: TransportOptions): Transport => {
  const { clock, log } = options;
  const masker = createMasker();
  masker.learn(URL.parse(options.proxy?.url ?? '')?.password ?? '');
  const tls = {
    rejectUnauthorized: options.strictSSL,
    // An own list replaces the runtime's, so the runtime's is repeated.
    ...(options.ca.length > 0 ? { ca: [...getCACertificates('default'), ...options.ca] } : {}),
  };
  const reading = { httpAgent: new HttpAgent({ keepAlive: true }), httpsAgent: new HttpsAgent({ keepAlive: true, ...tls }) };
  // A write on a kept connection that the server is just closing would be lost with an unknown outcome: each has its own.
  const writing = { httpAgent: new HttpAgent({ keepAlive: false }), httpsAgent: new HttpsAgent({ keepAlive: false, ...tls }) };

  const config = (method: Method, url: URL, headers: Readonly<Record<string, string>>, signal: AbortSignal): AxiosRequestConfig => {
    for (const [name, value] of Object.entries(headers))
      if (name.toLowerCase() === 'authorization') masker.learn(value.replace(/^\w+\s+/, ''));
    const proxy = proxyFor(url, options.proxy);
    return {
      method,
      url: url.href,
      headers: { 'user-agent': 'rollout-lens', ...headers },
      // `false` keeps the environment's proxy out too: the decision is made here alone.
      proxy: proxy === null ? false : axiosProxy(proxy),
      ...(method === 'GET' ? reading : writing),
      adapter: 'http',
      maxRedirects: 0,
      maxBodyLength: Infinity,
      validateStatus: () => true,
      signal,
    };
  };
  const attemptAt = (url: URL): Attempt => ({
    url,
    proxied: proxyFor(url, options.proxy) !== null,
    expiredAfterMs: null,
    aborted: false,
    maxBytes: null,
    mask: masker.mask,
  });

  const told = new TransportLog(log);
  const once = async (method: Method, url: URL, request: RequestOptions): Promise<Result<Reply, TransportError>> => {
    const { timeoutMs = DEFAULT_TIMEOUT_MS, maxBytes = DEFAULT_MAX_BYTES } = request;
    const deadline = createDeadline(request.signal, timeoutMs, clock);
    const began = clock.elapsed();
    const took = (): string => `${String(Math.round(clock.elapsed() - began))} ms`;
    try {
      const response: AxiosResponse<Buffer> = await axios.request({
        ...config(method, url, request.headers ?? {}, deadline.signal),
        ...(request.body === undefined || request.body === null ? {} : { data: request.body }),
        responseType: 'arraybuffer',
        maxContentLength: maxBytes,
        transformRequest: (data: unknown) => data,
      });
      log.debug(`${method} ${addressOf(url)} was answered with status ${String(response.status)} after ${took()}.`);
      told.worked(`${method} ${addressOf(url)}`);
      const reply = toReply(response, response.data);
      if (reply.status === 407) return err(failure('proxy', attemptAt(url), 'the proxy asks for credentials (407)'));
      return ok(reply);
    } catch (thrown) {
      const error = toTransportError(thrown, {
        ...attemptAt(url),
        expiredAfterMs: deadline.expired ? timeoutMs : null,
        aborted: request.signal.aborted,
        maxBytes,
      });
      told.failed(`${method} ${addressOf(url)}`, error);
      return err(error);
    } finally {
      deadline.dispose();
    }
  };

  const request: Transport['request'] = async (method, address, wanted) => {
    let url = parseHttpUrl(address);
    if (url === null) return err(badUrl(address, masker.mask));
    for (let hop = 0; ; hop++) {
      let result = await once(method, url, wanted);
      // The server closed a kept connection just then: reading once more is safe.
      if (!result.ok && method === 'GET' && result.error.code === 'ECONNRESET') result = await once(method, url, wanted);
      if (!result.ok || result.value.status < 300 || result.value.status > 399) return result;
      const target = URL.parse(result.value.headers['location'] ?? '', url.href);
      if (target === null || !('location' in result.value.headers)) return result;
      // Another origin would be handed the token, and a write is never sent anywhere but where it was planned for.
      if (method !== 'GET' || target.origin !== url.origin || hop >= MAX_REDIRECTS)
        return err(failure('redirect', attemptAt(url), addressOf(target)));
      url = target;
    }
  };

  async function* events(address: string, wanted: EventsOptions): AsyncGenerator<StreamItem> {
    const url = parseHttpUrl(address);
    if (url === null) {
      yield { type: 'lost', error: badUrl(address, masker.mask) };
      return;
    }
    const { heartbeatMs = DEFAULT_HEARTBEAT_MS, maxEventBytes = DEFAULT_MAX_EVENT_BYTES } = wanted;
    const deadline = createDeadline(wanted.signal, heartbeatMs, clock);
    let body: Readable | null = null;
    try {
      const resume = wanted.lastEventId ?? '';
      const headers = {
        accept: 'text/event-stream',
        'cache-control': 'no-cache',
        ...wanted.headers,
        // Only what a header can hold; an odd id means starting without.
        ...(/^[\x20-\x7e]+$/.test(resume) ? { 'last-event-id': resume } : {}),
      };
      // Without maxContentLength, which would count the whole stream: the limit here is that of one event.
      const response: AxiosResponse<Readable> = await axios.request({
        ...config('GET', url, headers, deadline.signal),
        responseType: 'stream',
      });
      body = response.data;
      if (response.status !== 200 || !/^text\/event-stream\b/i.test(toReply(response, null).headers['content-type'] ?? '')) {
        yield { type: 'refused', reply: toReply(response, await readSome(body, MAX_REFUSAL_BYTES)) };
        return;
      }
      told.worked(`The live updates of ${addressOf(url)}`);
      yield { type: 'open' };
      const reader = createStreamReader(maxEventBytes);
      for await (const chunk of body as AsyncIterable<Uint8Array>) {
        deadline.extend();
        const piece = reader.feed(chunk);
        for (const event of piece.events) yield { type: 'event', event: event.event ?? 'message', id: event.id ?? null, data: event.data };
        if (piece.tooLarge) {
          yield {
            type: 'lost',
            error: { ...failure('tooLarge', attemptAt(url), `an event larger than ${String(maxEventBytes)} bytes`), limit: maxEventBytes },
          };
          return;
        }
        if (piece.events.length === 0) yield { type: 'heartbeat' };
        // Whoever reads may have been busy for longer than the heartbeat: that is not the server's silence.
        deadline.extend();
      }
      if (!wanted.signal.aborted)
        yield { type: 'lost', error: failure('unreachable', attemptAt(url), 'the server ended the event stream') };
    } catch (thrown) {
      const error = toTransportError(thrown, {
        ...attemptAt(url),
        expiredAfterMs: deadline.expired ? heartbeatMs : null,
        aborted: wanted.signal.aborted,
      });
      if (error.kind === 'aborted') return;
      told.failed(`The live updates of ${addressOf(url)}`, error);
      yield { type: 'lost', error };
    } finally {
      deadline.cancel();
      deadline.dispose();
      body?.destroy();
    }
  }

  return {
    request,
    events,
    dispose() {
      for (const agents of [reading, writing]) {
        agents.httpAgent.destroy();
        agents.httpsAgent.destroy();
      }
    },
  };
};

const parseHttpUrl = (address: string): URL | null => {
  const url = URL.parse(address);
  return url !== null && (url.protocol === 'http:' || url.protocol === 'https:') ? url : null;
};

const axiosProxy = (proxy: URL): NonNullable<Exclude<AxiosRequestConfig['proxy'], false>> => ({
  protocol: proxy.protocol.replace(':', ''),
  host: proxy.hostname.replace(/^\[|\]$/g, ''),
  port: Number(proxy.port || (proxy.protocol === 'https:' ? 443 : 80)),
  ...(proxy.username === ''
    ? {}
    : { auth: { username: decodeURIComponent(proxy.username), password: decodeURIComponent(proxy.password) } }),
});

const toReply = (response: AxiosResponse, body: Uint8Array | null): Reply => {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.headers)) headers[name.toLowerCase()] = String(value);
  return { status: response.status, headers, body: body === null ? '' : new TextDecoder().decode(body) };
};

const readSome = async (stream: Readable, limit: number): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= limit) break;
  }
  return Buffer.concat(chunks).subarray(0, limit);
};
