import type { Database } from './database.ts';

interface Job {
  readonly run: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

type Outcome = { readonly job: Job } & ({ readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: unknown });

/**
 * Every write goes through here. Jobs that arrive in the same turn of the event loop share one transaction and so one sync of the disk; the
 * promise of a job settles only after that commit. A job that throws is rolled back alone; its neighbours are kept.
 */
export class GroupCommit {
  private readonly db: Database;
  private readonly beforeCommit: () => void;
  private readonly onDiscard: () => void;
  private waiting: Job[] = [];
  private scheduled = false;

  /** `beforeCommit` writes what jobs have gathered in memory; `onDiscard` forgets it when the transaction fails. */
  constructor(db: Database, beforeCommit: () => void, onDiscard: () => void) {
    this.db = db;
    this.beforeCommit = beforeCommit;
    this.onDiscard = onDiscard;
  }

  run<T>(job: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.waiting.push({
        run: job,
        resolve: (value) => {
          resolve(value as T);
        },
        reject,
      });
      if (this.scheduled) return;
      this.scheduled = true;
      setImmediate(() => {
        this.commit();
      });
    });
  }

  /** Commits what is waiting, now. */
  commit(): void {
    this.scheduled = false;
    const jobs = this.waiting;
    this.waiting = [];
    if (jobs.length === 0) return;
    const outcomes: Outcome[] = [];
    try {
      this.db.exec('BEGIN IMMEDIATE');
      for (const job of jobs) outcomes.push(this.attempt(job));
      this.beforeCommit();
      this.db.exec('COMMIT');
    } catch (error) {
      this.onDiscard();
      this.rollback();
      for (const job of jobs) job.reject(error);
      return;
    }
    for (const outcome of outcomes) {
      if (outcome.ok) outcome.job.resolve(outcome.value);
      else outcome.job.reject(outcome.error);
    }
  }

  private attempt(job: Job): Outcome {
    this.db.exec('SAVEPOINT job');
    try {
      const value = job.run();
      this.db.exec('RELEASE job');
      return { job, ok: true, value };
    } catch (error) {
      try {
        this.db.exec('ROLLBACK TO job; RELEASE job');
      } catch {
        // SQLite has given up the whole transaction (disk full, I/O error): the first error is the one to report, to all.
        throw error;
      }
      return { job, ok: false, error };
    }
  }

  private rollback(): void {
    try {
      this.db.exec('ROLLBACK');
    } catch {
      // SQLite has rolled back by itself already (disk full, I/O error): the first error is the one to report.
    }
  }
}
