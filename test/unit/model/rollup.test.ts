import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { quantile, total } from '../../../src/model/histogram.ts';
import type { MetricId } from '../../../src/model/metric.ts';
import type { VariantRole } from '../../../src/model/release.ts';
import { FUTURE_TOLERANCE_MS, Rollup, type Observation } from '../../../src/model/rollup.ts';
import type { Outcome } from '../../../src/model/rollupCell.ts';
import type { Series } from '../../../src/model/series.ts';

const START = Date.UTC(2026, 0, 5, 10, 0, 0);
const HOUR = 3_600_000;

/** A small generator of its own, so that a failure can be repeated. */
const generator = (seed: number): (() => number) => {
  let state = seed;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
};

const traffic = (count: number, spanMs: number, seed = 7): readonly Observation[] => {
  const random = generator(seed);
  return Array.from({ length: count }, (): Observation => {
    const variant: VariantRole = random() < 0.2 ? 'canary' : 'stable';
    const draw = random();
    const outcome: Outcome = draw < 0.03 ? 'error' : draw < 0.05 ? 'clientError' : 'ok';
    return {
      time: START + Math.floor(random() * spanMs),
      variant,
      outcome,
      latencyMs: 2 + 200 * random() ** 3,
      userId: `user-${String(Math.floor(random() * 300))}`,
      ...(random() < 0.5 ? { correct: random() < 0.9 } : {}),
      ...(random() < 0.1 ? { rating: 1 + Math.floor(random() * 5) } : {}),
      ...(random() < 0.1 ? { cpu: random(), memoryBytes: 1e8 * random() } : {}),
    };
  });
};

const filled = (observations: readonly Observation[]): Rollup => {
  const rollup = new Rollup(() => START + 24 * HOUR);
  for (const observation of observations) assert.equal(rollup.add(observation), null);
  return rollup;
};

const find = (series: readonly Series[], metric: MetricId, variant: VariantRole): Series => {
  const found = series.find((one) => one.metric === metric && one.variant === variant);
  assert.ok(found, `${metric} of ${variant}`);
  return found;
};

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

/** Of sorted values, within the 2.2 % of a histogram bucket either side. */
const assertQuantile = (seen: number, values: readonly number[], p: number): void => {
  const sorted = [...values].sort((a, b) => a - b);
  const low = sorted[Math.max(0, Math.floor(p * sorted.length) - 1)]!;
  const high = sorted[Math.min(sorted.length - 1, Math.ceil(p * sorted.length))]!;
  assert.ok(
    seen >= low / 1.023 && seen <= high * 1.023,
    `${String(seen)} is not the ${String(p)} quantile, ${String(low)} to ${String(high)}`,
  );
};

describe('Rollup', () => {
  it('gives the same evidence as counting one by one', () => {
    const all = traffic(20_000, HOUR);
    const [from, to] = [START + 10 * 60_000, START + 40 * 60_000];
    const evidence = filled(all).evidence(from, to);
    for (const variant of ['stable', 'canary'] as const) {
      const mine = all.filter((one) => one.variant === variant && one.time >= from && one.time < to);
      const tally = evidence.variants[variant];
      assert.equal(tally.requests, mine.length);
      assert.equal(tally.errors, mine.filter((one) => one.outcome === 'error').length);
      assert.equal(tally.clientErrors, mine.filter((one) => one.outcome === 'clientError').length);
      assert.equal(tally.users, new Set(mine.map((one) => one.userId)).size);
      assert.equal(tally.predictions, mine.filter((one) => one.correct !== undefined).length);
      assert.equal(tally.correct, mine.filter((one) => one.correct).length);
      assert.equal(tally.ratings, mine.filter((one) => one.rating !== undefined).length);
      assert.equal(
        tally.ratingSum,
        mine.reduce((sum, one) => sum + (one.rating ?? 0), 0),
      );
      assert.equal(total(tally.latency), mine.length);
      const latencies = mine.map((one) => one.latencyMs!);
      assertQuantile(quantile(tally.latency, 0.5), latencies, 0.5);
      assertQuantile(quantile(tally.latency, 0.99), latencies, 0.99);
      const cpu = mean(mine.flatMap((one) => one.cpu ?? []));
      assert.ok(Math.abs(tally.cpu! - cpu!) < 1e-9);
      const memory = mean(mine.flatMap((one) => one.memoryBytes ?? []));
      assert.ok(Math.abs(tally.memoryBytes! / memory! - 1) < 1e-9);
    }
  });

  it('gives the same history as counting one by one, whatever the order of arrival', () => {
    const all = traffic(20_000, HOUR);
    const step = 30_000;
    const history = filled(all).history(START, START + HOUR, step);
    assert.equal(history.length, 16, 'eight metrics of two variants');
    for (const variant of ['stable', 'canary'] as const) {
      const requests = find(history, 'requests', variant);
      assert.equal(requests.times.length, 120);
      for (const [i, time] of requests.times.entries()) {
        assert.equal(time, START + i * step);
        const mine = all.filter((one) => one.variant === variant && one.time >= time && one.time < time + step);
        assert.equal(requests.values[i], mine.length / 30);
        assert.equal(requests.counts[i], mine.length);
        assert.equal(find(history, 'errorRate', variant).values[i], mine.filter((one) => one.outcome === 'error').length / mine.length);
        const judged = mine.filter((one) => one.correct !== undefined);
        assert.equal(find(history, 'accuracy', variant).values[i], judged.filter((one) => one.correct).length / judged.length);
        assert.equal(find(history, 'accuracy', variant).counts[i], judged.length);
        assertQuantile(
          find(history, 'latencyP50', variant).values[i]!,
          mine.map((one) => one.latencyMs!),
          0.5,
        );
      }
    }
  });

  it('leaves out metrics that nobody measured, and says NaN where a step has none', () => {
    const rollup = filled([
      { time: START, variant: 'stable', outcome: 'ok', latencyMs: 5 },
      { time: START + 20_000, variant: 'stable', outcome: 'ok', latencyMs: 5 },
    ]);
    const history = rollup.history(START - 10_000, START + 40_000, 10_000);
    assert.deepEqual([...new Set(history.map((series) => series.metric))], ['requests', 'errorRate', 'latencyP50', 'latencyP99']);
    assert.deepEqual([...find(history, 'requests', 'stable').values], [NaN, 0.1, 0, 0.1, NaN]);
    assert.deepEqual([...find(history, 'requests', 'canary').values], [NaN, 0, 0, 0, NaN]);
    assert.deepEqual([...find(history, 'errorRate', 'stable').values], [NaN, 0, NaN, 0, NaN]);
    assert.deepEqual([...find(history, 'errorRate', 'canary').counts], [0, 0, 0, 0, 0]);
    assert.equal(rollup.evidence(START, START + 60_000).variants.stable.users, null, 'no id was ever seen');
  });

  it('divides a cut first and last step by the time looked at', () => {
    const rollup = filled(
      Array.from({ length: 60 }, (_, i) => ({ time: START + i * 1000, variant: 'stable' as const, outcome: 'ok' as const })),
    );
    const values = find(rollup.history(START + 5000, START + 45_000, 10_000), 'requests', 'stable').values;
    assert.deepEqual([...values], [1, 1, 1, 1, 1]);
  });

  it('keeps totals and users when seconds become minutes and minutes hours, late samples included', () => {
    const rollup = new Rollup(() => START + 30 * 24 * HOUR);
    const send = (hour: number): void => {
      for (let i = 0; i < 600; i++) {
        rollup.add({ time: START + hour * HOUR + i * 6000, variant: 'canary', outcome: 'ok', userId: `u${String(i % 50)}`, latencyMs: 10 });
      }
    };
    for (const hour of [0, 1, 2, 3, 30, 24 * 10]) send(hour);
    send(2);
    assert.equal(rollup.evidence(START, START + 11 * 24 * HOUR).variants.canary.requests, 7 * 600);
    const hour2 = rollup.evidence(START + 2 * HOUR, START + 3 * HOUR).variants.canary;
    assert.equal(hour2.requests, 1200);
    assert.equal(hour2.users, 50);
    assert.equal(rollup.stepFor(START + 10 * 24 * HOUR, START + 11 * 24 * HOUR, 5000), 5000);
    assert.equal(rollup.stepFor(START + 9 * 24 * HOUR, START + 11 * 24 * HOUR, 90_000), 120_000);
    const coarse = find(rollup.history(START, START + 11 * 24 * HOUR, 1000), 'requests', 'canary');
    assert.equal(coarse.times[1]! - coarse.times[0]!, HOUR);
    assert.equal(coarse.values[2], 1200 / 3600);
  });

  it('refuses and counts times that are no time, in the future, or too old to keep', () => {
    const now = START + 500 * 24 * HOUR;
    const rollup = new Rollup(() => now);
    assert.equal(rollup.add({ time: now + FUTURE_TOLERANCE_MS, variant: 'stable', outcome: 'ok' }), null);
    assert.equal(rollup.add({ time: now + FUTURE_TOLERANCE_MS + 1, variant: 'stable', outcome: 'ok' }), 'future');
    assert.equal(rollup.add({ time: NaN, variant: 'stable', outcome: 'ok' }), 'invalidTime');
    assert.equal(rollup.add({ time: START, variant: 'stable', outcome: 'ok' }), 'tooOld');
    assert.deepEqual(rollup.refused, { invalidTime: 1, future: 1, tooOld: 1 });
    assert.equal(rollup.newest, now + FUTURE_TOLERANCE_MS);
    assert.equal(rollup.evidence(0, now * 2).variants.stable.requests, 1);
  });

  it('does not count what is no number', () => {
    const rollup = filled([
      { time: START, variant: 'stable', outcome: 'ok', latencyMs: NaN, rating: NaN, cpu: Infinity, userId: '' },
      { time: START, variant: 'stable', outcome: 'ok', latencyMs: -1 },
      { time: START, variant: 'stable', outcome: 'ok', latencyMs: 0 },
    ]);
    const { stable } = rollup.evidence(START, START + 1000).variants;
    assert.deepEqual([stable.requests, total(stable.latency), stable.ratings, stable.cpu, stable.users], [3, 1, 0, null, null]);
  });

  it('never tells of more users than requests', () => {
    const rollup = filled(
      Array.from({ length: 20_000 }, (_, i) => ({
        time: START + i,
        variant: 'stable' as const,
        outcome: 'ok' as const,
        userId: String(i),
      })),
    );
    for (let from = 0; from < 20_000; from += 1000) {
      const { users, requests } = rollup.evidence(START, START + from + 1000).variants.stable;
      assert.ok(users !== null && users <= requests, `${String(users)} users made ${String(requests)} requests`);
    }
  });

  it('stays bounded: a very long range and a very small step are answered in wider steps', () => {
    const rollup = filled([{ time: START, variant: 'stable', outcome: 'ok' }]);
    const series = find(rollup.history(START - 400 * 24 * HOUR, START + HOUR, 1), 'requests', 'stable');
    assert.ok(series.times.length <= 20_001);
    assert.deepEqual(rollup.history(START, START, 1000), []);
  });

  it('takes a million observations in a few seconds', { timeout: 120_000 }, (t) => {
    const all = traffic(1_000_000, 2 * HOUR, 3);
    const rollup = new Rollup(() => START + 24 * HOUR);
    const begun = process.cpuUsage();
    for (const observation of all) rollup.add(observation);
    // Processor time: the machine may be busy with something else.
    const seconds = process.cpuUsage(begun).user / 1e6;
    t.diagnostic(`${seconds.toFixed(2)} s`);
    assert.equal(rollup.evidence(START, START + 2 * HOUR).variants.canary.users, 300);
    // About a second where it has a core to itself; the bound leaves room for a busy machine.
    assert.ok(seconds < 6, `${seconds.toFixed(2)} s`);
  });
});
