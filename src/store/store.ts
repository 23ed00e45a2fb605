import type { Disposable } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import { reduce, type StoreAction } from './reduce.ts';
import { EMPTY_STATE, type State } from './state.ts';

/** The only owner of state. Listeners get the complete new state, and only when something changed. */
export class Store implements Disposable {
  private current: State;
  private readonly emitter = new Emitter<State>();
  readonly onDidChange = this.emitter.event;

  constructor(initial: State = EMPTY_STATE) {
    this.current = initial;
  }

  get state(): State {
    return this.current;
  }

  dispatch(action: StoreAction): void {
    const next = reduce(this.current, action);
    if (next === this.current) return;
    this.current = next;
    this.emitter.fire(next);
  }

  dispose(): void {
    this.emitter.dispose();
  }
}
