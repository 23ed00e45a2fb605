import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { takeInstanceLock } from '../process/instanceLock.ts';
import { DATABASE_FILE } from '../server.ts';
import { databaseProblem, openDatabase } from '../storage/database.ts';
import { say, UsageError } from './output.ts';

/** `restore --data DIR FILE`: the database of a backup takes the place of the present one, which is kept beside as `….before-restore`. */
export const runRestore = (args: readonly string[]): number => {
  const { values, positionals } = parseArgs({ args: [...args], options: { data: { type: 'string' } }, allowPositionals: true });
  const [source, ...rest] = positionals;
  if (values.data === undefined || source === undefined || rest.length > 0) throw new UsageError('restore needs --data DIR and one FILE.');
  const dataDir = path.resolve(values.data);
  const file = path.resolve(source);
  if (!existsSync(file)) throw new Error(`There is no file ${file}.`);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const lock = takeInstanceLock(dataDir);
  if (lock === null) throw new Error(`A service is running on ${dataDir}; stop it first.`);
  try {
    const database = path.join(dataDir, DATABASE_FILE);
    const beside = `${database}.restoring`;
    for (const leftover of [beside, `${beside}-wal`, `${beside}-shm`]) rmSync(leftover, { force: true });
    copyFileSync(file, beside);
    const wrong = databaseProblem(beside);
    if (wrong !== null) {
      rmSync(beside, { force: true });
      throw new Error(`${file} cannot be restored: ${wrong}.`);
    }
    const kept = existsSync(database) ? `${database}.before-restore` : null;
    if (kept !== null) {
      // Opened and closed, so that its log is written back and the one file is complete.
      openDatabase(database).close();
      rmSync(kept, { force: true });
      renameSync(database, kept);
    }
    for (const log of [`${database}-wal`, `${database}-shm`]) rmSync(log, { force: true });
    renameSync(beside, database);
    say.line({ restored: database, kept });
    return 0;
  } finally {
    lock.release();
  }
};
