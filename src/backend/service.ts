/**
 * The gray-release service without its HTTP interface: owns the database, and carries out every change as a job of the group commit, so
 * that what it answers is on the disk. Nothing else writes.
 */
import type { Clock } from '../base/clock.ts';
import { Emitter, type Event } from '../base/emitter.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Evidence } from '../model/evidence.ts';
import { createRelease, type NewRelease } from './domain/create.ts';
import type { ReleaseView, ServiceRelease } from './domain/release.ts';
import { transition, type Act } from './domain/transition.ts';
import { viewOf } from './domain/view.ts';
import { Ingestor, parseBatch, type Counted } from './events/ingest.ts';
import { readEvidence } from './measure/evidence.ts';
import { readSeries, type SeriesAnswer, type SeriesQuery } from './measure/series.ts';
import { Audit, type AuditEntry, type AuditQuery } from './storage/audit.ts';
import { Changes, type Change } from './storage/changes.ts';
import { copyDatabase, openDatabase, type Database } from './storage/database.ts';
import { GroupCommit } from './storage/groupCommit.ts';
import { Idempotency } from './storage/idempotency.ts';
import { Releases, type StoredRelease } from './storage/releases.ts';
import { Rollups } from './storage/rollups.ts';
import { SeenIds } from './storage/seenIds.ts';

/** Who acts: goes into the audit. */
export interface Actor {
  readonly actor: string;
  readonly role: AuditEntry['role'];
}

export const THE_SERVICE: Actor = { actor: 'service', role: 'service' };

export type ActError =
  | { readonly kind: 'notFound' }
  /** The release moved since the client read it. */
  | { readonly kind: 'moved'; readonly current: ReleaseView }
  | { readonly kind: 'impossible'; readonly why: string; readonly current: ReleaseView };

export interface ActRequest {
  readonly id: string;
  readonly acts: readonly Act[];
  /** Revisions the client accepts; null: any. */
  readonly revisions: readonly number[] | null;
  readonly by: Actor;
  readonly reason: string | null;
}

export class Service {
  readonly clock: Clock;
  private readonly file: string;
  private readonly db: Database;
  private readonly writes: GroupCommit;
  private readonly releases: Releases;
  private readonly changes: Changes;
  private readonly audit: Audit;
  private readonly rollups: Rollups;
  private readonly seen: SeenIds;
  private readonly idempotency: Idempotency;
  private readonly ingestor: Ingestor;
  private readonly changed: Emitter<Change & { readonly release: ServiceRelease }>;
  private readonly counted: Emitter<readonly Counted[]>;
  /** A release changed, and the change is on the disk. */
  readonly onDidChange: Event<Change & { readonly release: ServiceRelease }>;
  /** Events were counted, and that is on the disk. */
  readonly onDidCount: Event<readonly Counted[]>;

  /**
   * Opens or makes the database; throws when it cannot. What a listener throws goes to `onFault`: the change it was told of is on the
   * disk, and is answered as such.
   */
  constructor(file: string, clock: Clock, onFault: (fault: unknown) => void) {
    this.clock = clock;
    this.file = file;
    this.changed = new Emitter(onFault);
    this.counted = new Emitter(onFault);
    this.onDidChange = this.changed.event;
    this.onDidCount = this.counted.event;
    this.db = openDatabase(file);
    this.releases = new Releases(this.db);
    this.changes = new Changes(this.db);
    this.audit = new Audit(this.db);
    this.rollups = new Rollups(this.db);
    this.seen = new SeenIds(this.db);
    this.idempotency = new Idempotency(this.db);
    this.ingestor = new Ingestor(this.releases, this.seen, this.rollups);
    this.writes = new GroupCommit(
      this.db,
      () => {
        this.rollups.flush();
        this.seen.flush();
      },
      () => {
        this.rollups.discard();
        this.seen.reload();
      },
    );
  }

  list(): readonly ServiceRelease[] {
    return this.releases.all().map(({ release }) => release);
  }

  find(id: string): ServiceRelease | null {
    return this.releases.find(id)?.release ?? null;
  }

  async create(input: NewRelease, by: Actor): Promise<Result<ReleaseView, ReleaseView>> {
    const done = await this.writes.run((): Result<Change & { release: ServiceRelease }, ReleaseView> => {
      const existing = this.releases.find(input.id);
      if (existing !== null) return err(viewOf(existing.release));
      const release = createRelease(input, this.clock.now());
      this.releases.insert(release);
      this.record(null, release, 'create', by, null);
      return ok({ ...this.changes.append(viewOf(release)), release });
    });
    if (!done.ok) return done;
    this.changed.fire(done.value);
    return ok(viewOf(done.value.release));
  }

  /** Carries out the acts, all or none of them. */
  async act(request: ActRequest): Promise<Result<ReleaseView, ActError>> {
    const done = await this.writes.run(() => this.attempt(request));
    if (!done.ok) return done;
    for (const change of done.value.changes) this.changed.fire(change);
    return ok(viewOf(done.value.release));
  }

  /**
   * Counts a batch of NDJSON. With a key, a retry of the same body gets the first answer again; `otherBody` when the key was used for
   * another body. Answers with JSON.
   */
  async ingest(body: Uint8Array, key: string | null): Promise<Result<string, 'tooManyLines' | 'otherBody'>> {
    const now = this.clock.now();
    const lines = parseBatch(body, now);
    if (!lines.ok) return lines;
    const hash = key === null ? '' : Idempotency.hash(body);
    const done = await this.writes.run((): Result<{ answer: string; counted: readonly Counted[] }, 'otherBody'> => {
      const before = key === null ? null : this.idempotency.find(key, hash, now);
      if (before === 'otherBody') return err(before);
      if (before !== null) return ok({ answer: before.answer, counted: [] });
      const ingested = this.ingestor.ingest(lines.value, now);
      const answer = JSON.stringify(ingested.answer);
      if (key !== null) this.idempotency.remember(key, hash, answer, now);
      return ok({ answer, counted: ingested.counted });
    });
    if (!done.ok) return done;
    if (done.value.counted.length > 0) this.counted.fire(done.value.counted);
    return ok(done.value.answer);
  }

  /** null: no such release. Times in epoch milliseconds. */
  evidence(id: string, from: number, to: number): Evidence | null {
    const stored = this.releases.find(id);
    return stored === null ? null : readEvidence(this.rollups, stored.key, from, to, this.clock.now());
  }

  series(id: string, query: SeriesQuery): Result<SeriesAnswer, { readonly points: number }> | null {
    const stored = this.releases.find(id);
    return stored === null ? null : readSeries(this.rollups, stored.key, query, this.clock.now());
  }

  readAudit(query: AuditQuery): readonly AuditEntry[] {
    return this.audit.read(query);
  }

  get lastChangeId(): number {
    return this.changes.lastId;
  }

  changesSince(id: number): readonly Change[] | null {
    return this.changes.since(id);
  }

  /** For what the service does by itself: the raw roll-ups of a release. */
  measure<T>(id: string, read: (rollups: Rollups, key: number) => T): T | null {
    const stored = this.releases.find(id);
    return stored === null ? null : read(this.rollups, stored.key);
  }

  /** Deletes what has aged out and gives pages back to the file system. */
  async prune(): Promise<void> {
    const now = this.clock.now();
    await this.writes.run(() => {
      this.rollups.prune(
        this.releases.all().map(({ key }) => key),
        Math.floor(now / 1000),
      );
      this.seen.prune(now);
      this.idempotency.prune(now);
    });
    this.db.exec('PRAGMA incremental_vacuum(2000)');
  }

  /** Writes a complete copy of the database to a file that does not exist yet. */
  async backup(file: string): Promise<void> {
    this.writes.commit();
    await copyDatabase(this.file, file);
  }

  /** Commits what waits and closes the database. */
  close(): void {
    this.writes.commit();
    this.db.close();
    this.changed.dispose();
    this.counted.dispose();
  }

  private attempt(request: ActRequest): Result<{ release: ServiceRelease; changes: (Change & { release: ServiceRelease })[] }, ActError> {
    const stored: StoredRelease | null = this.releases.find(request.id);
    if (stored === null) return err({ kind: 'notFound' });
    const current = stored.release;
    if (request.revisions !== null && !request.revisions.includes(current.revision))
      return err({ kind: 'moved', current: viewOf(current) });
    const passed: { before: ServiceRelease; after: ServiceRelease; act: Act }[] = [];
    let release = current;
    for (const act of request.acts) {
      const after = transition(release, act, this.clock.now());
      if (!after.ok) return err({ kind: 'impossible', why: after.error, current: viewOf(current) });
      if (after.value !== release) passed.push({ before: release, after: after.value, act });
      release = after.value;
    }
    const changes = passed.map(({ before, after, act }) => {
      this.record(before, after, act.kind, request.by, request.reason);
      return { ...this.changes.append(viewOf(after)), release: after };
    });
    if (passed.length > 0) this.releases.update(release);
    return ok({ release, changes });
  }

  private record(
    before: ServiceRelease | null,
    after: ServiceRelease,
    action: AuditEntry['action'],
    by: Actor,
    reason: string | null,
  ): void {
    this.audit.append({
      time: after.updatedAt,
      ...by,
      release: after.id,
      action,
      from: before?.ratio ?? null,
      to: after.ratio,
      reason,
      revision: after.revision,
    });
  }
}
