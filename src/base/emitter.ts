import { toDisposable, type Disposable } from './disposable.ts';

export type Listener<T> = (value: T) => void;
export type Event<T> = (listener: Listener<T>) => Disposable;

/**
 * A typed event. Listeners added or removed while it fires take effect with the next fire. One that throws keeps no other from being
 * told: what it threw goes to `onFault`, else to who fired, after all were told.
 */
export class Emitter<T> implements Disposable {
  private listeners: readonly Listener<T>[] = [];
  private disposed = false;
  private readonly onFault: ((fault: unknown) => void) | null;

  constructor(onFault: ((fault: unknown) => void) | null = null) {
    this.onFault = onFault;
  }

  readonly event: Event<T> = (listener) => {
    if (this.disposed) return toDisposable(() => undefined);
    this.listeners = [...this.listeners, listener];
    return toDisposable(() => {
      this.listeners = this.listeners.filter((other) => other !== listener);
    });
  };

  fire(value: T): void {
    const faults: unknown[] = [];
    for (const listener of this.listeners) {
      try {
        listener(value);
      } catch (fault) {
        if (this.onFault) this.onFault(fault);
        else faults.push(fault);
      }
    }
    if (faults.length > 0) throw new AggregateError(faults, 'a listener failed');
  }

  dispose(): void {
    this.disposed = true;
    this.listeners = [];
  }
}
