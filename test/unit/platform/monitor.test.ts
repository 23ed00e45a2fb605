import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AssessInput } from '../../../src/analysis/assess.ts';
import type { Clock } from '../../../src/base/clock.ts';
import { SILENT_LOG } from '../../../src/base/log.ts';
import { err, ok } from '../../../src/base/result.ts';
import { message } from '../../../src/model/message.ts';
import { keyOf, type Release } from '../../../src/model/release.ts';
import type { RatioChange } from '../../../src/model/series.ts';
import { EVIDENCE_WINDOW_MS, Monitor } from '../../../src/platform/monitor.ts';
import type { EvidenceQuery, Source, SourceError, SourceSnapshot } from '../../../src/sources/source.ts';
import { Store } from '../../../src/store/store.ts';
import { anAssessment, aRelease, someEvidence } from '../../fakes/release.ts';

/** A clock that stands still unless told; its delays last until they are aborted. */
const standingClock = () => {
  const clock = {
    time: 10_000_000,
    /** How far somebody has set the wall clock. */
    set: 0,
    now: () => clock.time + clock.set,
    elapsed: () => clock.time,
    delay: (_ms: number, signal: Parameters<Clock['delay']>[1]) =>
      new Promise<void>((resolve) => signal.addEventListener('abort', resolve, { once: true })),
  };
  return clock;
};

/** A source whose news the test pushes. */
interface Options {
  readonly failing?: boolean;
  /** Evidence that begins here cannot be had. */
  readonly failingFrom?: number;
  readonly changes?: readonly RatioChange[];
  readonly onAsk?: () => void;
}

const pushed = (options: Options = {}) => {
  const items: (SourceSnapshot | SourceError)[] = [];
  let wake: () => void = () => undefined;
  const asked: EvidenceQuery[] = [];
  const state = { ended: false };
  const source: Source = {
    id: 'svc',
    kind: 'http',
    name: 'Service',
    pollIntervalMs: 5_000,
    async *watch(signal) {
      signal.addEventListener('abort', () => wake(), { once: true });
      while (!signal.aborted) {
        const item = items.shift();
        if (item) yield item;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
      state.ended = true;
    },
    refresh: () => undefined,
    history: ({ from, to, stepMs }) => Promise.resolve(ok({ from, to, stepMs, series: [], changes: options.changes ?? [] })),
    evidence: (query) => {
      asked.push(query);
      options.onAsk?.();
      if (options.failing === true || query.from === options.failingFrom)
        return Promise.resolve(
          err({ type: 'error', sourceId: 'svc', kind: 'timeout', at: 1, message: message('source.error.timeout'), detail: '' }),
        );
      return Promise.resolve(ok(someEvidence({ from: query.from, to: query.to })));
    },
    plan: () => Promise.reject(new Error('not asked')),
    reaches: () => false,
    withReason: (plan) => plan,
    apply: () => Promise.reject(new Error('not asked')),
    assignment: () => Promise.reject(new Error('not asked')),
  };
  let sequence = 0;
  const push = (...releases: readonly Release[]): void => {
    items.push({ type: 'snapshot', sourceId: 'svc', sequence: sequence++, at: 1, releases, note: null });
    wake();
  };
  return { source, push, asked, state };
};

const setUp = (options: Options = {}) => {
  const judged: AssessInput[] = [];
  const logged: string[] = [];
  const store = new Store();
  const clock = standingClock();
  const pushes = pushed(options);
  const monitor = new Monitor({
    store,
    clock,
    log: { ...SILENT_LOG, warn: (text) => void logged.push(text), info: (text) => void logged.push(text) },
    assessor: {
      assess: (input) => {
        judged.push(input);
        return Promise.resolve(ok(anAssessment('healthy', input.release)));
      },
    },
  });
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await settled();
  };
  return { store, clock, monitor, judged, logged, ...pushes, until };
};
/** The first whole minute of the last five: users are told apart by the minute, and 9,700,000 is inside one. */
const RECENT_FROM = 9_720_000;
const KEY = keyOf(aRelease());
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('Monitor', { timeout: 10_000 }, () => {
  it('measures the last hour of a release, has it judged, and puts both into the store', async () => {
    const world = setUp();
    const attached = world.monitor.attach(world.source);
    world.push(aRelease());
    await world.until(() => world.store.state.releases.get(KEY)?.assessment?.verdict === 'healthy');
    assert.deepEqual(
      world.asked,
      [10_000_000 - EVIDENCE_WINDOW_MS, RECENT_FROM].map((from) => ({ releaseId: 'fraud-model', from, to: 10_000_000 })),
    );
    assert.equal(world.judged[0]?.recent?.from, RECENT_FROM);
    assert.equal(world.store.state.releases.get(KEY)?.evidence?.to, 10_000_000);
    attached.dispose();
    world.monitor.dispose();
  });

  describe('where the ratio moved inside the hour', () => {
    const MOVED = 9_000_000;
    const changes = [{ time: MOVED, from: 0.05, to: 0.1, by: null, reason: null, action: 'setRatio' }];

    it('asks for each stretch of one ratio too, and has them judged with the whole', async () => {
      const world = setUp({ changes });
      world.monitor.attach(world.source);
      world.push(aRelease());
      await world.until(() => world.judged.length === 1);
      const from = 10_000_000 - EVIDENCE_WINDOW_MS;
      const ranges = [
        { from, to: 10_000_000 },
        { from: RECENT_FROM, to: 10_000_000 },
        { from, to: MOVED },
        { from: MOVED, to: 10_000_000 },
      ];
      assert.deepEqual(
        world.asked.map((query) => ({ from: query.from, to: query.to })),
        ranges,
      );
      const { evidence } = world.judged[0]!;
      assert.deepEqual(
        evidence?.strata?.map((stratum) => ({ from: stratum.from, to: stratum.to })),
        ranges.slice(2),
      );
      world.monitor.dispose();
    });

    it('does not ask for stretches that ended at every poll, but again after a minute, for what comes late', async () => {
      // Of three stretches the first slides with the window and the last grows: the one between is as it was.
      const two = [
        { ...changes[0]!, time: 8_500_000, to: 0.07 },
        { ...changes[0]!, from: 0.07 },
      ];
      const world = setUp({ changes: two });
      world.monitor.attach(world.source);
      const between = () => world.asked.filter(({ from, to }) => from === 8_500_000 && to === MOVED).length;
      for (let poll = 1; poll <= 13; poll++) {
        world.push(aRelease());
        await world.until(() => world.judged.length === poll);
        await settled();
        world.clock.time += 5_000;
        assert.equal(between(), poll <= 12 ? 1 : 2, `poll ${String(poll)}`);
      }
      assert.ok(world.judged.every(({ evidence }) => evidence?.strata?.length === 3));
      world.monitor.dispose();
    });

    it('judges nothing while one stretch cannot be had', async () => {
      const world = setUp({ changes, failingFrom: MOVED });
      world.monitor.attach(world.source);
      world.push(aRelease());
      await world.until(() => world.store.state.releases.get(KEY)?.measureError?.message.key === 'source.error.timeout');
      assert.equal(world.judged.length, 0);
      assert.equal(world.store.state.releases.get(KEY)?.evidence, null);
      world.monitor.dispose();
    });
  });

  it('measures again after a poll interval or when the revision moved, not with every snapshot', async () => {
    const world = setUp();
    world.monitor.attach(world.source);
    world.push(aRelease());
    await world.until(() => world.asked.length === 2 && world.store.state.releases.get(KEY)?.assessment?.verdict === 'healthy');
    await settled();
    world.push(aRelease());
    await world.until(() => world.store.state.sources[0]?.snapshot?.sequence === 1);
    await settled();
    assert.equal(world.asked.length, 2);
    world.push(aRelease({ revision: '8' }));
    await world.until(() => world.store.state.releases.get(KEY)?.release.revision === '8' && world.asked.length === 4);
    await settled();
    world.clock.time += 5_000;
    world.push(aRelease({ revision: '8' }));
    await world.until(() => world.store.state.releases.get(KEY)?.evidence?.to === 10_005_000);
    world.monitor.dispose();
  });

  it('goes on measuring when the clock of the machine is set back by an hour', async () => {
    const world = setUp();
    world.monitor.attach(world.source);
    world.push(aRelease());
    await world.until(() => world.store.state.releases.get(KEY)?.assessment?.verdict === 'healthy');
    await settled();
    world.clock.set = -3_600_000;
    world.clock.time += 5_000;
    world.push(aRelease());
    await world.until(() => world.store.state.releases.get(KEY)?.evidence?.to === 10_005_000 - 3_600_000);
    world.monitor.dispose();
  });

  it('measures many releases less often, so that at most a third of the time goes into it, but what moved at once', async () => {
    const took = 20;
    const many = (revision = '7'): readonly Release[] =>
      Array.from({ length: 500 }, (_, i) => aRelease({ id: `r${String(i)}`, ...(i === 499 ? { revision } : {}) }));
    // The clock goes on while the source is asked, two times a release.
    const world = setUp({ onAsk: () => (world.clock.time += took / 2) });
    world.monitor.attach(world.source);
    const begun = world.clock.time;
    world.push(...many());
    await world.until(() => world.judged.length === 500);
    await settled();
    assert.equal(world.clock.time - begun, 500 * took);
    world.clock.time += 10_000;
    world.push(...many('8'));
    await world.until(() => world.judged.length > 500);
    for (let i = 0; i < 20; i++) await settled();
    assert.deepEqual(
      world.judged.slice(500).map(({ release }) => release.id),
      ['r499'],
    );
    world.clock.time = begun + 3 * 500 * took + 500 * took;
    world.push(...many('8'));
    await world.until(() => world.judged.length >= 1000);
    world.monitor.dispose();
  });

  it('keeps the last numbers and says that they are old when it cannot measure any more', async () => {
    const options = { failing: false };
    const world = setUp(options);
    world.monitor.attach(world.source);
    world.push(aRelease());
    const known = () => world.store.state.releases.get(KEY);
    await world.until(() => known()?.assessment?.verdict === 'healthy');
    await settled();
    options.failing = true;
    world.clock.time += 5_000;
    world.push(aRelease());
    await world.until(() => known()?.measureError !== null);
    assert.equal(known()?.evidence?.to, 10_000_000);
    assert.equal(known()?.assessment?.verdict, 'healthy');
    assert.equal(known()?.measureError?.since, 10_005_000);
    await settled();
    const tries = world.asked.length;
    world.clock.time += 5_000;
    world.push(aRelease());
    await world.until(() => world.asked.length > tries);
    await settled();
    options.failing = false;
    world.push(aRelease());
    await world.until(() => known()?.measureError === null);
    assert.equal(world.logged.length, 2, 'the output channel says once that it fails and once that it works');
    assert.match(world.logged[0] ?? '', /^fraud-model of the source .* could not be measured: /);
    assert.match(world.logged[1] ?? '', /^fraud-model of the source .* is measured again\.$/);
    world.monitor.dispose();
  });

  it('judges a log that does not grow again once a minute, so that its verdict comes to be of the past', async () => {
    const world = setUp();
    world.monitor.attach(world.source);
    const log = aRelease({ owner: { kind: 'logs', name: 'access logs' }, updatedAt: 9_000_000 });
    world.push(log);
    await world.until(() => world.asked.length === 2 && world.store.state.releases.get(KEY)?.assessment?.verdict === 'healthy');
    await settled();
    world.clock.time += 30_000;
    world.push(log);
    await world.until(() => world.store.state.sources[0]?.snapshot?.sequence === 1);
    await settled();
    assert.equal(world.asked.length, 2);
    world.clock.time += 30_000;
    world.push(log);
    await world.until(() => world.asked.length === 4);
    world.monitor.dispose();
  });

  it('says of a source that was removed that it is gone, not that somebody cancelled', async () => {
    const world = setUp();
    const history = await world.monitor.loadHistory(KEY, 0, 1, 1, new AbortController().signal);
    assert.equal(history.ok ? '' : history.error.message.key, 'source.error.removed');
    world.monitor.dispose();
  });

  it('measures a new attempt at once although it has the revision of the last one', async () => {
    const world = setUp();
    world.monitor.attach(world.source);
    world.push(aRelease({ createdAt: 1 }));
    await world.until(() => world.store.state.releases.get(KEY)?.assessment !== undefined && world.judged.length === 1);
    await settled();
    world.push(aRelease({ createdAt: 2 }));
    await world.until(() => world.judged.length === 2);
    world.monitor.dispose();
  });

  it('ends the watch and takes the source out of the store when detached', async () => {
    const world = setUp();
    const attached = world.monitor.attach(world.source);
    world.push(aRelease());
    await world.until(() => world.store.state.releases.size === 1);
    attached.dispose();
    await settled();
    assert.equal(world.state.ended, true);
    assert.equal(world.store.state.sources.length, 0);
    assert.equal(world.store.state.releases.size, 0);
    assert.equal(world.monitor.source('svc'), undefined);
    world.monitor.dispose();
  });
});
