import path from 'node:path';
import type { AbortSignalLike } from '../../base/abort.ts';
import type { Clock } from '../../base/clock.ts';
import { discover, unreadable, type FoundFile, type Unreadable } from './discover.ts';
import type { LineSink } from './lineSplitter.ts';
import type { LogFiles } from './logFiles.ts';
import { LostFiles, type LostFile } from './lostFiles.ts';
import { Tail, UnfitError, type Chunks, type PastLife, type Progress } from './tail.ts';

/** Small enough that its lines are counted in a few milliseconds, between which the host does its other work. */
const CHUNK_BYTES = 512 * 1024;
/** A renamed file is watched this long after its last growth: the server writes to it until it is told to reopen. */
const LINGER_MS = 30_000;
/** Beyond this the files that have not grown for longest are closed. */
const MOST_OPEN = 200;
/** Past lives of truncated files kept to recognise copies that appear after the truncation. */
const MOST_LIVES = 50;
/** Existing content beyond this is not read: the newest counts. */
const MOST_INITIAL_BYTES = 4 * 1024 ** 3;

export interface FollowerOptions {
  readonly patterns: readonly string[];
  /** Where relative patterns begin. */
  readonly folder: string;
  readonly sinkOf: (path: () => string) => LineSink;
  readonly clock: Clock;
  readonly files: LogFiles;
  readonly mostInitialBytes?: number;
}

/** What one look at all files found. */
export interface Look {
  /** Files that are followed. */
  readonly files: number;
  readonly unreadable: readonly Unreadable[];
  /** A compressed file that a pattern passed over; null where there is none. */
  readonly compressed: string | null;
  /** Files that no pattern leads to any more, newest first. */
  readonly lost: readonly LostFile[];
  /** Files that rotation had put beside them before the first look, and that no pattern leads to; newest first. */
  readonly beside: readonly LostFile[];
  /** Bytes read by this look. */
  readonly bytes: number;
  /** Bytes that were never read, since there was too much. */
  readonly skipped: number;
}

/**
 * Follows every file its patterns name, through renames, truncations, copies and gaps. `look` reads what is new; call it as often as
 * news is wanted, never twice at a time.
 */
export class Follower {
  private readonly options: FollowerOptions;
  private readonly tails = new Map<string, Tail>();
  private readonly lives: PastLife[] = [];
  /** Files that are not what they should be, by identity: not opened again. */
  private readonly dead = new Map<string, Unreadable>();
  private readonly chunks: Chunks = [Buffer.allocUnsafe(CHUNK_BYTES), Buffer.allocUnsafe(CHUNK_BYTES)];
  private readonly lost: LostFiles;
  private looked = false;
  private doneBytes = 0;
  private totalBytes = 0;
  private watchedFolders: readonly string[] = [];

  constructor(options: FollowerOptions) {
    this.options = options;
    this.lost = new LostFiles(options.files);
  }

  /** Of the bytes the running look has to read, how many are read; 0..1, 0 until it is known how many there are. */
  get done(): number {
    return this.totalBytes === 0 ? 0 : Math.min(1, this.doneBytes / this.totalBytes);
  }

  /** Whether everything that was there at first has been read. */
  get caughtUp(): boolean {
    return this.looked;
  }

  /** Files that are followed. */
  get files(): number {
    return this.tails.size;
  }

  /** The folders in which files come and go. */
  get folders(): readonly string[] {
    return this.watchedFolders;
  }

  /** Never rejects: what cannot be read is in the answer. */
  async look(signal: AbortSignalLike): Promise<Look> {
    const { clock, patterns, folder, files } = this.options;
    this.totalBytes = 0;
    const found = await discover(patterns, folder, files);
    const problems = new Map(found.unreadable.map((one) => [one.file, one]));
    this.watchedFolders = found.folders;
    const gone = this.attach(found.files);
    for (const tail of gone) await this.lost.add({ identity: tail.identity, path: tail.origin, grewAt: tail.grewAt }, clock.elapsed());
    const living = [...this.tails.values()];
    for (const tail of living) await this.guard(tail, problems, () => this.examine(tail));
    if (!this.looked) {
      this.limit(living);
      await this.lost.addSiblings(found.files);
    }
    this.doneBytes = 0;
    this.totalBytes = living.reduce((sum, tail) => sum + Math.max(0, tail.size - tail.progress.offset), 0);
    for (const tail of this.inOrder(found.files)) {
      if (signal.aborted) break;
      await this.guard(tail, problems, () => tail.read(this.chunks, clock.elapsed(), (count) => (this.doneBytes += count), signal));
    }
    if (!signal.aborted) {
      this.looked = true;
      await this.letGo();
    }
    const followed = [...this.tails.values()].filter((tail) => tail.detachedAt === null && !problems.has(tail.path));
    const skipped = followed.reduce((sum, tail) => sum + tail.skipped, 0);
    return {
      files: followed.length,
      unreadable: [...problems.values()],
      compressed: found.compressed,
      lost: this.lost.all,
      beside: this.lost.beside,
      bytes: this.doneBytes,
      skipped,
    };
  }

  async close(): Promise<void> {
    for (const tail of this.tails.values()) await tail.close();
  }

  /** Gives every file found its tail, new or known under another path; what was not found is detached, and answered when lines of it count. */
  private attach(files: readonly FoundFile[]): readonly Tail[] {
    const seen = new Set<string>();
    for (const file of files) {
      seen.add(file.identity);
      this.lost.found(file.identity);
      const known = this.tails.get(file.identity);
      if (known) {
        known.path = file.path;
        known.origin = file.path;
        known.foundSize = file.size;
        known.detachedAt = null;
      } else {
        const tail: Tail = new Tail(
          file,
          this.options.sinkOf(() => tail.path),
          this.options.files,
        );
        tail.foundSize = file.size;
        this.tails.set(file.identity, tail);
      }
    }
    const now = this.options.clock.elapsed();
    const gone = [...this.tails.values()].filter((tail) => !seen.has(tail.identity) && tail.detachedAt === null);
    for (const tail of gone) tail.detachedAt = now;
    for (const identity of this.dead.keys()) if (!seen.has(identity)) this.dead.delete(identity);
    const followed = new Set([...this.tails.values()].filter((tail) => tail.detachedAt === null).map(({ progress }) => progress));
    return gone.filter(({ progress }) => progress.offset > 0 && !followed.has(progress));
  }

  private async examine(tail: Tail): Promise<void> {
    if (tail.detachedAt === null && tail.isAtRest) return;
    const isNew = tail.size === 0;
    const past = await tail.look();
    tail.looked = true;
    if (past && past.progress.offset > 0) {
      this.lives.push(past);
      if (this.lives.length > MOST_LIVES) this.lives.shift();
    }
    if (isNew || past) await this.recognise(tail);
    if (past) await this.adoptCopies(tail.path, past);
  }

  /** A copy of what is or was followed (logrotate's copytruncate makes one) goes on where that was read to. */
  private async recognise(tail: Tail): Promise<void> {
    if (tail.progress.offset > 0) return;
    for (const other of this.tails.values()) {
      if (other === tail || !(await tail.isCopyOf(other))) continue;
      tail.progress = other.progress;
      return;
    }
    for (const life of [...this.lives].reverse()) {
      if (!(await tail.isCopyOfPast(life))) continue;
      tail.progress = life.progress;
      return;
    }
  }

  /**
   * A file began anew: what was written to it after the last look may stand in a copy beside it that no pattern leads to (logrotate's
   * copytruncate makes `access.log.1`). It is read to its end and let go like a renamed file.
   */
  private async adoptCopies(file: string, past: PastLife): Promise<void> {
    const { files, sinkOf, clock } = this.options;
    for (const found of (await discover([`${file}?*`], path.dirname(file), files)).files) {
      if (this.tails.has(found.identity) || clock.now() - found.modified > LINGER_MS) continue;
      const copy: Tail = new Tail(
        found,
        sinkOf(() => copy.path),
        files,
      );
      try {
        await copy.look();
        if (await copy.isCopyOfPast(past)) {
          copy.progress = past.progress;
          copy.origin = file;
          this.tails.set(found.identity, copy);
          continue;
        }
      } catch {
        // Compressed already, or not ours to read: what nobody asked for is no problem to tell of.
      }
      await copy.close().catch(() => undefined);
    }
  }

  /** Of too much existing content the newest is read. */
  private limit(tails: readonly Tail[]): void {
    let budget = this.options.mostInitialBytes ?? MOST_INITIAL_BYTES;
    for (const tail of [...tails].reverse()) {
      if (tail.size > budget) tail.skipTo(tail.size - budget);
      budget = Math.max(0, budget - tail.size);
    }
  }

  /** Files without a path first (they are finished before their successor begins), then the oldest. */
  private inOrder(files: readonly FoundFile[]): readonly Tail[] {
    const order = new Map(files.map((file, index) => [file.identity, index]));
    return [...this.tails.values()].sort((a, b) => (order.get(a.identity) ?? -1) - (order.get(b.identity) ?? -1));
  }

  private async guard(tail: Tail, problems: Map<string, Unreadable>, work: () => Promise<void>): Promise<void> {
    const dead = this.dead.get(tail.identity);
    if (dead) {
      problems.set(tail.path, { ...dead, file: tail.path });
      return;
    }
    try {
      await work();
    } catch (error) {
      tail.looked = false;
      const problem: Unreadable =
        error instanceof UnfitError ? { kind: error.kind, file: tail.path, problem: error.message } : unreadable(tail.path, error);
      problems.set(tail.path, problem);
      if (error instanceof UnfitError) this.dead.set(tail.identity, problem);
      await tail.close().catch(() => undefined);
    }
  }

  /** Lets go of files that nothing leads to and that have been quiet for long, and closes the quietest of too many. */
  private async letGo(): Promise<void> {
    const now = this.options.clock.elapsed();
    for (const tail of [...this.tails.values()]) {
      if (tail.detachedAt === null || now - Math.max(tail.detachedAt, tail.grewAt) < LINGER_MS) continue;
      this.tails.delete(tail.identity);
      if (!this.isShared(tail.progress)) tail.progress.splitter.finish();
      await tail.close().catch(() => undefined);
    }
    const open = [...this.tails.values()]
      .filter((tail) => tail.isOpen)
      .sort((a, b) => Number(b.grewAt > a.grewAt) - Number(b.grewAt < a.grewAt));
    for (const tail of open.slice(MOST_OPEN)) await tail.close().catch(() => undefined);
  }

  private isShared(progress: Progress): boolean {
    return [...this.tails.values()].some((tail) => tail.progress === progress);
  }
}
