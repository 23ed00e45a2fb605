/** The built-in service as seen from outside the editor: by the file in which it says where it is. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { until } from '../../../scripts/bed/until.ts';
import type { Server } from './server.ts';

export interface ServiceInfo {
  readonly pid: number;
  readonly url: string;
  readonly token: string;
}

const read = (server: Server): ServiceInfo | null => {
  const file = path.join(server.storage, 'service/service.json');
  if (!existsSync(file)) return null;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ServiceInfo;
  } catch {
    return null; // being written
  }
};

export const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const answers = async (service: ServiceInfo): Promise<boolean> =>
  fetch(new URL('/healthz', service.url)).then(
    ({ ok }) => ok,
    () => false,
  );

/** Waits for a service that answers and is not the process `other`. */
export const builtinService = (server: Server, other: number | null = null): Promise<ServiceInfo> =>
  until(
    other === null ? 'the built-in service answers' : 'another process of the built-in service answers',
    async () => {
      const service = read(server);
      return service !== null && service.pid !== other && alive(service.pid) && (await answers(service)) ? service : null;
    },
    30_000,
  );

/** kill -9, whether it still lives or not. */
export const killNow = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
};
