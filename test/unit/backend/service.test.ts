/** The service without HTTP, on a clock of the test's own: roll-ups against a naive count of the raw events, and aging. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { Service, THE_SERVICE } from '../../../src/backend/service.ts';
import { SYSTEM_CLOCK } from '../../../src/backend/clock.ts';
import { databaseProblem } from '../../../src/backend/storage/database.ts';
import type { Tally } from '../../../src/model/evidence.ts';
import { bucketOf, histogramOf, quantile } from '../../../src/model/histogram.ts';
import { METRICS } from '../../../src/model/metric.ts';

const HOUR = 3600_000;
const T0 = Date.UTC(2026, 0, 15, 12, 0, 0);

interface RawEvent {
  readonly id: string;
  readonly time: number;
  readonly release: string;
  readonly variant: 'stable' | 'canary';
  readonly userId: string;
  readonly kind: 'request' | 'feedback' | 'prediction' | 'resource';
  readonly status?: number;
  readonly latencyMs?: number;
  readonly rating?: number;
  readonly correct?: boolean;
  readonly cpu?: number;
  readonly memoryBytes?: number;
}

/** A small linear congruential generator: the same events in every run. */
const random = (seed: number) => (): number => (seed = (seed * 1_664_525 + 1_013_904_223) % 2 ** 32) / 2 ** 32;

const someEvents = (count: number, from: number, to: number, release = 'r'): readonly RawEvent[] => {
  const next = random(7);
  return Array.from({ length: count }, (_, i): RawEvent => {
    const base = {
      id: `${release}-${String(i)}`,
      time: Math.floor(from + next() * (to - from)),
      release,
      variant: next() < 0.3 ? ('canary' as const) : ('stable' as const),
      userId: `user-${String(Math.floor(next() * 400))}`,
    };
    const kind = next();
    if (kind < 0.7)
      return {
        ...base,
        kind: 'request',
        status: [200, 200, 200, 404, 499, 500, 503][Math.floor(next() * 7)] ?? 200,
        latencyMs: 1 + next() ** 4 * 2000,
      };
    if (kind < 0.8) return { ...base, kind: 'prediction', correct: next() < 0.8 };
    if (kind < 0.9) return { ...base, kind: 'feedback', rating: 1 + Math.floor(next() * 5) };
    return { ...base, kind: 'resource', cpu: next(), memoryBytes: Math.floor(next() * 1e9) };
  });
};

const mean = (values: readonly number[]): number | null => (values.length === 0 ? null : values.reduce((a, b) => a + b, 0) / values.length);
const defined = <T>(values: readonly (T | undefined)[]): readonly T[] => values.filter((value) => value !== undefined);

const naive = (events: readonly RawEvent[], from: number, to: number, variant: string): Tally => {
  const mine = events.filter((event) => event.variant === variant && event.time >= from && event.time < to);
  const status = (low: number, high: number): number =>
    mine.filter(({ kind, status: s = 0 }) => kind === 'request' && s >= low && s < high).length;
  const requests = mine.filter(({ kind }) => kind === 'request');
  return {
    requests: requests.length,
    errors: status(500, Infinity),
    clientErrors: status(400, 500),
    users: new Set(mine.map(({ userId }) => userId)).size,
    predictions: mine.filter(({ kind }) => kind === 'prediction').length,
    correct: mine.filter(({ correct }) => correct).length,
    ratings: mine.filter(({ kind }) => kind === 'feedback').length,
    ratingSum: mine.reduce((sum, { rating = 0 }) => sum + rating, 0),
    latency: histogramOf(requests.map(({ latencyMs = 0 }) => [bucketOf(latencyMs), 1] as const)),
    cpu: mean(defined(mine.map(({ cpu }) => cpu))),
    memoryBytes: mean(defined(mine.map(({ memoryBytes }) => memoryBytes))),
  };
};

const near = (a: number | null, b: number | null): boolean =>
  a === b || (a !== null && b !== null && Math.abs(a - b) <= 1e-9 * Math.abs(b));

const sameTally = (seen: Tally, expected: Tally, what: string): void => {
  const { cpu, memoryBytes, ...counts } = seen;
  const { cpu: expectedCpu, memoryBytes: expectedMemory, ...expectedCounts } = expected;
  assert.deepEqual(counts, expectedCounts, what);
  assert.ok(near(cpu, expectedCpu) && near(memoryBytes, expectedMemory), what);
};

const setUp = async (
  t: TestContext,
): Promise<{ service: Service; time: { now: number }; send: (events: readonly RawEvent[]) => Promise<void>; restart: () => Service }> => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'rollout-lens-'));
  const time = { now: T0 };
  const file = path.join(folder, 'rollout.db');
  const open = (): Service => new Service(file, { ...SYSTEM_CLOCK, now: () => time.now }, (fault) => assert.fail(String(fault)));
  let service = open();
  t.after(() => {
    service.close();
    rmSync(folder, { recursive: true, force: true });
  });
  for (const id of ['r', 'other']) {
    await service.create(
      {
        id,
        name: 'n',
        service: 's',
        ratio: 0.3,
        steps: [],
        guardrails: [],
        versions: { stable: 'a', canary: 'b' },
        salt: id,
        simulated: false,
        metadata: {},
      },
      THE_SERVICE,
    );
  }
  const send = async (events: readonly RawEvent[]): Promise<void> => {
    for (let i = 0; i < events.length; i += 997) {
      const lines = events.slice(i, i + 997).map((event) => JSON.stringify(event));
      const answer = await service.ingest(new TextEncoder().encode(lines.join('\n')), null);
      assert.ok(answer.ok);
      assert.equal((JSON.parse(answer.value) as { accepted: number }).accepted, lines.length);
    }
  };
  return {
    get service() {
      return service;
    },
    time,
    send,
    restart: () => {
      service.close();
      service = open();
      return service;
    },
  };
};

describe('roll-ups', { timeout: 60_000 }, () => {
  it('give the evidence of any window of the last hours as a naive count of the raw events does', async (t) => {
    const context = await setUp(t);
    const events = someEvents(8000, T0 - 1.9 * HOUR, T0);
    // In no order of time, and another release in between.
    await context.send(events);
    await context.send(someEvents(500, T0 - HOUR, T0, 'other'));
    for (const [from, to] of [
      [-1.9 * HOUR, 0],
      [-HOUR, 0],
      [-3_723_000, -17_000],
      [-61_000, -59_000],
      [-1000, 0],
      [-HOUR - 1000, -HOUR],
      [-5000, -5000 + 1000],
    ] as const) {
      const evidence = context.service.evidence('r', T0 + from, T0 + to);
      assert.ok(evidence);
      assert.equal(evidence.from, Math.floor((T0 + from) / 1000) * 1000);
      for (const variant of ['stable', 'canary'] as const) {
        const expected = naive(events, evidence.from, evidence.to, variant);
        const users = expected.users === 0 && expected.requests > 0 ? null : expected.users;
        sameTally(evidence.variants[variant], { ...expected, users }, `${variant} ${String(from)}…${String(to)}`);
      }
    }
    const before = context.service.evidence('r', T0 - HOUR, T0);
    assert.deepEqual(context.restart().evidence('r', T0 - HOUR, T0), before, 'and after a restart');
  });

  it('give every metric in steps of seconds, minutes and hours as a naive count does', async (t) => {
    const { service, send } = await setUp(t);
    const events = someEvents(4000, T0 - 1.9 * HOUR, T0);
    await send(events);
    const [oldest, newest] = [Math.min(...events.map(({ time }) => time)), Math.max(...events.map(({ time }) => time))];
    let silent = 0;
    for (const step of [7, 60, 300, 90, 3600]) {
      const answer = service.series('r', { from: T0 - 1.5 * HOUR, to: T0, step, metrics: METRICS, variants: ['stable', 'canary'] });
      assert.ok(answer?.ok);
      assert.equal(answer.value.step, step);
      for (const { metric, variant, times, values, counts } of answer.value.series) {
        assert.ok(times.every((time, i) => time % (step * 1000) === 0 && (i === 0 || time - times[i - 1]! === step * 1000)));
        for (const [i, time] of times.entries()) {
          const tally = naive(events, time, time + step * 1000, variant);
          // The step at the end has not passed: its rate is that of the seconds that have.
          const seconds = Math.min(step, Math.max(1, (T0 - time) / 1000));
          const expected = {
            // Nothing counted between the first and the last event is none; outside nobody knows.
            requests: time + step * 1000 > oldest && time <= newest ? tally.requests / seconds : null,
            errorRate: tally.requests === 0 ? null : tally.errors / tally.requests,
            latencyP50: tally.requests === 0 ? null : quantile(tally.latency, 0.5),
            latencyP99: tally.requests === 0 ? null : quantile(tally.latency, 0.99),
            cpu: tally.cpu,
            memory: tally.memoryBytes,
            rating: tally.ratings === 0 ? null : tally.ratingSum / tally.ratings,
            accuracy: tally.predictions === 0 ? null : tally.correct / tally.predictions,
          }[metric];
          assert.ok(
            near(values[i] ?? null, expected),
            `${metric} ${variant} step ${String(step)} at ${String(time)}: ${String(values[i])}, expected ${String(expected)}`,
          );
          assert.equal(counts[i] === 0, expected === null || (metric === 'requests' && expected === 0));
          if (metric === 'requests' && expected === 0) silent += 1;
        }
      }
    }
    assert.ok(silent > 0, 'some steps were silent');
  });

  it('are copied whole while others are written', async (t) => {
    const { service, send, time } = await setUp(t);
    await send(someEvents(20_000, T0 - 1.9 * HOUR, T0));
    const folder = mkdtempSync(path.join(os.tmpdir(), 'copy-'));
    const copy = path.join(folder, 'copy.db');
    const state = { done: false };
    const copying = service.backup(copy).then(() => (state.done = true));
    let written = 0;
    for (; !state.done; written++) await send([{ ...someEvents(1, T0 - 1000, T0)[0]!, id: `during-${String(written)}` }]);
    await copying;
    assert.ok(written >= 2, `${String(written)} batches were answered meanwhile`);
    assert.equal(databaseProblem(copy), null);
    const read = new Service(copy, { ...SYSTEM_CLOCK, now: () => time.now }, (fault) => assert.fail(String(fault)));
    const copied = read.evidence('r', T0 - HOUR, T0 - 2000);
    read.close();
    const from = service.evidence('r', T0 - HOUR, T0 - 2000);
    rmSync(folder, { recursive: true });
    assert.deepEqual(copied, from);
  });

  it('keep a day of distinct users after the seconds are gone, exactly', async (t) => {
    const { service, send, time } = await setUp(t);
    const events = someEvents(3000, T0 - 4 * HOUR, T0);
    await send(events);
    time.now = T0 + 19 * HOUR + 12_345;
    await service.prune();
    const evidence = service.evidence('r', T0 - 4 * HOUR + 90_000, T0 - HOUR);
    assert.ok(evidence);
    assert.equal(evidence.from, T0 - 4 * HOUR + 60_000, 'the window begins at a whole minute, and says so');
    for (const variant of ['stable', 'canary'] as const)
      sameTally(evidence.variants[variant], naive(events, evidence.from, evidence.to, variant), variant);
    assert.equal(service.evidence('r', T0 - 6 * HOUR, T0 + 19 * HOUR)?.variants.stable.users, null, 'more than a day: unknown, not wrong');
  });

  it('age from seconds to minutes to hours, and say the step that is left', async (t) => {
    const { service, send, time } = await setUp(t);
    const events = someEvents(2000, T0 - HOUR, T0);
    await send(events);
    const ask = (step: number) => {
      const answer = service.series('r', { from: T0 - HOUR, to: T0, step, metrics: ['errorRate'], variants: ['stable'] });
      assert.ok(answer?.ok);
      const { step: used, series } = answer.value;
      return { step: used, requests: series[0]!.counts.reduce((a, b) => a + b, 0) };
    };
    const requests = naive(events, T0 - HOUR, T0, 'stable').requests;
    assert.deepEqual(ask(10), { step: 10, requests });
    time.now = T0 + 3 * HOUR;
    await service.prune();
    assert.deepEqual(ask(10), { step: 60, requests });
    time.now = T0 + 15 * 24 * HOUR;
    await service.prune();
    assert.deepEqual(ask(10), { step: 3600, requests });
    time.now = T0 + 401 * 24 * HOUR;
    await service.prune();
    assert.equal(service.evidence('r', T0 - HOUR, T0)?.variants.stable.requests, 0);
  });

  it('know an id for a day, over restarts and prunings, and forget it at last', async (t) => {
    const context = await setUp(t);
    const [event] = someEvents(1, T0 - 1000, T0);
    await context.send([event!]);
    const again = async (): Promise<unknown> => {
      const answer = await context.service.ingest(new TextEncoder().encode(JSON.stringify({ ...event, time: context.time.now })), null);
      assert.ok(answer.ok);
      return (({ accepted, duplicate }: { accepted: number; duplicate: number }) => [accepted, duplicate])(
        JSON.parse(answer.value) as { accepted: number; duplicate: number },
      );
    };
    for (const hours of [5, 11, 23]) {
      context.time.now = T0 + hours * HOUR;
      await context.send([{ ...event!, id: `at-${String(hours)}`, time: context.time.now }]);
      await context.service.prune();
      context.restart();
      assert.deepEqual(await again(), [0, 1], `after ${String(hours)} hours`);
    }
    context.time.now = T0 + 60 * HOUR;
    await context.send([{ ...event!, id: 'much later', time: context.time.now }]);
    await context.service.prune();
    assert.deepEqual(await again(), [1, 0]);
  });
});
