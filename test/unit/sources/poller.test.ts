import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Clock } from '../../../src/base/clock.ts';
import { runPoller } from '../../../src/sources/poller.ts';
import type { Source, SourceError, SourceSnapshot } from '../../../src/sources/source.ts';
import { recordingLog } from '../../fakes/wait.ts';

const LIMIT = { timeout: 5_000 };
const snapshot = (sequence: number): SourceSnapshot => ({
  type: 'snapshot',
  sourceId: 'svc',
  sequence,
  at: sequence,
  releases: [],
  note: null,
});

/** Waits pass at once and are kept. */
const clockOf = (waits: number[]): Clock => ({
  now: () => 42,
  elapsed: () => 42,
  delay: async (ms) => {
    waits.push(ms);
    await Promise.resolve();
  },
});
const sourceOf = (watch: Source['watch']): Source => ({ id: 'svc', name: 'Service', watch }) as unknown as Source;

describe('poller', () => {
  it('hands on every item and ends with the signal', LIMIT, async () => {
    const end = new AbortController();
    const items: (SourceSnapshot | SourceError)[] = [];
    const source = sourceOf(async function* () {
      for (let i = 1; ; i++) yield await Promise.resolve(snapshot(i));
    });
    const sink = (item: SourceSnapshot | SourceError): void => {
      items.push(item);
      if (items.length === 3) end.abort();
    };
    await runPoller({ source, clock: clockOf([]), log: recordingLog(), sink }, end.signal);
    assert.deepEqual(
      items.map((item) => item.at),
      [1, 2, 3],
    );
  });

  it('reports a source whose own code throws, with a date, and starts it again ever more slowly until it works', LIMIT, async () => {
    const end = new AbortController();
    const waits: number[] = [];
    const items: (SourceSnapshot | SourceError)[] = [];
    let starts = 0;
    const source = sourceOf(async function* () {
      starts++;
      await Promise.resolve();
      if (starts === 4) yield snapshot(starts);
      if (starts === 6) end.abort();
      throw new Error(`bug ${starts}`);
    });
    await runPoller({ source, clock: clockOf(waits), log: recordingLog(), sink: (item) => items.push(item) }, end.signal);
    const first = items[0];
    assert.ok(first?.type === 'error');
    assert.deepEqual([first.message.key, first.message.args['problem'], first.at], ['source.error.crashed', 'Error: bug 1', 42]);
    assert.deepEqual(waits, [1_000, 2_000, 4_000, 1_000, 2_000]);
  });

  it('does not take a source that just ends for one that has nothing to say', LIMIT, async () => {
    const end = new AbortController();
    const items: (SourceSnapshot | SourceError)[] = [];
    const source = sourceOf(async function* () {
      if (items.length === 1) end.abort();
      yield* await Promise.resolve([]);
    });
    await runPoller({ source, clock: clockOf([]), log: recordingLog(), sink: (item) => items.push(item) }, end.signal);
    assert.deepEqual(
      items.map(({ type }) => type),
      ['error'],
    );
  });

  it('outlives a listener that throws', LIMIT, async () => {
    const end = new AbortController();
    const log = recordingLog();
    let taken = 0;
    const source = sourceOf(async function* () {
      for (let i = 1; ; i++) yield await Promise.resolve(snapshot(i));
    });
    const sink = (): void => {
      if (++taken === 2) end.abort();
      throw new Error('view is broken');
    };
    await runPoller({ source, clock: clockOf([]), log, sink }, end.signal);
    assert.equal(taken, 2);
    assert.match(log.lines.join('\n'), /view is broken/);
  });
});
