import { createReadStream, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Context } from '../context.ts';
import * as schemas from '../schemas.ts';

const AUDIT_LIMIT = 200;

const COPY = /^backup-[0-9a-f]{12}\.tmp(-journal|-wal|-shm)?$/;

/** Removes the copies that a killed service was sending. The caller holds the lock of the folder. */
export const removeUnsentCopies = (dataDir: string): void => {
  for (const name of readdirSync(dataDir)) if (COPY.test(name)) rmSync(path.join(dataDir, name), { force: true });
};

export const registerOperations = (app: FastifyInstance, context: Context): void => {
  const { service, metrics, leases, version, pid, startedAt, dataDir } = context;
  app.get(
    '/healthz',
    { config: { access: 'public' }, schema: { tags: ['service'], summary: 'Alive, and which process', response: { 200: schemas.health } } },
    () => ({ status: 'ok', version, pid, startedAt, leases: leases.count }),
  );
  app.get(
    '/metrics',
    { config: { access: 'viewer' }, schema: { tags: ['service'], summary: 'For Prometheus', produces: ['text/plain'] } },
    async (_request, reply) => {
      metrics.setReleases(service.list());
      return reply
        .type(metrics.registry.contentType)
        .serializer(String)
        .send(await metrics.registry.metrics());
    },
  );
  app.get<{ Querystring: { readonly release?: string; readonly since?: string; readonly limit?: string } }>(
    '/api/v1/audit',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['service'],
        summary: 'Who changed what, newest last',
        querystring: schemas.auditQuery,
        response: { 200: schemas.audit },
      },
    },
    (request) => {
      const { release = null, since = '0', limit = String(AUDIT_LIMIT) } = request.query;
      return { entries: service.readAudit({ release, since: Number(since), limit: Number(limit) }) };
    },
  );
  app.get(
    '/api/v1/backup',
    {
      config: { access: 'operator' },
      schema: { tags: ['service'], summary: 'A complete copy of the database', produces: ['application/vnd.sqlite3'] },
    },
    async (_request, reply) => {
      const file = path.join(dataDir, `backup-${randomBytes(6).toString('hex')}.tmp`);
      const remove = (): void => {
        rmSync(file, { force: true });
      };
      try {
        await service.backup(file);
      } catch (error) {
        remove();
        throw error;
      }
      const stream = createReadStream(file);
      stream.once('close', remove);
      return reply.type('application/vnd.sqlite3').send(stream);
    },
  );
};
