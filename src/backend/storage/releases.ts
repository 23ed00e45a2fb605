import type { ServiceRelease } from '../domain/release.ts';
import type { Database, Statement } from './database.ts';

export interface StoredRelease {
  /** Small number the roll-ups are filed under. */
  readonly key: number;
  readonly release: ServiceRelease;
}

const parse = (row: Readonly<Record<string, unknown>>): StoredRelease => ({
  key: row['key'] as number,
  // Written by `insert` and `update` below only.
  release: JSON.parse(row['doc'] as string) as ServiceRelease,
});

export class Releases {
  private readonly byId: Statement;
  private readonly inOrder: Statement;
  private readonly inserting: Statement;
  private readonly updating: Statement;

  constructor(db: Database) {
    this.byId = db.prepare('SELECT key, doc FROM release WHERE id = ?');
    this.inOrder = db.prepare('SELECT key, doc FROM release ORDER BY key');
    this.inserting = db.prepare('INSERT INTO release(id, doc) VALUES (?, ?)');
    this.updating = db.prepare('UPDATE release SET doc = ? WHERE id = ?');
  }

  find(id: string): StoredRelease | null {
    const row = this.byId.get(id);
    return row === undefined ? null : parse(row);
  }

  /** All releases, in the order they were made. */
  all(): readonly StoredRelease[] {
    return this.inOrder.all().map(parse);
  }

  insert(release: ServiceRelease): void {
    this.inserting.run(release.id, JSON.stringify(release));
  }

  update(release: ServiceRelease): void {
    this.updating.run(JSON.stringify(release), release.id);
  }
}
