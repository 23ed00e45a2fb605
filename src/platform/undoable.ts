import type { RolloutActions } from '../actions/actions.ts';
import type { AbortSignalLike } from '../base/abort.ts';
import { Emitter } from '../base/emitter.ts';
import { faultText, type Log } from '../base/log.ts';
import type { ReleaseKey } from '../model/release.ts';
import type { State } from '../store/state.ts';

/**
 * The releases whose last own change can be undone now. It is asked of the journal again when a revision moves, since any other change
 * ends an undo.
 */
export class Undoable {
  private readonly actions: RolloutActions;
  private readonly store: { readonly state: State };
  private readonly log: Log;
  private readonly signal: AbortSignalLike;
  private readonly changed = new Emitter<ReadonlySet<ReleaseKey>>((fault) =>
    this.log.error(`A view did not take what can be undone, a fault of this extension: ${faultText(fault)}`),
  );
  readonly onDidChange = this.changed.event;
  private keys: ReadonlySet<ReleaseKey> = new Set();
  private revisions = '';
  private reading = false;
  private again = false;

  constructor(actions: RolloutActions, store: { readonly state: State }, log: Log, signal: AbortSignalLike) {
    this.actions = actions;
    this.store = store;
    this.log = log;
    this.signal = signal;
  }

  get all(): ReadonlySet<ReleaseKey> {
    return this.keys;
  }

  /** Something happened; reads only when a revision moved, or when told that an act was journaled. */
  update(acted = false): void {
    const revisions = [...this.store.state.releases.values()].map(({ key, release }) => `${key}@${release.revision}`).join('\n');
    if (revisions === this.revisions && !acted) return;
    this.revisions = revisions;
    this.again = true;
    if (!this.reading) void this.read();
  }

  private async read(): Promise<void> {
    this.reading = true;
    try {
      while (this.again) {
        this.again = false;
        const read = await this.actions.undoableOf(this.store.state.releases.keys(), this.signal);
        if (!read.ok) this.log.warn(`What can be undone is not known, since the journal cannot be read: ${read.error}`);
        const keys: ReadonlySet<ReleaseKey> = read.ok ? read.value : new Set();
        const same = keys.size === this.keys.size && [...keys].every((key) => this.keys.has(key));
        this.keys = keys;
        if (!same) this.changed.fire(keys);
      }
    } catch (error) {
      this.log.error(`What can be undone is not known, a fault of this extension: ${String(error)}`);
    } finally {
      this.reading = false;
    }
  }
}
