import http from 'node:http';
import type { VariantRole } from '../../../src/model/release.ts';

/** What the client itself saw of one variant. */
export interface Counted {
  requests: number;
  errors: number;
  clientErrors: number;
  readonly users: Set<string>;
  readonly latenciesMs: number[];
}

export type CountedVariants = Readonly<Record<VariantRole, Counted>>;

const none = (): Counted => ({ requests: 0, errors: 0, clientErrors: 0, users: new Set(), latenciesMs: [] });
export const nothingCounted = (): CountedVariants => ({ stable: none(), canary: none() });

export interface Load {
  readonly url: string;
  readonly path: string;
  readonly requests: number;
  readonly concurrency: number;
  /** Ids are `user-0` to `user-(users-1)`, each as often. */
  readonly users: number;
}

/** Sends bounded traffic and adds up, by the variant that answered, what came back. Rejects when a request fails as such. */
export async function drive({ url, path, requests, concurrency, users }: Load, counted: CountedVariants): Promise<void> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: concurrency });
  let next = 0;
  const one = (index: number): Promise<void> =>
    new Promise((resolve, reject) => {
      const user = `user-${String((index * 7919) % users)}`;
      const begun = performance.now();
      const request = http.get(url + path, { agent, headers: { 'x-user-id': user } }, (response) => {
        response.resume();
        response.on('error', reject);
        response.on('end', () => {
          const variant = response.headers['x-variant'];
          if (variant !== 'stable' && variant !== 'canary') {
            reject(new Error(`an answer without variant: ${String(response.statusCode)}`));
            return;
          }
          const mine = counted[variant];
          const status = response.statusCode ?? 0;
          mine.requests++;
          if (status >= 500) mine.errors++;
          else if (status >= 400) mine.clientErrors++;
          mine.users.add(user);
          mine.latenciesMs.push(performance.now() - begun);
          resolve();
        });
      });
      request.on('error', reject);
    });
  try {
    const worker = async (): Promise<void> => {
      while (next < requests) await one(next++);
    };
    await Promise.all(Array.from({ length: concurrency }, worker));
  } finally {
    agent.destroy();
  }
}

/** Sends one request and goes away before the answer: nginx logs 499. */
export const abandon = (url: string, user: string): Promise<void> =>
  new Promise((resolve) => {
    const request = http.get(`${url}/slow`, { headers: { 'x-user-id': user } });
    request.on('error', () => resolve());
    request.on('socket', (socket) => {
      const leave = (): void => {
        setTimeout(() => request.destroy(), 100);
      };
      if (socket.connecting) socket.once('connect', leave);
      else leave();
    });
  });
