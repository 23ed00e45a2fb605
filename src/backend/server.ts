import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import { err, ok, type Result } from '../base/result.ts';
import { SYSTEM_CLOCK } from './clock.ts';
import { buildApp, type TlsFiles } from './http/app.ts';
import type { Context } from './http/context.ts';
import { LeaseCounter } from './http/lease.ts';
import { removeUnsentCopies } from './http/routes/operations.ts';
import { ServiceMetrics } from './http/serviceMetrics.ts';
import { Keeper } from './keeper.ts';
import { loadIdentity, writeIdentity } from './process/identity.ts';
import { removeServiceFile, writeServiceFile, type ServiceInfo } from './process/serviceFile.ts';
import { ownStartTime } from './process/startTime.ts';
import type { Tokens } from './process/tokens.ts';
import { packageVersion } from './process/version.ts';
import { Service } from './service.ts';
import { isDiskFull } from './storage/database.ts';

export const DATABASE_FILE = 'rollout.db';

export interface ServerOptions {
  readonly dataDir: string;
  readonly host: string;
  /** 0: the port of the last run if it is free, else another. */
  readonly port: number;
  readonly tokens: Tokens;
  readonly tls: TlsFiles | null;
  /** Ends by itself when no lease was held for so long; null: never. */
  readonly leaseExitMs: number | null;
  readonly onError: (error: unknown) => void;
}

export interface Server {
  readonly info: ServiceInfo;
  /** Resolves after everything is closed, once the signal aborts or the leases are gone. */
  runUntil(signal: AbortSignal): Promise<void>;
}

const describe = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const isTaken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'EADDRINUSE' || error.code === 'EACCES');

/** Listens on the port asked for; for 0, on the one of the last run, which clients may still know. */
const listen = async (app: FastifyInstance, { host, port, dataDir }: ServerOptions): Promise<void> => {
  const last = port === 0 ? loadIdentity(dataDir).port : null;
  if (last !== null) {
    try {
      await app.listen({ host, port: last });
      return;
    } catch (error) {
      if (!isTaken(error)) throw error;
    }
  }
  await app.listen({ host, port });
};

const urlOf = (app: FastifyInstance, { host, tls }: ServerOptions): { readonly url: string; readonly port: number } => {
  const address = app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  // An address that means "everywhere" is not one to connect to.
  const name = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host.includes(':') ? `[${host}]` : host;
  return { url: `${tls === null ? 'http' : 'https'}://${name}:${String(port)}`, port };
};

const isLoopbackHost = (host: string): boolean => host === 'localhost' || host === '::1' || /^127\./.test(host);

/** Starts the service in a data folder whose lock the caller holds. The error is for the person who started it. */
export const startServer = async (options: ServerOptions): Promise<Result<Server, string>> => {
  const { dataDir, host, tls, tokens, onError } = options;
  if (!isLoopbackHost(host) && tls === null) {
    onError(`Warning: ${host} can be reached from other machines, and without --tls-cert and --tls-key tokens travel in the clear.`);
  }
  let service: Service;
  try {
    removeUnsentCopies(dataDir);
    service = new Service(path.join(dataDir, DATABASE_FILE), SYSTEM_CLOCK, onError);
  } catch (error) {
    return err(`Cannot open the database: ${isDiskFull(error) ? 'the disk is full' : describe(error)}`);
  }
  const stopping = new AbortController();
  const leases = new LeaseCounter(options.leaseExitMs, () => {
    stopping.abort();
  });
  const version = packageVersion();
  const startedAt = ownStartTime();
  const metrics = new ServiceMetrics();
  service.onDidCount((counted) => {
    metrics.count(counted);
  });
  const context: Context = { service, metrics, leases, dataDir, version, pid: process.pid, startedAt, onError };
  let app: FastifyInstance | null = null;
  try {
    app = await buildApp(context, tokens, tls);
    await listen(app, options);
  } catch (error) {
    leases.dispose();
    await app?.close();
    service.close();
    return err(`Cannot start the service: ${describe(error)}`);
  }
  const running = app;
  const { url, port } = urlOf(running, options);
  writeIdentity(dataDir, { ...loadIdentity(dataDir), port });
  const info: ServiceInfo = { url, pid: process.pid, startedAt, token: tokens.own, version };
  writeServiceFile(dataDir, info);
  const keeper = new Keeper(service, onError);

  const close = async (): Promise<void> => {
    leases.dispose();
    keeper.dispose();
    removeServiceFile(dataDir, process.pid);
    await running.close();
    service.close();
  };
  const runUntil = async (signal: AbortSignal): Promise<void> => {
    await new Promise<void>((resolve) => {
      AbortSignal.any([signal, stopping.signal]).addEventListener(
        'abort',
        () => {
          resolve();
        },
        { once: true },
      );
      if (signal.aborted || stopping.signal.aborted) resolve();
    });
    await close();
  };
  return ok({ info, runUntil });
};
