import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Change } from '../../storage/changes.ts';
import type { Context } from '../context.ts';
import { openStream, WAITING_MAX, type OpenStream } from '../openStream.ts';
import { sendProblem } from '../problem.ts';
import { STREAM_LIMITS, StreamClients } from '../streamClients.ts';

const HEARTBEAT_MS = 5000;
const LEASE_HEARTBEAT_MS = 2000;
const MEASURED_EVERY_MS = 1000;

const sse = (event: string, data: string, id: number | null): string =>
  `${id === null ? '' : `id: ${String(id)}\n`}event: ${event}\ndata: ${data}\n\n`;

/** Sends everybody every change, and at most once a second and release that there are new measurements. */
class Broadcast {
  readonly clients = new StreamClients(STREAM_LIMITS);
  private readonly measured = new Map<string, number>();
  private readonly timer: NodeJS.Timeout;

  constructor({ service }: Context) {
    service.onDidChange(({ id, doc }) => {
      this.clients.send(sse('release', doc, id));
    });
    service.onDidCount((counted) => {
      if (this.clients.size === 0) return;
      const now = service.clock.now();
      for (const { release } of counted) this.measured.set(release, now);
    });
    this.timer = setInterval(() => {
      for (const [release, time] of this.measured) this.clients.send(sse('measured', JSON.stringify({ release, time }), null));
      this.measured.clear();
    }, MEASURED_EVERY_MS);
  }

  close(): void {
    clearInterval(this.timer);
    this.clients.end();
  }
}

/** What a client missed, in one piece; null when that is not known any more, or more than may wait for a client: it would be cut off again each time. */
const replay = (missed: readonly Change[] | null): string | null => {
  if (missed === null) return null;
  let size = 0;
  const events = missed.map(({ id, doc }) => sse('release', doc, id));
  for (const event of events) size += Buffer.byteLength(event);
  return size > WAITING_MAX ? null : events.join('');
};

const tooMany = (reply: FastifyReply): FastifyReply =>
  sendProblem(reply.header('retry-after', '10'), 503, 'tooManyClients', 'As many streams are open as this service serves.');

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
      if (broadcast.clients.isFull) return tooMany(reply);
      const client = openStream(request, reply, HEARTBEAT_MS, () => {
        broadcast.clients.remove(client);
      });
      const header = request.headers['last-event-id'];
      const since = typeof header === 'string' && header.trim() !== '' ? Number(header) : null;
      const missed = replay(since === null ? [] : service.changesSince(since));
      if (missed === null) client.write(sse('reset', JSON.stringify({ id: service.lastChangeId }), service.lastChangeId));
      // An id without data sets where a client resumes, and is no event.
      else if (missed === '') client.write(`id: ${String(service.lastChangeId)}\n\n`);
      else client.write(missed);
      broadcast.clients.add(client);
      return reply;
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
      if (holders.size >= STREAM_LIMITS.clients) return tooMany(reply);
      const giveBack = leases.hold();
      const holder = openStream(request, reply, LEASE_HEARTBEAT_MS, () => {
        holders.delete(holder);
        giveBack();
      });
      holders.add(holder);
      return reply;
    },
  );
};
