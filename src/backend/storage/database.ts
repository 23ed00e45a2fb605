import * as sqlite from 'node:sqlite';
import { DatabaseSync } from 'node:sqlite';

/** The part of SQLite the service uses. Everything is synchronous; a statement is prepared once and kept by its owner. */
export type SqlValue = null | number | string | Uint8Array;

export interface Statement {
  run(...values: SqlValue[]): { readonly changes: number | bigint; readonly lastInsertRowid: number | bigint };
  get(...values: SqlValue[]): Readonly<Record<string, unknown>> | undefined;
  all(...values: SqlValue[]): readonly Readonly<Record<string, unknown>>[];
  iterate(...values: SqlValue[]): Iterable<Readonly<Record<string, unknown>>>;
}

export interface Database {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

/** SQLITE_FULL, and SQLITE_IOERR_SHMSIZE: no room for the index of the log. After both nothing of the transaction is kept. */
const FULL = new Set([13, 4874]);

/** There is no room left on the disk. */
export const isDiskFull = (error: unknown): boolean =>
  error instanceof Error &&
  (('errcode' in error && typeof error.errcode === 'number' && FULL.has(error.errcode)) || ('code' in error && error.code === 'ENOSPC'));

const EVERY_PAGE = 0x7fff_ffff;

/** "RLNS": tells our files from other SQLite files. */
export const APPLICATION_ID = 0x524c4e53;
export const SCHEMA_VERSION = 1;

const SCHEMA = `
  CREATE TABLE release(key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, doc TEXT NOT NULL) STRICT;
  -- One row a change of a release: the release after it, for the event stream. AUTOINCREMENT: ids rise for ever.
  CREATE TABLE change(id INTEGER PRIMARY KEY AUTOINCREMENT, doc TEXT NOT NULL) STRICT;
  CREATE TABLE audit(
    id INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, actor TEXT NOT NULL, role TEXT NOT NULL, release TEXT NOT NULL,
    action TEXT NOT NULL, ratio_from REAL, ratio_to REAL, reason TEXT, revision INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX audit_release ON audit(release, id);
  -- level: seconds a row stands for (1, 60, 3600); start: epoch seconds; variant: 0 stable, 1 canary.
  CREATE TABLE rollup(
    level INTEGER NOT NULL, release INTEGER NOT NULL, start INTEGER NOT NULL, variant INTEGER NOT NULL,
    requests INTEGER NOT NULL, errors INTEGER NOT NULL, client_errors INTEGER NOT NULL,
    predictions INTEGER NOT NULL, correct INTEGER NOT NULL, ratings INTEGER NOT NULL, rating_sum REAL NOT NULL,
    cpu_count INTEGER NOT NULL, cpu_sum REAL NOT NULL, memory_count INTEGER NOT NULL, memory_sum REAL NOT NULL,
    latency BLOB NOT NULL,
    PRIMARY KEY(level, release, start, variant)
  ) STRICT, WITHOUT ROWID;
  -- The distinct users of a row of level 1 or 60, kept apart since they are pruned earlier.
  CREATE TABLE rollup_users(
    level INTEGER NOT NULL, release INTEGER NOT NULL, start INTEGER NOT NULL, variant INTEGER NOT NULL, users BLOB NOT NULL,
    PRIMARY KEY(level, release, start, variant)
  ) STRICT, WITHOUT ROWID;
  -- Ids of events seen before, by the generation they came in, so that the oldest go at once.
  CREATE TABLE seen_generation(generation INTEGER PRIMARY KEY, started INTEGER NOT NULL, ids INTEGER NOT NULL) STRICT;
  CREATE TABLE seen(generation INTEGER NOT NULL, id TEXT NOT NULL, PRIMARY KEY(generation, id)) STRICT, WITHOUT ROWID;
  CREATE TABLE idempotency(key TEXT PRIMARY KEY, body_hash TEXT NOT NULL, answer TEXT NOT NULL, time INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE INDEX idempotency_time ON idempotency(time);
`;

const pragma = (db: DatabaseSync, name: string): unknown => Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0];

/** Why a file is not a database of this service that this version can read; null when it is. */
export const databaseProblem = (file: string): string | null => {
  let db: DatabaseSync | null = null;
  try {
    db = new DatabaseSync(file, { readOnly: true });
    if (pragma(db, 'application_id') !== APPLICATION_ID) return 'it is not a backup of this service';
    const version = pragma(db, 'user_version');
    if (version !== SCHEMA_VERSION)
      return `its schema has version ${String(version)}, this program reads version ${String(SCHEMA_VERSION)}`;
    const check = pragma(db, 'integrity_check');
    return check === 'ok' ? null : `it is damaged: ${String(check)}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    db?.close();
  }
};

/**
 * A complete copy of a database as it is on the disk, in a file that does not exist yet. Others may write meanwhile. It is made in one
 * step on another thread: between steps a write would make it begin anew. A runtime that cannot (Node before 22.16) copies on this one.
 */
export const copyDatabase = async (file: string, copy: string): Promise<void> => {
  const from = new DatabaseSync(file, { readOnly: true });
  try {
    if (!('backup' in sqlite)) {
      from.prepare('VACUUM INTO ?').run(copy);
      return;
    }
    await sqlite.backup(from, copy, { rate: EVERY_PAGE });
  } finally {
    from.close();
  }
  // In WAL mode, as it is now, reading it would make files beside it.
  const made = new DatabaseSync(copy);
  try {
    made.exec('PRAGMA journal_mode = DELETE');
  } finally {
    made.close();
  }
};

/**
 * Opens the database of a data folder, and makes it on the first start. WAL with synchronous=FULL: what is committed is on the disk.
 * Throws when the file is not ours, or was written by a newer version.
 */
export const openDatabase = (file: string): Database => {
  const db = new DatabaseSync(file);
  try {
    const version = pragma(db, 'user_version');
    const application = pragma(db, 'application_id');
    const tables = Object.values(db.prepare('SELECT count(*) FROM sqlite_schema').get() ?? {})[0];
    if (tables !== 0 && application !== APPLICATION_ID) throw new Error(`${file} is not a database of this service.`);
    if (tables !== 0 && version !== SCHEMA_VERSION) {
      throw new Error(`${file} has schema version ${String(version)}; this program reads version ${String(SCHEMA_VERSION)}.`);
    }
    // Before the first table, or it needs a VACUUM: freed pages go back to the file system as rows age out.
    if (tables === 0) db.exec('PRAGMA auto_vacuum = INCREMENTAL');
    db.exec('PRAGMA journal_mode = WAL');
    db.exec('PRAGMA synchronous = FULL');
    db.exec('PRAGMA cache_size = -65536');
    db.exec('PRAGMA journal_size_limit = 67108864');
    if (tables === 0) {
      db.exec(
        `BEGIN; PRAGMA application_id = ${String(APPLICATION_ID)}; PRAGMA user_version = ${String(SCHEMA_VERSION)}; ${SCHEMA} COMMIT;`,
      );
    }
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
};
