import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toDisposable } from '../../../src/base/disposable.ts';
import { SILENT_LOG } from '../../../src/base/log.ts';
import { err, ok, type Result } from '../../../src/base/result.ts';
import { message, type Message } from '../../../src/model/message.ts';
import { SourceRegistry, type Opened } from '../../../src/platform/sourceRegistry.ts';
import type { HttpSourceSetting, SourceSetting } from '../../../src/platform/sourceSettings.ts';
import type { LogMapping } from '../../../src/sources/logs/mapping.ts';
import type { SourceMessageKey } from '../../../src/sources/messages.ts';
import type { Source } from '../../../src/sources/source.ts';

const setting = (id: string, url = `https://${id}.example`): HttpSourceSetting => ({ type: 'http', id, name: id, url, caFile: null });
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A registry whose sources are names; `events` is what happened to them, in order. */
const bench = (open?: (id: string) => Promise<Result<Opened, Message<SourceMessageKey>>>) => {
  const events: string[] = [];
  const plain = (id: string): Promise<Result<Opened, Message<SourceMessageKey>>> =>
    Promise.resolve(ok({ source: { id } as Source, dispose: () => events.push(`closed ${id}`) }));
  const registry = new SourceRegistry({
    open: ({ id }) => {
      events.push(`open ${id}`);
      return (open ?? plain)(id);
    },
    attach: ({ id }) => {
      events.push(`attach ${id}`);
      return toDisposable(() => events.push(`detach ${id}`));
    },
    onProblem: ({ id }, problem) => {
      if (problem) events.push(`problem ${id} ${problem.key}`);
    },
    log: SILENT_LOG,
  });
  return { registry, events, plain };
};

describe('the sources follow the settings', () => {
  it('what did not change is left running', async () => {
    const { registry, events } = bench();
    registry.apply({ sources: [setting('a'), setting('b')], pollIntervalMs: 5_000 }, 'direct');
    await settle();
    events.length = 0;
    registry.apply({ sources: [setting('a'), setting('c')], pollIntervalMs: 5_000 }, 'direct');
    await settle();
    assert.deepEqual(events, ['detach b', 'closed b', 'open c', 'attach c']);
  });

  it('a changed address or interval opens the source anew', async () => {
    const { registry, events } = bench();
    registry.apply({ sources: [setting('a')], pollIntervalMs: 5_000 }, 'direct');
    await settle();
    registry.apply({ sources: [setting('a', 'https://other.example')], pollIntervalMs: 5_000 }, 'direct');
    await settle();
    registry.apply({ sources: [setting('a', 'https://other.example')], pollIntervalMs: 1_000 }, 'direct');
    await settle();
    assert.equal(events.filter((event) => event === 'attach a').length, 3);
    assert.equal(events.filter((event) => event === 'closed a').length, 2);
  });

  it('another proxy opens what is connected anew; files are not read again for a proxy or an interval', async () => {
    const { registry, events } = bench();
    const logs: SourceSetting = { type: 'logs', id: 'l', name: 'l', files: ['/x'], mapping: {} as LogMapping };
    registry.apply({ sources: [setting('a'), logs], pollIntervalMs: 5_000 }, 'direct');
    await settle();
    events.length = 0;
    registry.apply({ sources: [setting('a'), logs], pollIntervalMs: 5_000 }, 'proxy');
    await settle();
    assert.equal(events.filter((event) => event === 'attach a').length, 1);
    registry.apply({ sources: [setting('a'), logs], pollIntervalMs: 1_000 }, 'proxy');
    await settle();
    assert.equal(events.filter((event) => event === 'attach a').length, 2);
    assert.deepEqual(
      events.filter((event) => event.endsWith(' l')),
      [],
    );
  });

  it('a source that was taken out while it opened is never attached', async () => {
    let finish: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (finish = resolve));
    const { registry, events, plain } = bench(async (id) => {
      await gate;
      return plain(id);
    });
    registry.apply({ sources: [setting('a')], pollIntervalMs: 5_000 }, 'direct');
    registry.dispose();
    finish();
    await settle();
    await settle();
    assert.deepEqual(events, ['open a', 'closed a']);
  });

  it('one that cannot be opened is told, and tried again when asked', async () => {
    let works = false;
    const { registry, events, plain } = bench((id) =>
      works ? plain(id) : Promise.resolve(err(message('source.error.caFile', { file: 'x', problem: 'y' }))),
    );
    registry.apply({ sources: [setting('a')], pollIntervalMs: 5_000 }, 'direct');
    await settle();
    works = true;
    registry.retry();
    await settle();
    registry.retry();
    await settle();
    assert.deepEqual(events, ['open a', 'problem a source.error.caFile', 'open a', 'attach a']);
  });

  it('one whose code fails is told too', async () => {
    const { registry, events } = bench(() => Promise.reject(new Error('no chunk')));
    registry.apply({ sources: [setting('a')], pollIntervalMs: 5_000 }, 'direct');
    await settle();
    await settle();
    assert.deepEqual(events, ['open a', 'problem a source.error.crashed']);
  });
});
