import type { ReleaseView } from '../domain/release.ts';
import type { Database, Statement } from './database.ts';

export interface Change {
  readonly id: number;
  /** JSON of the release after the change. */
  readonly doc: string;
}

/** How many changes a client of the stream can be behind before it has to read everything anew. */
export const CHANGES_KEPT = 1000;

/** What the event stream tells: every change of a release, with ids that rise over restarts. */
export class Changes {
  private readonly inserting: Statement;
  private readonly after: Statement;
  private readonly ends: Statement;
  private readonly deleting: Statement;

  constructor(db: Database) {
    this.inserting = db.prepare('INSERT INTO change(doc) VALUES (?)');
    this.after = db.prepare('SELECT id, doc FROM change WHERE id > ? ORDER BY id');
    this.ends = db.prepare('SELECT ifnull(min(id), 0) AS first, ifnull(max(id), 0) AS last FROM change');
    this.deleting = db.prepare('DELETE FROM change WHERE id <= ?');
  }

  append(view: ReleaseView): Change {
    const doc = JSON.stringify(view);
    const id = Number(this.inserting.run(doc).lastInsertRowid);
    this.deleting.run(id - CHANGES_KEPT);
    return { id, doc };
  }

  get lastId(): number {
    return this.ends.get()?.['last'] as number;
  }

  /** The changes after `id`; null when some of them are gone, or `id` was never given by this database. */
  since(id: number): readonly Change[] | null {
    const { first, last } = this.ends.get() as { first: number; last: number };
    if (!Number.isSafeInteger(id) || id > last || id < first - 1) return null;
    return this.after.all(id).map((row) => ({ id: row['id'] as number, doc: row['doc'] as string }));
  }
}
