import { err, type Result } from '../base/result.ts';
import type { Disposable } from '../base/disposable.ts';
import type { Event } from '../base/emitter.ts';
import type { Evidence } from '../model/evidence.ts';
import { message } from '../model/message.ts';
import { splitReleaseKey, type ReleaseKey } from '../model/release.ts';
import type { History } from '../model/series.ts';
import { decodeWebviewMessage } from '../protocol/decode.ts';
import type { HostMessage, PanelHistory, RangeMinutes } from '../protocol/messages.ts';
import type { SourceMessageKey } from '../sources/messages.ts';
import type { SourceError } from '../sources/source.ts';
import type { ReleaseState, SourceState, State } from '../store/state.ts';
import { CoverageTracker } from './coverage.ts';
import { buildPanelMissing, buildPanelState, type PanelWords } from './panelModel.ts';
import { windowOf } from './panelRange.ts';

export type LoadHistory = (
  key: ReleaseKey,
  from: number,
  to: number,
  stepMs: number,
  signal: AbortSignal,
) => Promise<Result<History, SourceError>>;

/** The part of the store that a panel needs. */
export interface StateReader {
  readonly state: State;
  readonly onDidChange: Event<State>;
}

export interface PanelSessionOptions {
  readonly key: ReleaseKey;
  readonly rangeMinutes: RangeMinutes;
  /** What the release was called when the window was loaded anew; null for a new panel. */
  readonly name: string | null;
  readonly store: StateReader;
  readonly words: PanelWords;
  /** The reader's own last change can be undone now; `update` tells when that may have changed. */
  readonly undoable: () => boolean;
  readonly loadHistory: LoadHistory;
  readonly now: () => number;
  readonly post: (message: HostMessage) => void;
  /** Runs a command about this release; whether it may is decided here. */
  readonly run: (command: string) => void;
  /** The page was made by another version: make it again. */
  readonly reload: () => void;
  readonly log: (text: string) => void;
}

/** Changes within this time reach the page as one. */
const COALESCE_MS = 100;
/** The history is not read more often than this, after a failure neither, unless asked or the range or the ratio changed. */
const REREAD_MS = 4000;

/**
 * What one open panel shows: its range, the history read for it, and when to send the whole again. Knows no editor. While the page is hidden
 * or has not said `ready` nothing is read or sent.
 */
export class PanelSession implements Disposable {
  private readonly options: PanelSessionOptions;
  private readonly subscription: Disposable;
  private rangeMinutes: RangeMinutes;
  private history: History | null = null;
  private status: PanelHistory = { status: 'loading', text: null };
  private loading: AbortController | null = null;
  /** What the loaded history belongs to; another one is due when it differs. */
  private loadedFor = '';
  /** The evidence that was there when it was read: with newer one, late measurements may have come for steps long past. */
  private loadedWith: Evidence | null = null;
  /** The earliest measurement ever seen of this release: the hour that the store keeps moves on. */
  private firstData = Infinity;
  private loadedAt = -Infinity;
  private failedAt = -Infinity;
  private readonly coverage = new CoverageTracker();
  /** As it was last called: while its source is gone its id is not what a person knows it by. */
  private name: string | null;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private ready = false;
  private disposed = false;
  private reloaded = false;
  private commands = new Set<string>();

  constructor(options: PanelSessionOptions) {
    this.options = options;
    this.rangeMinutes = options.rangeMinutes;
    this.name = options.name;
    this.subscription = options.store.onDidChange(() => {
      this.schedule();
    });
  }

  get key(): ReleaseKey {
    return this.options.key;
  }

  /** The name for the panel's tab. */
  get title(): string {
    return this.release?.release.name ?? this.name ?? splitReleaseKey(this.key)?.releaseId ?? this.key;
  }

  dispose(): void {
    this.disposed = true;
    this.subscription.dispose();
    this.loading?.abort();
    if (this.timer) clearTimeout(this.timer);
  }

  /** The page was hidden, and with it thrown away: it says `ready` when it is shown again. */
  hide(): void {
    this.ready = false;
    this.loading?.abort();
    this.loading = null;
  }

  receive(input: unknown): void {
    const decoded = decodeWebviewMessage(input);
    if (!decoded.ok) {
      if (decoded.error.kind === 'version') this.reloadOnce();
      else this.options.log(`the page sent what cannot be read: ${decoded.error.text}`);
      return;
    }
    const message = decoded.value;
    switch (message.type) {
      case 'ready':
        this.ready = true;
        this.send();
        break;
      case 'range':
        if (message.minutes === this.rangeMinutes) return;
        this.rangeMinutes = message.minutes;
        this.readAgain();
        break;
      case 'retry':
        this.readAgain();
        break;
      case 'action':
        if (this.commands.has(message.command)) this.options.run(message.command);
        else this.options.log(`the page asked for ${message.command}, which it was not offered`);
        break;
      case 'problem':
        this.options.log(`page: ${message.text}`);
        break;
    }
  }

  private get release(): ReleaseState | undefined {
    return this.options.store.state.releases.get(this.key);
  }

  private get source(): SourceState | null {
    const sourceId = splitReleaseKey(this.key)?.sourceId;
    return this.options.store.state.sources.find((source) => source.id === sourceId) ?? null;
  }

  /** A page that is still of another version after that stays as it is; loading it for ever would help nobody. */
  private reloadOnce(): void {
    if (this.reloaded) this.options.log('the page is of another version than the extension: reload the window');
    else this.options.reload();
    this.reloaded = true;
  }

  private readAgain(): void {
    this.loading?.abort();
    this.loading = null;
    this.loadedFor = '';
    this.failedAt = -Infinity;
    this.status = { status: 'loading', text: null };
    this.send();
  }

  /** Something that is shown and is not in the store has changed. */
  update(): void {
    this.schedule();
  }

  private schedule(): void {
    if (!this.ready || this.disposed) return;
    this.timer ??= setTimeout(() => {
      this.timer = null;
      this.send();
    }, COALESCE_MS);
  }

  private send(): void {
    if (!this.ready || this.disposed) return;
    const { words, now } = this.options;
    const { release: state, source } = this;
    if (!state) {
      const { builtinFailure } = this.options.store.state;
      this.postOffering(buildPanelMissing({ releaseKey: this.key, name: this.title, source, builtinFailure }, words));
      return;
    }
    this.name = state.release.name;
    this.readHistoryIfDue(state);
    const window = windowOf(this.rangeMinutes, state.release, now(), this.firstDataOf(state));
    this.postOffering(
      buildPanelState(
        {
          state,
          source,
          undoable: this.options.undoable(),
          history: this.history,
          historyStatus: this.status,
          coverage: this.coverage.of(state, source, this.history),
          rangeMinutes: this.rangeMinutes,
          from: window.from,
          to: window.to,
          now: now(),
        },
        words,
      ),
    );
  }

  /** Only what a person was offered can be asked for. */
  private postOffering(message: HostMessage): void {
    const offered = message.type === 'state' ? [...message.actions, ...(message.trouble?.actions ?? [])] : message.actions;
    this.commands = new Set(offered.filter((action) => action.enabled).map((action) => action.command));
    this.options.post(message);
  }

  private firstDataOf({ history }: ReleaseState): number {
    for (const { times, counts } of history?.series ?? [])
      this.firstData = Math.min(this.firstData, times[counts.findIndex((count) => count > 0)] ?? Infinity);
    return this.firstData;
  }

  private readHistoryIfDue(state: ReleaseState): void {
    const at = this.options.now();
    const window = windowOf(this.rangeMinutes, state.release, at, this.firstDataOf(state));
    // A new step is complete, another range was chosen, or the ratio moved.
    const due = `${String(this.rangeMinutes)} ${String(window.to)} ${state.release.revision}`;
    const measuredAnew = state.evidence !== this.loadedWith && at >= this.loadedAt + REREAD_MS;
    if (this.loading || (due === this.loadedFor && !measuredAnew) || at < this.failedAt + REREAD_MS) return;
    const controller = new AbortController();
    this.loading = controller;
    this.options
      .loadHistory(this.key, window.from, window.to, window.stepMs, controller.signal)
      .catch((error: unknown): Result<History, SourceError> => {
        const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
        return err({
          type: 'error',
          sourceId: this.source?.id ?? '',
          kind: 'invalid',
          at,
          message: message<SourceMessageKey>('source.error.fault'),
          detail,
        });
      })
      .then((result) => {
        if (controller.signal.aborted || this.disposed) return;
        this.loading = null;
        if (result.ok) {
          this.history = result.value;
          this.status = { status: 'ready', text: null };
          this.loadedFor = due;
          this.loadedWith = state.evidence;
          this.loadedAt = at;
        } else {
          this.failedAt = this.options.now();
          this.status = { status: 'failed', text: this.options.words.translate(result.error.message) };
          this.options.log(`no history of ${this.key}: ${result.error.detail}`);
        }
        this.send();
      })
      .catch((error: unknown) => {
        this.options.log(`the panel of ${this.key} could not be drawn: ${error instanceof Error ? (error.stack ?? '') : String(error)}`);
      });
  }
}
