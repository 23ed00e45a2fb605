import type { AnalysisMessageKey } from '../analysis/messages.ts';
import type { AbortSignalLike } from '../base/abort.ts';
import type { Clock } from '../base/clock.ts';
import { toDisposable, type Disposable } from '../base/disposable.ts';
import type { Log } from '../base/log.ts';
import { unmeasuredLine } from './logLines.ts';
import { err, type Result } from '../base/result.ts';
import { message } from '../model/message.ts';
import { isActive, keyOf, measuredUntil, splitReleaseKey, type Release, type ReleaseKey } from '../model/release.ts';
import type { History } from '../model/series.ts';
import type { SourceMessageKey } from '../sources/messages.ts';
import { runPoller } from '../sources/poller.ts';
import type { Source, SourceError, SourceSnapshot } from '../sources/source.ts';
import type { Store } from '../store/store.ts';
import type { Assessor } from './assessor.ts';
import { EndedStretches, stratified } from './stratified.ts';

/** A verdict rests on the last hour, in windows of ten seconds. */
export const EVIDENCE_WINDOW_MS = 3_600_000;
export const HISTORY_STEP_MS = 10_000;
/** Whom a harm reaches "now": those of the last five minutes. */
const RECENT_WINDOW_MS = 300_000;
/** Users are told apart by the minute: a window that began inside one would count those of the whole. */
const USER_STEP_MS = 60_000;
const TICK_MS = 1_000;
/** A log that did not grow is judged again this often, so that its verdict comes to be of the past. */
const UNCHANGED_LOG_MS = 60_000;
/** Releases measured at the same time, of one source. */
const PARALLEL = 4;
/** Of the time goes into measuring at most, however many releases there are: with hundreds each is measured less often instead. */
const MEASURING_SHARE = 1 / 3;

export interface MonitorDeps {
  readonly store: Store;
  readonly assessor: Assessor;
  readonly clock: Clock;
  readonly log: Log;
}

/** When a release was last measured and at which revision. */
interface Measured {
  /** By the clock's `elapsed`. */
  readonly at: number;
  readonly revision: string;
  readonly createdAt: number | null;
  readonly updatedAt: number | null;
}

/** One attached source: its loop, and what of its releases has been measured. */
interface Attached {
  readonly source: Source;
  readonly abort: AbortController;
  readonly measured: Map<ReleaseKey, Measured>;
  /** By attempt. */
  readonly ended: Map<string, EndedStretches>;
  /** What could not be measured when it was tried last, and why: said once. */
  readonly failing: Map<ReleaseKey, string>;
  measuring: boolean;
  /** What measuring one release took in the last round of most of them, milliseconds. */
  cost: number;
  next: SourceSnapshot | null;
}

/** Moves data one way: sources → store → analysis → store. It decides when to measure, and nothing else. */
export class Monitor implements Disposable {
  private readonly deps: MonitorDeps;
  private readonly attached = new Map<string, Attached>();
  private readonly end = new AbortController();

  constructor(deps: MonitorDeps) {
    this.deps = deps;
    void this.ticks();
  }

  source(id: string): Source | undefined {
    return this.attached.get(id)?.source;
  }

  /** Starts following a source; disposing ends it and takes it out of the store. A source of the same id is replaced. */
  attach(source: Source): Disposable {
    this.detach(source.id);
    const { store, clock, log } = this.deps;
    const entry: Attached = {
      source,
      abort: new AbortController(),
      measured: new Map(),
      failing: new Map(),
      ended: new Map(),
      measuring: false,
      cost: 0,
      next: null,
    };
    this.attached.set(source.id, entry);
    store.dispatch({ type: 'sourceAdded', id: source.id, kind: source.kind, name: source.name, pollIntervalMs: source.pollIntervalMs });
    void runPoller({ source, clock, log, sink: (item) => this.take(entry, item) }, entry.abort.signal);
    return toDisposable(() => {
      if (this.attached.get(source.id) === entry) this.detach(source.id);
    });
  }

  private detach(id: string): void {
    const entry = this.attached.get(id);
    if (!entry) return;
    this.attached.delete(id);
    entry.abort.abort();
    this.deps.store.dispatch({ type: 'sourceRemoved', id });
  }

  /** Reads one source, or all, at once. */
  refresh(id?: string): void {
    for (const entry of this.attached.values()) {
      if (id !== undefined && entry.source.id !== id) continue;
      entry.measured.clear();
      entry.ended.clear();
      entry.source.refresh();
    }
  }

  /** Series of a release for a chart's own range. */
  async loadHistory(
    key: ReleaseKey,
    from: number,
    to: number,
    stepMs: number,
    signal: AbortSignalLike,
  ): Promise<Result<History, SourceError>> {
    const parts = splitReleaseKey(key);
    const source = parts ? this.source(parts.sourceId) : undefined;
    if (!parts || !source) {
      const sourceId = parts?.sourceId ?? key;
      return err({
        type: 'error',
        sourceId,
        kind: 'notFound',
        at: this.deps.clock.now(),
        message: message<SourceMessageKey>('source.error.removed'),
        detail: key,
      });
    }
    return source.history({ releaseId: parts.releaseId, from, to, stepMs }, signal);
  }

  private take(entry: Attached, item: SourceSnapshot | SourceError): void {
    if (entry.abort.signal.aborted) return;
    if (item.type === 'error') {
      this.deps.store.dispatch({ type: 'sourceError', error: item });
      return;
    }
    this.deps.store.dispatch({ type: 'snapshot', snapshot: item, elapsed: this.deps.clock.elapsed() });
    entry.next = item;
    if (!entry.measuring) void this.measureAll(entry);
  }

  /** Measures what is due of the newest snapshot; a snapshot that comes meanwhile is taken next, older ones are skipped. */
  private async measureAll(entry: Attached): Promise<void> {
    entry.measuring = true;
    try {
      for (let snapshot = entry.next; snapshot && !entry.abort.signal.aborted; snapshot = entry.next) {
        entry.next = null;
        const active = snapshot.releases.filter(isActive).length;
        const interval = Math.max(entry.source.pollIntervalMs * 0.9, (entry.cost * active) / MEASURING_SHARE);
        const due = snapshot.releases.filter((release) => this.isDue(entry, release, interval));
        const { length: count } = due;
        const begun = this.deps.clock.elapsed();
        const lanes = Array.from({ length: Math.min(PARALLEL, due.length) }, async () => {
          for (let release = due.shift(); release && !entry.abort.signal.aborted; release = due.shift()) await this.measure(entry, release);
        });
        await Promise.all(lanes);
        // A few that moved, measured beside nothing else, do not tell what one of many takes.
        if (count > 0 && count >= active / 2) entry.cost = (this.deps.clock.elapsed() - begun) / count;
      }
    } catch (error) {
      this.deps.log.error(
        `Measuring the releases of ${entry.source.name} stopped, a fault of this extension: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
    } finally {
      entry.measuring = false;
    }
  }

  /** Active releases once an interval; others when they moved; logs when they grew. */
  private isDue(entry: Attached, release: Release, interval: number): boolean {
    const last = entry.measured.get(keyOf(release));
    if (!last || last.revision !== release.revision) return true;
    if (release.owner.kind !== 'logs' && last.createdAt !== release.createdAt) return true;
    if (!isActive(release)) return false;
    const unchanged = release.owner.kind === 'logs' && last.updatedAt === release.updatedAt;
    return this.deps.clock.elapsed() - last.at >= (unchanged ? Math.max(UNCHANGED_LOG_MS, interval) : interval);
  }

  private async measure(entry: Attached, release: Release): Promise<void> {
    const { store, assessor, clock, log } = this.deps;
    const { source, abort } = entry;
    const key = keyOf(release);
    const now = clock.now();
    const begun = clock.elapsed();
    const to = measuredUntil(release, now);
    const from = to - EVIDENCE_WINDOW_MS;
    const gone = (): boolean => abort.signal.aborted;
    const [whole, history, recent] = await Promise.all([
      source.evidence({ releaseId: release.id, from, to }, abort.signal),
      source.history({ releaseId: release.id, from, to, stepMs: HISTORY_STEP_MS }, abort.signal),
      source.evidence({ releaseId: release.id, from: Math.ceil((to - RECENT_WINDOW_MS) / USER_STEP_MS) * USER_STEP_MS, to }, abort.signal),
    ]);
    if (gone()) return;
    const evidence =
      whole.ok && history.ok
        ? await stratified(source, release, whole.value, history.value, this.endedOf(entry, release), begun, abort.signal)
        : whole;
    if (gone()) return;
    if (!evidence.ok || !history.ok) {
      const error = evidence.ok ? history : evidence;
      if (error.ok) return;
      if (entry.failing.get(key) !== error.error.message.key) log.warn(unmeasuredLine(source.name, release.name, error.error));
      entry.failing.set(key, error.error.message.key);
      store.dispatch({ type: 'measureFailed', key, at: now, message: error.error.message });
      return;
    }
    if (entry.failing.delete(key)) log.info(`${release.name} of the source ${source.name} is measured again.`);
    entry.measured.set(key, { at: begun, revision: release.revision, createdAt: release.createdAt, updatedAt: release.updatedAt });
    store.dispatch({ type: 'measured', key, evidence: evidence.value, history: history.value });
    // Without it the answer only does not name the users.
    const input = { release, evidence: evidence.value, history: history.value, recent: recent.ok ? recent.value : null, at: now };
    const assessment = await assessor.assess(input, abort.signal);
    if (gone()) return;
    if (assessment.ok) store.dispatch({ type: 'assessed', key, assessment: assessment.value });
    else {
      log.error(`No verdict on ${release.name} of the source ${source.name}: the analysis failed: ${assessment.error}`);
      store.dispatch({ type: 'measureFailed', key, at: now, message: message<AnalysisMessageKey>('analysis.failed') });
    }
  }

  /** What is kept of an attempt goes with it. */
  private endedOf({ ended }: Attached, release: Release): EndedStretches {
    const attempt = `${keyOf(release)} ${String(release.owner.kind === 'logs' ? null : release.createdAt)}`;
    for (const other of ended.keys()) if (other !== attempt && other.startsWith(`${keyOf(release)} `)) ended.delete(other);
    const known = ended.get(attempt) ?? new EndedStretches();
    ended.set(attempt, known);
    return known;
  }

  /** Time passes for the store only while there is something that can become stale. */
  private async ticks(): Promise<void> {
    const { store, clock } = this.deps;
    while (!this.end.signal.aborted) {
      await clock.delay(TICK_MS, this.end.signal);
      if (this.attached.size > 0) store.dispatch({ type: 'tick', now: clock.now(), elapsed: clock.elapsed() });
    }
  }

  dispose(): void {
    this.end.abort();
    for (const id of [...this.attached.keys()]) this.detach(id);
  }
}
