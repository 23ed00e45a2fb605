import type { VariantRole } from '../../model/release.ts';
import { addCell, emptyCell, type Cell } from '../events/cell.ts';
import { addLatency, encodeLatency } from '../events/latencyBlob.ts';
import { encodeUsers, readUsers } from '../events/userSet.ts';
import type { Database, Statement } from './database.ts';

/** Seconds a row of each level stands for. */
export const LEVELS = [1, 60, 3600] as const;
export type Level = (typeof LEVELS)[number];

/** How long the rows of each level are kept, in seconds. */
export const KEEP_SECONDS: Readonly<Record<Level, number>> = { 1: 2 * 3600, 60: 14 * 86_400, 3600: 400 * 86_400 };
/** Distinct users can be counted over windows that begin within this time. */
export const KEEP_USERS_SECONDS = 25 * 3600;
const VARIANTS: readonly VariantRole[] = ['stable', 'canary'];

export interface RollupRow {
  /** Epoch seconds. */
  readonly start: number;
  readonly variant: VariantRole;
  readonly cell: Cell;
}

const addRow = (row: Readonly<Record<string, unknown>>, into: Cell): void => {
  into.requests += row['requests'] as number;
  into.errors += row['errors'] as number;
  into.clientErrors += row['client_errors'] as number;
  into.predictions += row['predictions'] as number;
  into.correct += row['correct'] as number;
  into.ratings += row['ratings'] as number;
  into.ratingSum += row['rating_sum'] as number;
  into.cpuCount += row['cpu_count'] as number;
  into.cpuSum += row['cpu_sum'] as number;
  into.memoryCount += row['memory_count'] as number;
  into.memorySum += row['memory_sum'] as number;
  addLatency(row['latency'] as Uint8Array, into.latency);
};

interface PendingCell {
  readonly release: number;
  readonly start: number;
  readonly variant: number;
  readonly cell: Cell;
}

/** The roll-ups of all releases. Additions are gathered in memory and written by `flush`, before the commit they belong to. */
export class Rollups {
  private readonly finding: Statement;
  private readonly writing: Statement;
  private readonly findingUsers: Statement;
  private readonly writingUsers: Statement;
  private readonly range: Statement;
  private readonly usersRange: Statement;
  private readonly first: Statement;
  private readonly last: Statement;
  private readonly pruning: Statement;
  private readonly pruningUsers: Statement;
  private pending = new Map<string, PendingCell>();

  constructor(db: Database) {
    const key = 'level = ? AND release = ? AND start = ? AND variant = ?';
    this.finding = db.prepare(`SELECT * FROM rollup WHERE ${key}`);
    this.writing = db.prepare(`INSERT OR REPLACE INTO rollup VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.findingUsers = db.prepare(`SELECT users FROM rollup_users WHERE ${key}`);
    this.writingUsers = db.prepare('INSERT OR REPLACE INTO rollup_users VALUES (?, ?, ?, ?, ?)');
    this.range = db.prepare('SELECT * FROM rollup WHERE level = ? AND release = ? AND start >= ? AND start < ? ORDER BY start, variant');
    this.usersRange = db.prepare('SELECT variant, users FROM rollup_users WHERE level = ? AND release = ? AND start >= ? AND start < ?');
    this.first = db.prepare('SELECT min(start) AS start FROM rollup WHERE level = ? AND release = ?');
    this.last = db.prepare('SELECT max(start) AS start FROM rollup WHERE level = ? AND release = ?');
    this.pruning = db.prepare('DELETE FROM rollup WHERE level = ? AND release = ? AND start < ?');
    this.pruningUsers = db.prepare('DELETE FROM rollup_users WHERE level = ? AND release = ? AND start < ?');
  }

  /** The cell that gathers what belongs to this second until the commit. */
  pendingCell(release: number, second: number, variant: VariantRole): Cell {
    const index = variant === 'stable' ? 0 : 1;
    const key = `${String(release)}/${String(second)}/${String(index)}`;
    const found = this.pending.get(key);
    if (found !== undefined) return found.cell;
    const cell = emptyCell();
    this.pending.set(key, { release, start: second, variant: index, cell });
    return cell;
  }

  discard(): void {
    this.pending.clear();
  }

  /** Adds what was gathered to the rows of all levels. Within a transaction. */
  flush(): void {
    if (this.pending.size === 0) return;
    const seconds = [...this.pending.values()];
    this.pending.clear();
    for (const level of LEVELS) for (const cell of coarser(seconds, level)) this.write(level, cell);
  }

  /** Rows of one level with `from <= start < to` (epoch seconds), by time; users are left out. */
  *read(level: Level, release: number, from: number, to: number): Iterable<RollupRow> {
    for (const row of this.range.iterate(level, release, from, to)) {
      const cell = emptyCell();
      addRow(row, cell);
      yield { start: row['start'] as number, variant: VARIANTS[row['variant'] as number] ?? 'stable', cell };
    }
  }

  /** The first and last second that something was counted in (epoch seconds), as exactly as rows are kept; null before anything was. */
  extent(release: number): { readonly first: number; readonly last: number } | null {
    let first: number | null = null;
    let last: number | null = null;
    // From coarse to fine: a finer row says it better, where there still is one for the same time.
    for (const level of [...LEVELS].reverse()) {
      const [begins = null, ends = null] = [this.first, this.last].map((ask) => ask.get(level, release)?.['start'] as number | null);
      if (begins !== null && (first === null || begins < first + coarserOf(level))) first = begins;
      if (ends !== null) last = ends + level - 1;
    }
    return first === null || last === null ? null : { first, last };
  }

  /** Appends the users of a range to the lists of the two variants, as often as there are rows that saw them. */
  readUsers(level: 1 | 60, release: number, from: number, to: number, into: Readonly<Record<VariantRole, number[]>>): void {
    for (const row of this.usersRange.iterate(level, release, from, to)) {
      const marks = into[VARIANTS[row['variant'] as number] ?? 'stable'];
      readUsers(row['users'] as Uint8Array, (mark) => marks.push(mark));
    }
  }

  /** Deletes rows that are older than their level is kept. Within a transaction. */
  prune(releases: Iterable<number>, nowSeconds: number): void {
    for (const release of releases) {
      for (const level of LEVELS) {
        this.pruning.run(level, release, nowSeconds - KEEP_SECONDS[level]);
        this.pruningUsers.run(level, release, nowSeconds - Math.min(KEEP_SECONDS[level], KEEP_USERS_SECONDS));
      }
    }
  }

  private write(level: Level, { release, start, variant, cell }: PendingCell): void {
    if (level !== 3600 && cell.users.size > 0) {
      const before = this.findingUsers.get(level, release, start, variant);
      if (before !== undefined) readUsers(before['users'] as Uint8Array, (mark) => cell.users.add(mark));
      this.writingUsers.run(level, release, start, variant, encodeUsers(cell.users));
    }
    const before = this.finding.get(level, release, start, variant);
    if (before !== undefined) addRow(before, cell);
    this.writing.run(
      level,
      release,
      start,
      variant,
      cell.requests,
      cell.errors,
      cell.clientErrors,
      cell.predictions,
      cell.correct,
      cell.ratings,
      cell.ratingSum,
      cell.cpuCount,
      cell.cpuSum,
      cell.memoryCount,
      cell.memorySum,
      encodeLatency(cell.latency),
    );
  }
}

/** Seconds of a row of the next coarser level. */
const coarserOf = (level: Level): number => (level === 1 ? 60 : 3600);

const coarser = (seconds: readonly PendingCell[], level: Level): Iterable<PendingCell> => {
  const cells = new Map<string, PendingCell>();
  for (const { release, start: second, variant, cell } of seconds) {
    const start = Math.floor(second / level) * level;
    const key = `${String(release)}/${String(start)}/${String(variant)}`;
    let into = cells.get(key);
    if (into === undefined) cells.set(key, (into = { release, start, variant, cell: emptyCell() }));
    addCell(into.cell, cell);
  }
  return cells.values();
};
