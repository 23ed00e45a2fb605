import type { Clock } from '../base/clock.ts';
import type { Message } from '../model/message.ts';
import type { Store } from '../store/store.ts';
import type { SourceSetting } from './sourceSettings.ts';

/** A source that could not even be opened stands in the tree as a failed one, with why. */
export class SourceProblems {
  private readonly store: Store;
  private readonly clock: Clock;
  private readonly reported = new Set<string>();

  constructor(store: Store, clock: Clock) {
    this.store = store;
    this.clock = clock;
  }

  /** Null: it was opened, or is no longer wanted. */
  report({ id, name, type }: SourceSetting, pollIntervalMs: number, problem: Message | null): void {
    if (problem === null) {
      if (this.reported.delete(id)) this.store.dispatch({ type: 'sourceRemoved', id });
      return;
    }
    this.reported.add(id);
    this.store.dispatch({ type: 'sourceAdded', id, kind: type, name, pollIntervalMs });
    this.store.dispatch({
      type: 'sourceError',
      error: { type: 'error', sourceId: id, kind: 'invalid', at: this.clock.now(), message: problem, detail: '' },
    });
  }
}
