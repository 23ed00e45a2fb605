import { createHash } from 'node:crypto';
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Log } from '../base/log.ts';

const KEEP_MS = 14 * 24 * 3_600_000;

/**
 * Which incidents have been told, over all windows and reloads of a person: one empty file each, created exclusively, so that of
 * two windows that see the same incident at the same moment exactly one tells it.
 */
export class IncidentLedger {
  private readonly folder: string;
  private readonly log: Log;
  private readonly known = new Set<string>();
  private pruned = false;

  constructor(folder: string, log: Log) {
    this.folder = folder;
    this.log = log;
  }

  private file(id: string): string {
    return path.join(this.folder, createHash('sha256').update(id).digest('hex').slice(0, 32));
  }

  /** True for the first who asks. Where the disk refuses, each window tells once: better twice than never. */
  async claim(id: string): Promise<boolean> {
    if (this.known.has(id)) return false;
    this.known.add(id);
    try {
      await mkdir(this.folder, { recursive: true });
      await this.prune(Date.now());
      await (await open(this.file(id), 'wx', 0o600)).close();
      return true;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
      this.log.warn(`incident ledger: ${String(error)}`);
      return true;
    }
  }

  /** Forgets what is long over. */
  private async prune(now: number): Promise<void> {
    if (this.pruned) return;
    this.pruned = true;
    try {
      for (const name of await readdir(this.folder)) {
        const file = path.join(this.folder, name);
        if (now - (await stat(file)).mtimeMs > KEEP_MS) await rm(file, { force: true });
      }
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) this.log.warn(`incident ledger: ${String(error)}`);
    }
  }
}
