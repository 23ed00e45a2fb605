import { readFile, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import path from 'node:path';
import { integer, number, object, string, type Decoded } from '../../base/decode.ts';

const PROBE_TIMEOUT_MS = 2_000;
const PROBE_BYTES_MAX = 65_536;

const decodeServiceFile = object({
  url: string,
  pid: integer,
  /** When that process started, epoch milliseconds; `/healthz` says the same number. */
  startedAt: number,
  token: string,
  version: string,
});
export type LivingService = Decoded<typeof decodeServiceFile>;

const decodeIdentity = object({ pid: integer, startedAt: number });
export type ProcessIdentity = Decoded<typeof decodeIdentity>;

export const serviceFileOf = (dataDir: string): string => path.join(dataDir, 'service.json');
const endedFileOf = (dataDir: string): string => path.join(dataDir, 'ended.json');

const readJson = async (file: string): Promise<unknown> => {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as unknown;
  } catch {
    // None, half written or not ours: the same as nothing.
    return null;
  }
};

/** What the folder's file says, whether or not that process lives. */
export const readServiceFile = async (dataDir: string): Promise<LivingService | null> => {
  const decoded = decodeServiceFile(await readJson(serviceFileOf(dataDir)));
  return decoded.ok ? decoded.value : null;
};

/**
 * The living service of a data folder, or null. Process ids are given again, so an id alone proves nothing: the process has to
 * answer under the address of the file with the same id and the same start time.
 */
export const findLivingService = async (dataDir: string, signal: AbortSignal): Promise<LivingService | null> => {
  const service = await readServiceFile(dataDir);
  if (service === null || !isAlive(service.pid)) return null;
  const health = decodeIdentity(await getJson(service.url, '/healthz', signal));
  return health.ok && isSame(health.value, service) ? service : null;
};

const decodeLeases = object({ leases: integer });

/** How many windows hold a lease on it; null where it does not say, as older versions do not. */
export const leasesOf = async (service: LivingService, signal: AbortSignal): Promise<number | null> => {
  const health = decodeLeases(await getJson(service.url, '/healthz', signal));
  return health.ok ? health.value.leases : null;
};

export const isSame = (a: ProcessIdentity, b: ProcessIdentity): boolean => a.pid === b.pid && a.startedAt === b.startedAt;

/** Leaves word for the other windows that a person ended this very process, so that none of them takes it for a crash. */
export const markEnded = (dataDir: string, { pid, startedAt }: ProcessIdentity): Promise<void> =>
  writeFile(endedFileOf(dataDir), JSON.stringify({ pid, startedAt }), { mode: 0o600 });

export const wasEnded = async (dataDir: string, service: ProcessIdentity): Promise<boolean> => {
  const ended = decodeIdentity(await readJson(endedFileOf(dataDir)));
  return ended.ok && isSame(ended.value, service);
};

export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

/** The JSON behind an address of this machine, or null. Nothing secret is sent. */
const getJson = (base: string, pathname: string, signal: AbortSignal): Promise<unknown> =>
  new Promise((resolve) => {
    const url = URL.parse(pathname, base);
    if (url?.protocol !== 'http:' || signal.aborted) {
      resolve(null);
      return;
    }
    const request = get(url, { signal, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
        if (text.length > PROBE_BYTES_MAX) request.destroy();
      });
      response.on('end', () => {
        try {
          resolve(JSON.parse(text) as unknown);
        } catch {
          resolve(null);
        }
      });
      response.on('error', () => resolve(null));
    });
    // A process that is stopped accepts and never answers.
    const timer = setTimeout(() => request.destroy(), PROBE_TIMEOUT_MS);
    request.on('error', () => resolve(null));
    request.on('close', () => {
      clearTimeout(timer);
      resolve(null);
    });
  });
