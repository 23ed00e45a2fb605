import { request as httpRequest } from 'node:http';
import { deferred } from './deferred.ts';

/** The service says each 2 s that the lease stands. */
const SILENCE_MAX_MS = 8_000;
const CONNECT_TIMEOUT_MS = 5_000;

export interface Lease {
  /** Resolves when the lease is over, with why; also after `release`. */
  readonly ended: Promise<string>;
  release(): void;
}

/** Holds a lease on the service by a response that stays open; null when it does not give one. Plain `node:http`, so it costs no chunk. */
export const takeLease = (service: { readonly url: string; readonly token: string }, signal: AbortSignal): Promise<Lease | null> =>
  new Promise((resolve) => {
    const url = URL.parse('/api/v1/lease', service.url);
    if (url?.protocol !== 'http:' || signal.aborted) {
      resolve(null);
      return;
    }
    const over = deferred<string>();
    const request = httpRequest(url, { agent: false, headers: { authorization: `Bearer ${service.token}`, accept: 'text/event-stream' } });
    const release = (): void => {
      request.destroy();
    };
    signal.addEventListener('abort', release, { once: true });
    request.setTimeout(CONNECT_TIMEOUT_MS, () => request.destroy(new Error('no answer')));
    let why = 'the connection closed';
    request.on('error', (error) => {
      why = error.message;
    });
    request.on('response', (response) => {
      if (response.statusCode !== 200) {
        why = `status ${String(response.statusCode)}`;
        request.destroy();
        return;
      }
      request.setTimeout(SILENCE_MAX_MS, () => request.destroy(new Error('no sign of life')));
      response.on('error', (error) => {
        why = error.message;
      });
      response.on('close', () => request.destroy());
      // The heartbeats are only there to be received.
      response.resume();
      resolve({ ended: over.promise, release });
    });
    request.on('close', () => {
      signal.removeEventListener('abort', release);
      over.resolve(why);
      // Where there was no response yet; otherwise it has been resolved with the lease.
      resolve(null);
    });
    request.end();
  });
