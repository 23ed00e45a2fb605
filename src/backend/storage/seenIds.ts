import type { Database, Statement } from './database.ts';

/** An id is remembered for at least this long, unless more than IDS_KEPT newer ones came. */
export const REMEMBER_MS = 24 * 3600_000;
export const IDS_KEPT = 3_000_000;
const GENERATION_IDS = 500_000;
const GENERATION_MS = 6 * 3600_000;

/**
 * Ids of events seen before. They are filed by generation (500,000 ids or six hours), so that forgetting the oldest is one deletion by
 * key, and memory of ids stays bounded.
 */
export class SeenIds {
  private readonly db: Database;
  private readonly looking: Statement;
  private readonly inserting: Statement;
  private generations: { readonly generation: number; readonly started: number; ids: number }[];
  private dirty = false;

  constructor(db: Database) {
    this.db = db;
    this.looking = db.prepare('SELECT 1 FROM seen WHERE generation = ? AND id = ?');
    this.inserting = db.prepare('INSERT OR IGNORE INTO seen(generation, id) VALUES (?, ?)');
    this.generations = this.read();
  }

  /** Remembers the id; false when it was known. */
  add(id: string, now: number): boolean {
    const current = this.currentGeneration(now);
    for (const older of this.generations) {
      if (older !== current && this.looking.get(older.generation, id) !== undefined) return false;
    }
    if (Number(this.inserting.run(current.generation, id).changes) === 0) return false;
    current.ids += 1;
    this.dirty = true;
    return true;
  }

  /** Writes the sizes of the generations; call before the commit. */
  flush(): void {
    if (!this.dirty) return;
    this.dirty = false;
    const upsert = this.db.prepare('INSERT OR REPLACE INTO seen_generation(generation, started, ids) VALUES (?, ?, ?)');
    for (const { generation, started, ids } of this.generations) upsert.run(generation, started, ids);
  }

  /** After a transaction failed: what is in memory comes from the database again. */
  reload(): void {
    this.dirty = false;
    this.generations = this.read();
  }

  /** Forgets generations that are too old or too many. Within a transaction. */
  prune(now: number): void {
    let total = this.generations.reduce((sum, { ids }) => sum + ids, 0);
    const kept = [...this.generations];
    while (kept.length > 1) {
      const [oldest, next] = kept;
      // The ids of a generation came before the next one started.
      if (oldest === undefined || next === undefined || (next.started > now - REMEMBER_MS && total <= IDS_KEPT)) break;
      this.db.prepare('DELETE FROM seen WHERE generation = ?').run(oldest.generation);
      this.db.prepare('DELETE FROM seen_generation WHERE generation = ?').run(oldest.generation);
      total -= oldest.ids;
      kept.shift();
    }
    this.generations = kept;
  }

  private currentGeneration(now: number): { readonly generation: number; ids: number } {
    const last = this.generations.at(-1);
    if (last !== undefined && last.ids < GENERATION_IDS && now - last.started < GENERATION_MS) return last;
    const next = { generation: (last?.generation ?? 0) + 1, started: now, ids: 0 };
    this.generations.push(next);
    return next;
  }

  private read(): { generation: number; started: number; ids: number }[] {
    return this.db
      .prepare('SELECT generation, started, ids FROM seen_generation ORDER BY generation')
      .all()
      .map((row) => ({ generation: row['generation'] as number, started: row['started'] as number, ids: row['ids'] as number }));
  }
}
