import type { ActKind } from '../domain/transition.ts';
import type { Database, Statement } from './database.ts';

export type Role = 'viewer' | 'operator';

export interface AuditEntry {
  readonly id: number;
  /** Epoch milliseconds. */
  readonly time: number;
  /** The person as the client named them, else the role; `service` for what the service did by itself. */
  readonly actor: string;
  readonly role: Role | 'service';
  readonly release: string;
  readonly action: ActKind | 'create';
  /** Ratio before and after; null where there was none. */
  readonly from: number | null;
  readonly to: number | null;
  readonly reason: string | null;
  /** Of the release after it. */
  readonly revision: number;
}

export interface AuditQuery {
  readonly release: string | null;
  /** Epoch milliseconds. */
  readonly since: number;
  readonly limit: number;
}

const ENTRIES_KEPT = 100_000;

export class Audit {
  private readonly inserting: Statement;
  private readonly deleting: Statement;
  private readonly newest: Statement;
  private readonly newestOfRelease: Statement;

  constructor(db: Database) {
    this.inserting = db.prepare(
      'INSERT INTO audit(time, actor, role, release, action, ratio_from, ratio_to, reason, revision) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
    );
    this.deleting = db.prepare('DELETE FROM audit WHERE id <= ?');
    this.newest = db.prepare('SELECT * FROM audit WHERE time >= ? ORDER BY id DESC LIMIT ?');
    this.newestOfRelease = db.prepare('SELECT * FROM audit WHERE release = ? AND time >= ? ORDER BY id DESC LIMIT ?');
  }

  append(entry: Omit<AuditEntry, 'id'>): void {
    const { time, actor, role, release, action, from, to, reason, revision } = entry;
    const id = Number(this.inserting.run(time, actor, role, release, action, from, to, reason, revision).lastInsertRowid);
    this.deleting.run(id - ENTRIES_KEPT);
  }

  /** The newest `limit` entries that match, newest last. */
  read({ release, since, limit }: AuditQuery): readonly AuditEntry[] {
    const rows = release === null ? this.newest.all(since, limit) : this.newestOfRelease.all(release, since, limit);
    return rows.map(({ ratio_from: from, ratio_to: to, ...rest }) => ({ ...rest, from, to }) as unknown as AuditEntry).reverse();
  }
}
