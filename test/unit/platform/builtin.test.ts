import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toDisposable } from '../../../src/base/disposable.ts';
import { Emitter } from '../../../src/base/emitter.ts';
import { SILENT_LOG } from '../../../src/base/log.ts';
import { ok } from '../../../src/base/result.ts';
import { message } from '../../../src/model/message.ts';
import { Builtin } from '../../../src/platform/builtin.ts';
import type { Embedded, EmbeddedState } from '../../../src/sources/embedded/embeddedTypes.ts';
import type { Source } from '../../../src/sources/source.ts';

const running = (port: number): EmbeddedState & { readonly status: 'running' } => ({
  status: 'running',
  url: `http://127.0.0.1:${String(port)}`,
  token: 'secret',
  pid: 1,
  version: '1',
  joined: false,
});
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** The window's side of a service that the test moves from state to state. */
const bench = (lives = false) => {
  const events: string[] = [];
  const emitter = new Emitter<EmbeddedState>();
  let state: EmbeddedState = { status: 'stopped' };
  const settings = { openedWith: 'every 5 s' };
  const become = async (next: EmbeddedState): Promise<void> => {
    state = next;
    emitter.fire(next);
    await settle();
    await settle();
  };
  const service: Embedded = {
    get state() {
      return state;
    },
    onDidChange: emitter.event,
    start: async () => {
      await become(running(1));
      return ok(running(1));
    },
    stop: () => become({ status: 'stopped' }),
    dispose: () => events.push('lease given back'),
  };
  const builtin = new Builtin({
    create: () => {
      events.push('loaded');
      return Promise.resolve(service);
    },
    lives: () => Promise.resolve(lives),
    open: (info) => Promise.resolve({ source: { id: info()?.url ?? '' } as Source, dispose: () => events.push('closed') }),
    openedWith: () => settings.openedWith,
    attach: ({ id }) => {
      events.push(`attach ${id}`);
      return toDisposable(() => events.push('detach'));
    },
    onFailure: (output) => {
      if (output !== null) events.push(`failed: ${output}`);
    },
    log: SILENT_LOG,
  });
  return { builtin, events, become, settings };
};

describe('the built-in service in a window', () => {
  it('is a source while it runs', async () => {
    const { builtin, events } = bench();
    await builtin.start();
    await settle();
    await builtin.stop();
    await settle();
    assert.deepEqual(events, ['loaded', 'attach http://127.0.0.1:1', 'detach', 'closed']);
  });

  it('is followed to another address, and stays a source while it is started anew', async () => {
    const { builtin, events, become } = bench();
    await builtin.start();
    await settle();
    events.length = 0;
    await become({ status: 'starting', attempt: 1 });
    assert.deepEqual(events, []);
    await become(running(1));
    assert.deepEqual(events, [], 'the same address is the same source');
    await become(running(2));
    assert.deepEqual(events, ['detach', 'closed', 'attach http://127.0.0.1:2']);
  });

  it('is opened anew with another interval, and left alone by a setting that does not concern it', async () => {
    const { builtin, events, settings } = bench();
    await builtin.start();
    await settle();
    events.length = 0;
    builtin.update();
    await settle();
    assert.deepEqual(events, []);
    settings.openedWith = 'every 1 s';
    builtin.update();
    await settle();
    await settle();
    assert.deepEqual(events, ['detach', 'closed', 'attach http://127.0.0.1:1']);
  });

  it('tells its last output when it cannot be kept alive', async () => {
    const { builtin, events, become } = bench();
    await builtin.start();
    await become({ status: 'failed', attempts: 3, lastOutput: 'disk full', message: message('embedded.failed.died', { attempts: 3 }) });
    assert.ok(events.includes('failed: disk full'));
  });

  it('is joined only where one lives; nothing is loaded otherwise', async () => {
    const none = bench(false);
    await none.builtin.join();
    assert.deepEqual(none.events, []);
    const one = bench(true);
    await one.builtin.join();
    await settle();
    assert.ok(one.events.includes('attach http://127.0.0.1:1'));
  });

  it('is let go with the window', async () => {
    const { builtin, events } = bench();
    await builtin.start();
    await settle();
    builtin.dispose();
    await settle();
    assert.deepEqual(events.slice(-3), ['detach', 'closed', 'lease given back']);
  });
});
