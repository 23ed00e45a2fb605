import type { FastifyInstance } from 'fastify';
import type { Context } from '../context.ts';
import { openStream, type OpenStream } from '../openStream.ts';

const HEARTBEAT_MS = 5000;
const LEASE_HEARTBEAT_MS = 2000;
const MEASURED_EVERY_MS = 1000;

const sse = (event: string, data: string, id: number | null): string =>
  `${id === null ? '' : `id: ${String(id)}\n`}event: ${event}\ndata: ${data}\n\n`;

/** Sends everybody every change, and at most once a second and release that there are new measurements. */
class Broadcast {
  private readonly clients = new Set<OpenStream>();
  private readonly measured = new Map<string, number>();
  private readonly timer: NodeJS.Timeout;

  constructor({ service }: Context) {
    service.onDidChange(({ id, doc }) => {
      for (const client of this.clients) client.write(sse('release', doc, id));
    });
    service.onDidCount((counted) => {
      if (this.clients.size === 0) return;
      const now = service.clock.now();
      for (const { release } of counted) this.measured.set(release, now);
    });
    this.timer = setInterval(() => {
      for (const [release, time] of this.measured) {
        for (const client of this.clients) client.write(sse('measured', JSON.stringify({ release, time }), null));
      }
      this.measured.clear();
    }, MEASURED_EVERY_MS);
  }

  add(client: OpenStream): void {
    this.clients.add(client);
  }

  remove(client: OpenStream): void {
    this.clients.delete(client);
  }

  close(): void {
    clearInterval(this.timer);
    for (const client of this.clients) client.end();
  }
}

export const registerStreams = (app: FastifyInstance, context: Context): void => {
  const { service, leases } = context;
  const broadcast = new Broadcast(context);
  const holders = new Set<OpenStream>();
  app.addHook('preClose', (done) => {
    broadcast.close();
    for (const holder of holders) holder.end();
    done();
  });

  app.get(
    '/api/v1/stream',
    {
      config: { access: 'viewer' },
      exposeHeadRoute: false,
      schema: { tags: ['releases'], summary: 'Server-sent events: release, measured, reset', produces: ['text/event-stream'] },
    },
    (request, reply) => {
      const client = openStream(request, reply, HEARTBEAT_MS, () => {
        broadcast.remove(client);
      });
      const header = request.headers['last-event-id'];
      const since = typeof header === 'string' && header.trim() !== '' ? Number(header) : null;
      const missed = since === null ? [] : service.changesSince(since);
      if (missed === null) client.write(sse('reset', JSON.stringify({ id: service.lastChangeId }), service.lastChangeId));
      // An id without data sets where a client resumes, and is no event.
      else if (missed.length === 0) client.write(`id: ${String(service.lastChangeId)}\n\n`);
      else for (const { id, doc } of missed) client.write(sse('release', doc, id));
      broadcast.add(client);
    },
  );

  app.get(
    '/api/v1/lease',
    {
      config: { access: 'viewer' },
      exposeHeadRoute: false,
      schema: { tags: ['service'], summary: 'Held open by a client that needs the service', produces: ['text/event-stream'] },
    },
    (request, reply) => {
      const giveBack = leases.hold();
      const holder = openStream(request, reply, LEASE_HEARTBEAT_MS, () => {
        holders.delete(holder);
        giveBack();
      });
      holders.add(holder);
    },
  );
};
