import { chmodSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export interface InstanceLock {
  release(): void;
}

/**
 * One process a data folder. The lock is an exclusive lock of SQLite on a file of its own, so the operating system gives it back the
 * moment its holder dies, however it dies: no file to clean up, no process id to trust. null: another process holds it.
 */
export const takeInstanceLock = (dataDir: string): InstanceLock | null => {
  const file = path.join(dataDir, 'instance.lock');
  const db = new DatabaseSync(file);
  try {
    db.exec('PRAGMA busy_timeout = 0');
    // Without a journal file: a killed holder leaves nothing to roll back.
    db.exec('PRAGMA journal_mode = MEMORY');
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (isBusy(error)) return null;
    throw error;
  }
  chmodSync(file, 0o600);
  return {
    release: () => {
      db.close();
    },
  };
};

const SQLITE_BUSY = 5;

const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' && (error.errcode & 0xff) === SQLITE_BUSY;
