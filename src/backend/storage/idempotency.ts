import { createHash } from 'node:crypto';
import type { Database, Statement } from './database.ts';

const KEEP_MS = 24 * 3600_000;
const KEYS_KEPT = 100_000;

/** Answers to requests that carried an Idempotency-Key, so that a retry gets the first answer again. */
export class Idempotency {
  private readonly finding: Statement;
  private readonly inserting: Statement;
  private readonly aging: Statement;
  private readonly bounding: Statement;

  constructor(db: Database) {
    this.finding = db.prepare('SELECT body_hash, answer FROM idempotency WHERE key = ? AND time > ?');
    this.inserting = db.prepare('INSERT OR REPLACE INTO idempotency(key, body_hash, answer, time) VALUES (?, ?, ?, ?)');
    this.aging = db.prepare('DELETE FROM idempotency WHERE time <= ?');
    this.bounding = db.prepare('DELETE FROM idempotency WHERE time <= (SELECT time FROM idempotency ORDER BY time DESC LIMIT 1 OFFSET ?)');
  }

  static hash(body: Uint8Array): string {
    return createHash('sha256').update(body).digest('base64url');
  }

  /** The JSON of the first answer, `otherBody` when the key was used for something else, null when it is new. */
  find(key: string, bodyHash: string, now: number): { readonly answer: string } | 'otherBody' | null {
    const row = this.finding.get(key, now - KEEP_MS);
    if (row === undefined) return null;
    return row['body_hash'] === bodyHash ? { answer: row['answer'] as string } : 'otherBody';
  }

  remember(key: string, bodyHash: string, answer: string, now: number): void {
    this.inserting.run(key, bodyHash, answer, now);
  }

  prune(now: number): void {
    this.aging.run(now - KEEP_MS);
    this.bounding.run(KEYS_KEPT);
  }
}
