/** Programs that outlive the editor on purpose (the built-in service is one) must not outlive a test. */
import { readdirSync, readFileSync } from 'node:fs';
import { until } from './until.ts';

/** Processes whose command line names something inside `folder`, which only this run knows. */
export const processesOf = (folder: string): readonly number[] => {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder);
      } catch {
        return false; // ended meanwhile
      }
    })
    .map(Number);
};

const kill = (pid: number, name: NodeJS.Signals): void => {
  try {
    process.kill(pid, name);
  } catch {
    // ended meanwhile
  }
};

export const endProcessesOf = async (folder: string): Promise<void> => {
  for (const pid of processesOf(folder)) kill(pid, 'SIGTERM');
  await until('all programs of this run have ended', () => processesOf(folder).length === 0, 4000).catch(() => {
    for (const pid of processesOf(folder)) kill(pid, 'SIGKILL');
  });
};
