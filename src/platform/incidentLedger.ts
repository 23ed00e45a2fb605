import { createHash } from 'node:crypto';
import { mkdir, open, readdir, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../base/clock.ts';
import type { Log } from '../base/log.ts';

/** An incident that nobody has seen for this long is over: what is wrong after that is a relapse, and told again. */
export const OVER_AFTER_MS = 30 * 60_000;
const KEEP_MS = 14 * 24 * 3_600_000;

/** When a file was last touched, epoch milliseconds. One that another window has just forgotten was so long ago. */
const seenAt = async (file: string): Promise<number> => {
  try {
    return (await stat(file)).mtimeMs;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return -Infinity;
    throw error;
  }
};

/**
 * Which incidents have been told, over all windows and reloads of a person. Each time that something goes wrong is one empty file, numbered, created
 * exclusively, so that of two windows that see it at the same moment exactly one tells it; its time is when any window last saw it.
 */
export class IncidentLedger {
  private readonly folder: string;
  private readonly clock: Clock;
  private readonly log: Log;
  /** When this window last saw each, for a disk that refuses. */
  private readonly seenHere = new Map<string, number>();
  private pruned = false;

  constructor(folder: string, clock: Clock, log: Log) {
    this.folder = folder;
    this.clock = clock;
    this.log = log;
  }

  /**
   * An incident is seen now. True for the first who sees it since it began; it has to be called again while it lasts, more often than `OVER_AFTER_MS`.
   * Where the disk refuses, each window tells once: better twice than never.
   */
  async sight(id: string): Promise<boolean> {
    const now = this.clock.now();
    const before = this.seenHere.get(id) ?? -Infinity;
    this.seenHere.set(id, now);
    try {
      await mkdir(this.folder, { recursive: true });
      await this.prune(now);
      const base = createHash('sha256').update(id).digest('hex').slice(0, 32);
      const times = (await readdir(this.folder)).filter((name) => name.startsWith(`${base}.`)).map((name) => Number(name.slice(33)));
      const last = Math.max(0, ...times);
      const file = (time: number): string => path.join(this.folder, `${base}.${String(time)}`);
      const lasts = last > 0 && now - (await seenAt(file(last))) < OVER_AFTER_MS;
      if (!lasts) await (await open(file(last + 1), 'wx', 0o600)).close();
      await utimes(file(lasts ? last : last + 1), now / 1000, now / 1000);
      return !lasts;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
      this.log.warn(`Which alerts were shown could not be kept, so one may be shown again: ${String(error)}`);
      return now - before >= OVER_AFTER_MS;
    }
  }

  /** Forgets what is long over. */
  private async prune(now: number): Promise<void> {
    if (this.pruned) return;
    this.pruned = true;
    for (const name of await readdir(this.folder)) {
      const file = path.join(this.folder, name);
      if (now - (await seenAt(file)) > KEEP_MS) await rm(file, { force: true });
    }
  }
}
