import type { AbortSignalLike } from '../../base/abort.ts';
import type { Clock } from '../../base/clock.ts';
import { describeDecodeError } from '../../base/decode.ts';
import type { Log } from '../../base/log.ts';
import { message, type Message } from '../../model/message.ts';
import { quantity } from '../../model/quantity.ts';
import type { Release } from '../../model/release.ts';
import type { SourceMessageKey } from '../messages.ts';
import type { SourceError, SourceSnapshot } from '../source.ts';
import type { StreamItem } from '../transportTypes.ts';
import { createAlarm } from './alarm.ts';
import type { Client } from './client.ts';
import { toSourceError } from './errors.ts';
import { createItemQueue } from './itemQueue.ts';
import type { Role, UnreadRelease, WireRelease } from './wire.ts';

const LONGEST_BACKOFF_MS = 60_000;
/** While events come, everything is still read anew this often: nobody tells of a release that is gone. */
const RECHECK_MS = 30_000;
/** The service says at least this often that its stream lives. */
const STREAM_HEARTBEAT_MS = 5_000;

export interface LiveDeps {
  readonly sourceId: string;
  readonly client: Client;
  readonly clock: Clock;
  readonly log: Log;
  readonly pollIntervalMs: number;
  readonly toRelease: (wire: WireRelease, role: Role | null) => Release;
  /** 0..1, for the jitter of waits. */
  readonly random: () => number;
  readonly nextSequence: () => number;
  /** Said instead of how news come; null for nothing. */
  readonly remark: (() => Message<SourceMessageKey> | null) | null;
}

/** `lost`: events came and broke off. */
type Mode = 'polling' | 'live' | 'lost';

/**
 * One watch of the service: reads everything, then follows the event stream; while there is none it polls. Two loops share what is
 * known, one reads, one keeps the stream, and either brings the other back: a read that succeeds again lets the stream try at once,
 * a lost stream makes the other read at once.
 */
export class LiveWatch {
  private readonly deps: LiveDeps;
  private readonly end = new AbortController();
  private readonly queue = createItemQueue();
  private readonly readAlarm;
  private readonly streamAlarm;
  private known: ReadonlyMap<string, WireRelease> = new Map();
  /** What events brought while a read was under way: the answer of the read may be older. */
  private meanwhile = new Map<string, WireRelease>();
  private role: Role | null = null;
  private mode: Mode = 'polling';
  /** The last read succeeded. A stream that lives on does not make a failed read good: what was told as an error stays one. */
  private answered = false;
  private unread: readonly UnreadRelease[] = [];
  private refusedWith: number | null = null;
  private lastEventId: string | null = null;
  /** By the clock's `elapsed`, as the next. */
  private lastReadAt = -Infinity;
  private lastEmittedAt = -Infinity;

  constructor(deps: LiveDeps) {
    this.deps = deps;
    this.readAlarm = createAlarm(deps.clock);
    this.streamAlarm = createAlarm(deps.clock);
  }

  refresh(): void {
    this.readAlarm.ring();
  }

  /** To be called once. Ends when the signal aborts; throws only what is a fault of this code. */
  async *items(outer: AbortSignalLike): AsyncGenerator<SourceSnapshot | SourceError> {
    const onAbort = (): void => this.end.abort();
    outer.addEventListener('abort', onAbort, { once: true });
    if (outer.aborted) onAbort();
    const faults: unknown[] = [];
    const loops = [this.reading(), this.streaming()].map((loop) =>
      loop.catch((fault: unknown) => {
        faults.push(fault);
        this.end.abort();
      }),
    );
    try {
      yield* this.queue.items(this.end.signal);
    } finally {
      this.end.abort();
      outer.removeEventListener('abort', onAbort);
      await Promise.all(loops);
    }
    if (faults.length > 0) throw new Error('following the service failed', { cause: faults[0] });
  }

  private isEnded(): boolean {
    return this.end.signal.aborted;
  }

  private async reading(): Promise<void> {
    for (let failures = 0; !this.isEnded();) {
      const wasAnswered = this.answered;
      const success = await this.read();
      if (success && !wasAnswered) this.streamAlarm.ring();
      failures = success ? 0 : failures + 1;
      await this.readAlarm.wait(failures > 0 ? this.backoff(failures) : this.jittered(this.readPause), this.end.signal);
    }
  }

  private get readPause(): number {
    const { pollIntervalMs } = this.deps;
    if (this.mode !== 'live') return pollIntervalMs;
    // A person who wants news faster than the stream's heartbeat must not see them called stale in between.
    return pollIntervalMs < STREAM_HEARTBEAT_MS ? 2 * pollIntervalMs : RECHECK_MS;
  }

  private async read(): Promise<boolean> {
    const { client, clock, sourceId } = this.deps;
    this.meanwhile = new Map();
    this.lastReadAt = clock.elapsed();
    const result = await client.releases(this.end.signal);
    if (this.isEnded()) return false;
    if (!result.ok) {
      this.answered = false;
      this.queue.push(toSourceError(result.error, sourceId, clock.now()));
      return false;
    }
    this.role = result.value.role;
    const known = new Map(result.value.releases.map((wire) => [wire.id, wire]));
    for (const wire of this.meanwhile.values()) if (isNewer(wire, known.get(wire.id))) known.set(wire.id, wire);
    this.known = known;
    this.answered = true;
    this.tellUnread(result.value.unread);
    this.emit();
    return true;
  }

  private tellUnread(unread: readonly UnreadRelease[]): void {
    const before = new Set(this.unread.map(({ problem }) => problem));
    for (const { id, problem } of unread)
      if (!before.has(problem))
        this.deps.log.warn(`The release ${id} of the source ${this.deps.sourceId} is not understood and not shown: ${problem}`);
    this.unread = unread;
  }

  private async streaming(): Promise<void> {
    for (let failures = 0; !this.isEnded();) {
      if (!this.answered) {
        // Without an answer to a plain read a stream is not worth trying; the read that succeeds rings.
        await this.streamAlarm.wait(LONGEST_BACKOFF_MS, this.end.signal);
        continue;
      }
      const wasLive = await this.follow();
      if (this.isEnded()) return;
      this.setMode(wasLive || this.mode === 'lost' ? 'lost' : 'polling');
      failures = wasLive ? 1 : failures + 1;
      await this.streamAlarm.wait(this.backoff(failures), this.end.signal);
    }
  }

  /** Keeps one connection. True if anything ever came through it: a proxy may open a stream and hold its content back. */
  private async follow(): Promise<boolean> {
    const { client, clock, pollIntervalMs } = this.deps;
    const resumes = this.lastEventId !== null;
    const stream = await client.stream(this.lastEventId, this.end.signal);
    if (!stream.ok) return false;
    let live = false;
    for await (const item of stream.value) {
      if (item.type === 'refused') this.tellRefused(item.reply.status);
      if (item.type === 'refused' || item.type === 'lost') break;
      if (item.type === 'open') continue;
      // What happened between the last read and this connection is only replayed to one that resumes.
      if (!live && !resumes) this.readAlarm.ring();
      live = true;
      this.setMode('live');
      if (item.type === 'event') this.take(item);
      // The stream lives and told of no change: what is known is true now.
      if (clock.elapsed() - this.lastEmittedAt >= pollIntervalMs * 0.9) this.emit();
    }
    return live;
  }

  /** It is tried again and again: only another answer is news. */
  private tellRefused(status: number): void {
    const { log, sourceId } = this.deps;
    const text = `The source ${sourceId} gives no live updates (status ${String(status)}); it is asked every few seconds instead.`;
    if (status === this.refusedWith) log.debug(text);
    else log.warn(text);
    this.refusedWith = status;
  }

  private take({ event, id, data }: Extract<StreamItem, { type: 'event' }>): void {
    const { clock, log, pollIntervalMs } = this.deps;
    if (id !== null) this.lastEventId = id;
    if (event === 'release') {
      const wire = this.deps.client.eventRelease(data);
      if (!wire.ok) {
        log.warn(
          `An update that the source ${this.deps.sourceId} sent is not understood, so the source is read anew: ${describeDecodeError(wire.error)}`,
        );
        this.readAlarm.ring();
        return;
      }
      if (!isNewer(wire.value, this.known.get(wire.value.id))) return;
      this.meanwhile.set(wire.value.id, wire.value);
      this.known = new Map(this.known).set(wire.value.id, wire.value);
      this.emit();
    } else if (event === 'reset') {
      // The stream cannot resume where it broke off: what was missed is only in a complete read.
      this.lastEventId = id;
      this.readAlarm.ring();
    } else if (event === 'measured' && clock.elapsed() - this.lastReadAt >= pollIntervalMs) {
      this.readAlarm.ring();
    }
  }

  private setMode(next: Mode): void {
    const wasLive = this.mode === 'live';
    if (this.mode === next) return;
    this.mode = next;
    if (next === 'live') this.emit();
    // The service may be gone: look at once, not after the long wait of the live mode.
    else if (wasLive) this.readAlarm.ring();
  }

  private emit(): void {
    const { clock, sourceId, nextSequence, toRelease, pollIntervalMs, remark } = this.deps;
    if (!this.answered) return;
    this.lastEmittedAt = clock.elapsed();
    this.queue.push({
      type: 'snapshot',
      sourceId,
      sequence: nextSequence(),
      at: clock.now(),
      releases: [...this.known.values()].map((wire) => toRelease(wire, this.role)),
      note: this.unread[0] ? unreadNote(this.unread, this.unread[0]) : (remark?.() ?? noteOf(this.mode, pollIntervalMs)),
    });
  }

  private backoff(failures: number): number {
    return this.jittered(Math.min(this.deps.pollIntervalMs * 2 ** Math.min(failures - 1, 20), LONGEST_BACKOFF_MS));
  }

  /** Many windows must not ask a recovering service in step: ±20 %. */
  private jittered(ms: number): number {
    return Math.round(ms * (0.8 + 0.4 * this.deps.random()));
  }
}

const unreadNote = (all: readonly UnreadRelease[], { id, problem }: UnreadRelease): Message<SourceMessageKey> =>
  message('source.note.unread', { unread: all.length, release: id, problem });

const noteOf = (mode: Mode, pollIntervalMs: number): Message<SourceMessageKey> => {
  if (mode === 'live') return message('source.note.live');
  return message(mode === 'lost' ? 'source.note.pollingAfterLoss' : 'source.note.polling', {
    interval: quantity(pollIntervalMs / 1000, 'seconds'),
  });
};

/** Revisions of the service count up; where they do not, the later news wins. */
const isNewer = (wire: WireRelease, than: WireRelease | undefined): boolean =>
  than === undefined || !Number.isFinite(Number(wire.revision)) || Number(wire.revision) >= Number(than.revision);
