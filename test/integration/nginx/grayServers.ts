import { once } from 'node:events';
import http from 'node:http';
import type { VariantRole } from '../../../src/model/release.ts';

export interface Behaviour {
  /** Share of answers with status 500. */
  readonly errors: number;
  /** Response time in milliseconds, from and to. */
  readonly delay: readonly [low: number, high: number];
}

export interface GrayServers {
  readonly ports: Readonly<Record<VariantRole, number>>;
  close(): Promise<void>;
}

/** Longer than any client here waits. */
const SLOW_MS = 1000;

/** One small server a variant, its delays and errors drawn from a seed. `/missing` is 404, `/slow` takes a second. */
export async function startGrayServers(seed: number, behaviour: Readonly<Record<VariantRole, Behaviour>>): Promise<GrayServers> {
  let state = seed;
  const random = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  const start = async (variant: VariantRole): Promise<http.Server> => {
    const { errors, delay } = behaviour[variant];
    const server = http.createServer((request, response) => {
      const missing = request.url === '/missing';
      const status = missing ? 404 : random() < errors ? 500 : 200;
      const wait = request.url === '/slow' ? SLOW_MS : delay[0] + (delay[1] - delay[0]) * random();
      setTimeout(() => {
        response.writeHead(status, { 'content-type': 'application/json', 'x-variant': variant });
        response.end('{}');
      }, wait);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return server;
  };
  const servers = { stable: await start('stable'), canary: await start('canary') };
  const portOf = (server: http.Server): number => {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return address.port;
  };
  return {
    ports: { stable: portOf(servers.stable), canary: portOf(servers.canary) },
    close: async () => {
      for (const server of Object.values(servers)) {
        const closed = once(server, 'close');
        server.close();
        server.closeAllConnections();
        await closed;
      }
    },
  };
}
