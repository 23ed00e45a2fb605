import type { AbortSignalLike } from '../../base/abort.ts';
import type { Clock } from '../../base/clock.ts';
import { SILENT_LOG, type Log } from '../../base/log.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { Evidence } from '../../model/evidence.ts';
import { message, type Message } from '../../model/message.ts';
import type { Refusal } from '../../model/intent.ts';
import type { History } from '../../model/series.ts';
import type { SourceMessageKey } from '../messages.ts';
import type { EvidenceQuery, HistoryQuery, Plan, Source, SourceError, SourceSnapshot } from '../source.ts';
import { failureOf, noteOf, readingNote, type Failure } from './answers.ts';
import { Follower, type Look } from './follower.ts';
import { FolderWatch } from './folderWatch.ts';
import { Ledger } from './ledger.ts';
import { NODE_FILES, type LogFiles } from './logFiles.ts';
import type { LogRelease } from './logRelease.ts';
import type { LogMapping } from './mapping.ts';
import { Rate } from './rate.ts';
import { Wakeup } from './wakeup.ts';

const DEFAULT_POLL_MS = 1000;
/** Between two looks, however often the folder says that something happened. */
const SHORTEST_PAUSE_MS = 200;
/** New lines make a new snapshot at most this often. */
const SHORTEST_SNAPSHOT_MS = 1000;
/** How often a long read says how far it is. */
const PROGRESS_MS = 500;
/** Files may be missing this long before it is an error: a rotation takes the old one away first. */
const GAP_MS = 10_000;

export interface LogSourceOptions {
  readonly id: string;
  readonly name: string;
  /** Paths and glob patterns; `~` is the home folder. */
  readonly files: readonly string[];
  readonly mapping: LogMapping;
  readonly clock: Clock;
  /** Where relative patterns begin: the workspace folder. */
  readonly folder?: string;
  readonly log?: Log;
  readonly pollIntervalMs?: number;
  /** Another file system, for tests. */
  readonly fileSystem?: LogFiles;
}

export const createLogSource = (options: LogSourceOptions): Source => new LogSource(options);

/** JSON-lines files of a server, read once and then followed. One `watch` at a time reads them; the counts outlive it. */
class LogSource implements Source {
  readonly id: string;
  readonly kind = 'logs';
  readonly name: string;
  readonly pollIntervalMs: number;
  private readonly options: LogSourceOptions;
  private readonly clock: Clock;
  private readonly ledger: Ledger;
  private readonly follower: Follower;
  private readonly wakeup: Wakeup;
  private readonly rate = new Rate();
  private sequence = 0;
  private filesSeenAt = -Infinity;
  /** The look or closing that runs now; the next one waits for it. */
  private busy: Promise<unknown> = Promise.resolve();

  constructor(options: LogSourceOptions) {
    const { id, name, files, mapping, clock, log = SILENT_LOG } = options;
    this.id = id;
    this.name = name;
    this.options = options;
    this.clock = clock;
    this.pollIntervalMs = options.pollIntervalMs ?? DEFAULT_POLL_MS;
    this.ledger = new Ledger(mapping, name, () => clock.now(), log);
    this.follower = new Follower({
      patterns: files,
      folder: options.folder ?? process.cwd(),
      sinkOf: (path) => this.ledger.sinkOf(path),
      clock,
      files: options.fileSystem ?? NODE_FILES,
    });
    this.wakeup = new Wakeup(clock);
  }

  refresh(): void {
    this.wakeup.call();
  }

  async *watch(signal: AbortSignalLike): AsyncGenerator<SourceSnapshot | SourceError, void, undefined> {
    // Aborted too when the consumer stops listening without aborting.
    const own = new AbortController();
    const stop = (): void => own.abort();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) own.abort();
    const folders = new FolderWatch(() => this.wakeup.call());
    let told = { at: -Infinity, lines: -1, failure: '' };
    try {
      while (!isAborted(own.signal)) {
        const look = this.exclusive(() => this.follower.look(own.signal));
        for (;;) {
          const done = await Promise.race([look, this.tick(own.signal)]);
          if (done !== null || isAborted(own.signal)) break;
          yield this.snapshot(readingNote(this.follower.done, this.follower.files));
        }
        const seen = await look;
        // The signal may have been aborted while the files were read.
        if (isAborted(own.signal)) return;
        folders.set(this.follower.folders);
        const at = this.clock.elapsed();
        const failure = this.failure(seen, at);
        const since = at - told.at;
        const isNews = this.ledger.lines !== told.lines && since >= SHORTEST_SNAPSHOT_MS;
        if (isNews || since >= this.pollIntervalMs || (failure?.message.key ?? '') !== told.failure) {
          told = { at, lines: this.ledger.lines, failure: failure?.message.key ?? '' };
          this.rate.add(at, this.ledger.lines);
          yield failure
            ? this.error(failure)
            : this.snapshot(noteOf(seen, this.ledger, this.newest(), this.rate.perSecond, this.clock.now()));
        }
        await this.clock.delay(SHORTEST_PAUSE_MS, own.signal);
        await this.wakeup.wait(Math.min(this.pollIntervalMs, DEFAULT_POLL_MS) - SHORTEST_PAUSE_MS, own.signal);
      }
    } finally {
      own.abort();
      signal.removeEventListener('abort', stop);
      folders.close();
      await this.exclusive(() => this.follower.close());
    }
  }

  history({ releaseId, from, to, stepMs }: HistoryQuery): Promise<Result<History, SourceError>> {
    const release = this.ledger.releases.get(releaseId);
    if (!release) return Promise.resolve(err(this.gone(releaseId)));
    const step = release.rollup.stepFor(from, to, stepMs);
    // Logs do not tell who moved the ratio; its course is the share of the requests of both variants.
    return Promise.resolve(ok({ from, to, stepMs: step, series: release.rollup.history(from, to, step), changes: [] }));
  }

  evidence({ releaseId, from, to }: EvidenceQuery): Promise<Result<Evidence, SourceError>> {
    const release = this.ledger.releases.get(releaseId);
    return Promise.resolve(release ? ok(release.rollup.evidence(from, to)) : err(this.gone(releaseId)));
  }

  plan(): Promise<Result<never, Refusal>> {
    return Promise.resolve(unsupported('logs.cannot.noOwner'));
  }

  reaches(): boolean {
    return false;
  }

  withReason(plan: Plan, reason: string | null): Plan {
    return { ...plan, reason };
  }

  apply(): Promise<Result<never, Refusal>> {
    return Promise.resolve(unsupported('logs.cannot.noOwner'));
  }

  assignment(): Promise<Result<never, Refusal>> {
    return Promise.resolve(unsupported('logs.cannot.assignment'));
  }

  private exclusive<T>(work: () => Promise<T>): Promise<T> {
    const next = this.busy.then(work);
    this.busy = next.catch(() => undefined);
    return next;
  }

  private async tick(signal: AbortSignalLike): Promise<null> {
    await this.clock.delay(PROGRESS_MS, signal);
    return null;
  }

  /** `at` by the clock's `elapsed`. */
  private failure(seen: Look, at: number): Failure | null {
    if (seen.files > 0) this.filesSeenAt = at;
    else if (this.ledger.releases.size > 0 && seen.unreadable.length === 0 && at - this.filesSeenAt < GAP_MS) return null;
    return failureOf(seen, this.ledger, this.options.files);
  }

  private newest(): number | null {
    const times = [...this.ledger.releases.values()].map((release: LogRelease) => release.rollup.newest ?? 0);
    return times.length === 0 ? null : Math.max(...times);
  }

  private snapshot(note: Message<SourceMessageKey>): SourceSnapshot {
    const canary = this.options.mapping.variant.canary[0] ?? 'canary';
    // Half of a log must not make a verdict: what was wrong in its first half may have been put right in the second.
    const known = this.follower.caughtUp ? [...this.ledger.releases.values()] : [];
    const releases = known.map((release) => release.release(this, canary));
    return { type: 'snapshot', sourceId: this.id, sequence: ++this.sequence, at: this.clock.now(), releases, note };
  }

  private error(failure: Failure): SourceError {
    return { type: 'error', sourceId: this.id, at: this.clock.now(), ...failure };
  }

  private gone(releaseId: string): SourceError {
    return this.error({ kind: 'notFound', message: message('logs.error.noRelease', { release: releaseId }), detail: '' });
  }
}

const isAborted = (signal: AbortSignalLike): boolean => signal.aborted;

const unsupported = (key: SourceMessageKey): { readonly ok: false; readonly error: Refusal } =>
  err({ kind: 'unsupported', message: message(key), detail: '', expected: null, current: null });
