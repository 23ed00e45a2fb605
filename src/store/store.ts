import type { Disposable } from '../base/disposable.ts';
import { Emitter, type Event } from '../base/emitter.ts';
import { reduce, type StoreAction } from './reduce.ts';
import { EMPTY_STATE, type State } from './state.ts';

/** The only owner of state. Listeners get the complete new state, and only when something changed. */
export class Store implements Disposable {
  private current: State;
  private readonly emitter: Emitter<State>;
  readonly onDidChange: Event<State>;

  /** `onFault` is told what a listener threw; the others are told of the change all the same. */
  constructor(initial: State = EMPTY_STATE, onFault: ((fault: unknown) => void) | null = null) {
    this.current = initial;
    this.emitter = new Emitter(onFault);
    this.onDidChange = this.emitter.event;
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
