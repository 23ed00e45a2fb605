import { chmodSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { err, ok, type Result } from '../../base/result.ts';
import { loadIdentity } from '../process/identity.ts';
import { takeInstanceLock, type InstanceLock } from '../process/instanceLock.ts';
import { findLivingService, type ServiceInfo } from '../process/serviceFile.ts';
import { readTokenFile, Tokens } from '../process/tokens.ts';
import { startServer } from '../server.ts';
import { say, UsageError } from './output.ts';

interface ServeOptions {
  readonly dataDir: string;
  readonly host: string;
  /** 0: the last one, else any. */
  readonly port: number;
  readonly tokenFile: string | null;
  readonly tls: { readonly cert: string; readonly key: string } | null;
  readonly leaseExitMs: number | null;
}

const numberIn = (name: string, text: string, low: number, high: number): number => {
  const value = Number(text);
  if (text.trim() === '' || !(value >= low && value <= high))
    throw new UsageError(`--${name} must be a number from ${String(low)} to ${String(high)}.`);
  return value;
};

const parseOptions = (args: readonly string[]): ServeOptions => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: { type: 'string' },
      host: { type: 'string', default: '127.0.0.1' },
      port: { type: 'string', default: '0' },
      'token-file': { type: 'string' },
      'tls-cert': { type: 'string' },
      'tls-key': { type: 'string' },
      'lease-exit': { type: 'string' },
    },
  });
  if (values.data === undefined) throw new UsageError('--data DIR is needed.');
  const cert = values['tls-cert'];
  const key = values['tls-key'];
  if ((cert === undefined) !== (key === undefined)) throw new UsageError('--tls-cert and --tls-key go together.');
  const lease = values['lease-exit'];
  return {
    dataDir: path.resolve(values.data),
    host: values.host,
    port: Math.floor(numberIn('port', values.port, 0, 65_535)),
    tokenFile: values['token-file'] ?? null,
    tls: cert === undefined || key === undefined ? null : { cert, key },
    leaseExitMs: lease === undefined ? null : numberIn('lease-exit', lease, 0.1, 86_400) * 1000,
  };
};

const JOIN_WITHIN_MS = 15_000;
const JOIN_EVERY_MS = 50;

/** Either the lock is ours, or the service that holds it is found. A holder that is just starting or just dying is waited for. */
const lockOrJoin = async (dataDir: string, signal: AbortSignal): Promise<Result<InstanceLock | ServiceInfo, string>> => {
  const deadline = performance.now() + JOIN_WITHIN_MS;
  while (!signal.aborted) {
    const lock = takeInstanceLock(dataDir);
    if (lock !== null) return ok(lock);
    const living = await findLivingService(dataDir, signal);
    if (living !== null) return ok(living);
    if (performance.now() > deadline) return err(`Another process uses ${dataDir}, and no service answers there.`);
    await sleep(JOIN_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
  return err('Stopped before the service was started.');
};

const tokensFor = (options: ServeOptions): Result<Tokens, string> =>
  options.tokenFile === null ? ok(new Tokens([], [loadIdentity(options.dataDir).token])) : readTokenFile(options.tokenFile);

/** Runs the service until the signal aborts or no lease is held any more. The exit code. */
export const runServe = async (args: readonly string[], signal: AbortSignal): Promise<number> => {
  const options = parseOptions(args);
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
  const locked = await lockOrJoin(options.dataDir, signal);
  if (!locked.ok) {
    say.error(locked.error);
    return 1;
  }
  if ('url' in locked.value) {
    const { url, version, token, pid } = locked.value;
    say.line({ url, version, token, pid, joined: true });
    return 0;
  }
  const lock = locked.value;
  try {
    chmodSync(options.dataDir, 0o700);
    const tokens = tokensFor(options);
    if (!tokens.ok) {
      say.error(tokens.error);
      return 1;
    }
    const server = await startServer({ ...options, tokens: tokens.value, onError: say.failure });
    if (!server.ok) {
      say.error(server.error);
      return 1;
    }
    const { url, version, token, pid } = server.value.info;
    say.line({ url, version, token, pid, joined: false });
    await server.value.runUntil(signal);
    return 0;
  } finally {
    lock.release();
  }
};
