import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DisposableStore, toDisposable } from '../../../src/base/disposable.ts';
import { Emitter } from '../../../src/base/emitter.ts';

describe('DisposableStore', () => {
  it('disposes in reverse order, once', () => {
    const store = new DisposableStore();
    const order: number[] = [];
    for (const n of [1, 2, 3]) store.add(toDisposable(() => order.push(n)));
    store.dispose();
    store.dispose();
    assert.deepEqual(order, [3, 2, 1]);
  });

  it('disposes what is added after it was disposed at once', () => {
    const store = new DisposableStore();
    store.dispose();
    let disposed = false;
    store.add(
      toDisposable(() => {
        disposed = true;
      }),
    );
    assert.ok(disposed);
  });

  it('disposes the rest when one throws, and still tells', () => {
    const store = new DisposableStore();
    let disposed = false;
    store.add(
      toDisposable(() => {
        disposed = true;
      }),
    );
    store.add(
      toDisposable(() => {
        throw new Error('stuck');
      }),
    );
    assert.throws(() => store.dispose(), AggregateError);
    assert.ok(disposed);
  });
});

describe('Emitter', () => {
  it('a listener that removes itself while it is told does not keep others from being told', () => {
    const emitter = new Emitter<number>();
    const seen: string[] = [];
    const first = emitter.event((n) => {
      seen.push(`first ${n}`);
      first.dispose();
    });
    emitter.event((n) => seen.push(`second ${n}`));
    emitter.fire(1);
    emitter.fire(2);
    assert.deepEqual(seen, ['first 1', 'second 1', 'second 2']);
  });

  it('tells the others when one throws, and reports it', () => {
    const heard: number[] = [];
    const faults: unknown[] = [];
    const fault = new Error('broken view');
    const reporting = new Emitter<number>((thrown) => faults.push(thrown));
    reporting.event(() => {
      throw fault;
    });
    reporting.event((n) => heard.push(n));
    reporting.fire(1);
    assert.deepEqual([heard, faults], [[1], [fault]]);
    const plain = new Emitter<number>();
    plain.event(() => {
      throw fault;
    });
    plain.event((n) => heard.push(n));
    assert.throws(() => plain.fire(2), AggregateError);
    assert.deepEqual(heard, [1, 2]);
  });

  it('tells nobody once disposed', () => {
    const emitter = new Emitter<number>();
    emitter.event(() => assert.ok(false, 'told after dispose'));
    emitter.dispose();
    emitter.fire(1);
  });
});
