import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { integer, number, object, string, type Decoded } from '../../base/decode.ts';
import { fetchJson } from './fetchJson.ts';
import { writePrivateFile } from './privateFile.ts';
import { isAlive } from './startTime.ts';

const decodeServiceFile = object({
  url: string,
  pid: integer,
  /** When that process started, epoch milliseconds; `/healthz` says the same number. */
  startedAt: number,
  token: string,
  version: string,
});

/** What `DIR/service.json` tells others about the living service of a data folder. */
export type ServiceInfo = Decoded<typeof decodeServiceFile>;

const fileOf = (dataDir: string): string => path.join(dataDir, 'service.json');

export const writeServiceFile = (dataDir: string, info: ServiceInfo): void => {
  writePrivateFile(fileOf(dataDir), `${JSON.stringify(info)}\n`);
};

/** What the file says, whether or not that process lives; null when there is none that can be read. */
export const readServiceFile = (dataDir: string): ServiceInfo | null => {
  try {
    const decoded = decodeServiceFile(JSON.parse(readFileSync(fileOf(dataDir), 'utf8')));
    return decoded.ok ? decoded.value : null;
  } catch {
    return null;
  }
};

/** Removes the file if it still tells of the process given. */
export const removeServiceFile = (dataDir: string, pid: number): void => {
  if (readServiceFile(dataDir)?.pid === pid) rmSync(fileOf(dataDir), { force: true });
};

const decodeHealth = object({ pid: integer, startedAt: number });

/**
 * The living service of a data folder; null when the file is what a dead one left. A process id alone proves nothing, since it is given
 * again: the process has to answer under the address of the file with the same id and the same start time.
 */
export const findLivingService = async (dataDir: string, signal: AbortSignal): Promise<ServiceInfo | null> => {
  const info = readServiceFile(dataDir);
  if (info === null || !isAlive(info.pid) || !URL.canParse('/healthz', info.url)) return null;
  const health = decodeHealth(await fetchJson(new URL('/healthz', info.url), signal));
  return health.ok && health.value.pid === info.pid && health.value.startedAt === info.startedAt ? info : null;
};
