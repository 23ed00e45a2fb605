import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findAnomalies } from '../../../../src/analysis/detect/findAnomalies.ts';
import { randomOf } from '../../../../src/analysis/detect/random.ts';
import { normalQuantile } from '../../../../src/analysis/stats/normalQuantile.ts';
import type { Anomaly } from '../../../../src/model/assessment.ts';
import { METRIC_RULES, type MetricId } from '../../../../src/model/metric.ts';
import type { VariantRole } from '../../../../src/model/release.ts';
import type { History, RatioChange, Series } from '../../../../src/model/series.ts';
import { HOUR, NOON } from '../fixtures.ts';

const STEP = 10_000;
const FROM = NOON - HOUR;
const STEPS = HOUR / STEP;

interface Cell {
  readonly value: number;
  readonly count: number;
}
type Shape = (step: number, random: () => number) => Cell;

const binomial = (n: number, p: number, random: () => number): Cell => {
  let k = 0;
  for (let i = 0; i < n; i++) if (random() < p) k++;
  return { value: n > 0 ? k / n : NaN, count: n };
};
const errors =
  (n: number, rate: number): Shape =>
  (_, random) =>
    binomial(n, rate, random);
const latency =
  (n: number, ms: number): Shape =>
  (_, random) => ({ value: ms * Math.exp((0.6 / Math.sqrt(n)) * normalQuantile(random() * 0.98 + 0.01)), count: n });

const seriesOf = (metric: MetricId, variant: VariantRole, shape: Shape, seed: number): Series => {
  const random = randomOf(seed);
  const cells = Array.from({ length: STEPS }, (_, step) => shape(step, random));
  return {
    metric,
    variant,
    unit: METRIC_RULES[metric].unit,
    times: Float64Array.from(cells, (_, step) => FROM + step * STEP),
    values: Float64Array.from(cells, ({ value }) => value),
    counts: Float64Array.from(cells, ({ count }) => count),
  };
};

type Shapes = Partial<Record<MetricId, { readonly stable: Shape; readonly canary: Shape }>>;
const historyOf = (shapes: Shapes, changes: readonly RatioChange[] = [], seed = 1): History => ({
  from: FROM,
  to: NOON,
  stepMs: STEP,
  series: Object.entries(shapes).flatMap(([metric, { stable, canary }]) => [
    seriesOf(metric as MetricId, 'stable', stable, seed),
    seriesOf(metric as MetricId, 'canary', canary, seed + 1),
  ]),
  changes,
});

/** `then` from minute `from` on until minute `to`. */
const during =
  (from: number, to: number, normally: Shape, then: Shape): Shape =>
  (step, random) =>
    (step >= from * 6 && step < to * 6 ? then : normally)(step, random);
const minutesOf = ({ from, to }: { from: number; to: number }): readonly [number, number] => [(from - FROM) / 60_000, (to - FROM) / 60_000];

describe('anomalies', () => {
  const quiet: Shapes = {
    errorRate: { stable: errors(300, 0.01), canary: errors(30, 0.01) },
    latencyP50: { stable: latency(300, 100), canary: latency(30, 100) },
  };

  it('nothing where nothing is, over twenty hours', () => {
    const found = Array.from({ length: 20 }, (_, seed) => findAnomalies(historyOf(quiet, [], 10 * seed)).length);
    assert.deepEqual([...new Set(found)], [0]);
  });

  it('an incident of the canary is one run, from when it began to when it ended', () => {
    const bad: Shapes = { ...quiet, errorRate: { stable: errors(300, 0.01), canary: during(30, 40, errors(30, 0.01), errors(30, 0.15)) } };
    const [found, ...others] = findAnomalies(historyOf(bad));
    assert.deepEqual(others, []);
    assert.ok(found);
    assert.equal(found.metric, 'errorRate');
    assert.equal(found.severity, 'major');
    const [from, to] = minutesOf(found);
    assert.ok(Math.abs(from - 30) <= 1 && Math.abs(to - 40) <= 1, `${from} to ${to}`);
    assert.ok(found.seen > 0.1 && found.expected > 0.005 && found.expected < 0.015);
    assert.ok(found.score > 0.5 && found.score < 1);
    assert.equal(found.id, `canary/errorRate/${found.from}`);
    assert.equal(found.ongoing, false);
    assert.ok(found.seenAt >= found.from && found.seenAt < found.to && found.seenAt % 30_000 === 0);
  });

  it('keeps its id while the run goes on', () => {
    const bad: Shapes = { ...quiet, latencyP50: { stable: latency(300, 100), canary: during(40, 60, latency(30, 100), latency(30, 160)) } };
    const all = historyOf(bad);
    const ids = [45, 50, 55, 60].map((minute) => {
      const to = FROM + minute * 60_000;
      const keep = minute * 6;
      const series = all.series.map((s) => ({
        ...s,
        times: s.times.slice(0, keep),
        values: s.values.slice(0, keep),
        counts: s.counts.slice(0, keep),
      }));
      return findAnomalies({ ...all, to, series });
    });
    assert.deepEqual(new Set(ids.flat().map(({ id }) => id)).size, 1);
    assert.ok(ids.every((list) => list.length === 1 && list[0]?.ongoing));
  });

  it('an improvement is an anomaly too, but a minor one', () => {
    const better: Shapes = { ...quiet, latencyP50: { stable: latency(300, 100), canary: latency(30, 60) } };
    assert.deepEqual(
      findAnomalies(historyOf(better)).map(({ metric, severity }) => [metric, severity]),
      [['latencyP50', 'minor']],
    );
  });

  it('a window with three requests is none, whatever they were', () => {
    const thin = during(20, 20.5, errors(30, 0.01), () => ({ value: 1, count: 1 }));
    const slow = during(20, 20.5, latency(30, 100), () => ({ value: 900, count: 1 }));
    const few: Shapes = { errorRate: { stable: errors(300, 0.01), canary: thin }, latencyP50: { stable: latency(300, 100), canary: slow } };
    assert.deepEqual(findAnomalies(historyOf(few)), []);
  });

  it('a canary with a handful of requests a minute raises none by chance, and one when nearly all fail', () => {
    const sparse = (rate: number): Shapes => ({
      errorRate: { stable: errors(300, 0.02), canary: (_, random) => binomial(random() < 0.3 ? 1 : 0, rate, random) },
    });
    for (let seed = 0; seed < 20; seed++) assert.deepEqual(findAnomalies(historyOf(sparse(0.02), [], seed)), [], `seed ${seed}`);
    assert.equal(findAnomalies(historyOf(sparse(0.8)))[0]?.metric, 'errorRate');
  });

  it('the first minutes of a thin canary are as noisy as its few requests make them, and no anomaly', () => {
    const gap: Shape = () => ({ value: NaN, count: 0 });
    const begun: Shapes = { latencyP50: { stable: latency(3_000, 100), canary: during(59, 60, gap, latency(10, 100)) } };
    const found = Array.from({ length: 100 }, (_, seed) => findAnomalies(historyOf(begun, [], 3 * seed)).length);
    assert.deepEqual([...new Set(found)], [0]);
  });

  it('sees errors of the canary where the stable had none at all', () => {
    const none: Shapes = { errorRate: { stable: errors(300, 0), canary: during(30, 60, errors(30, 0), errors(30, 0.2)) } };
    assert.deepEqual(
      findAnomalies(historyOf(none)).map(({ variant, metric }) => [variant, metric]),
      [['canary', 'errorRate']],
    );
  });

  it('an incident that hits both is not held against the canary', () => {
    const both: Shapes = {
      ...quiet,
      errorRate: { stable: during(30, 35, errors(300, 0.01), errors(300, 0.3)), canary: during(30, 35, errors(30, 0.01), errors(30, 0.3)) },
    };
    assert.deepEqual(
      findAnomalies(historyOf(both)).map(({ variant }) => variant),
      ['stable'],
    );
  });

  it('gaps are neither failure nor anomaly', () => {
    const gap: Shape = () => ({ value: NaN, count: 0 });
    const holes: Shapes = {
      errorRate: { stable: during(10, 20, errors(300, 0.01), gap), canary: during(15, 30, errors(30, 0.01), gap) },
      latencyP50: { stable: during(10, 20, latency(300, 100), gap), canary: during(15, 30, latency(30, 100), gap) },
    };
    assert.deepEqual(findAnomalies(historyOf(holes)), []);
  });

  it('a canary that has only begun, or none, or constant values, or too short a history: nothing, and no failure', () => {
    const requests =
      (n: number): Shape =>
      () => ({ value: n / 10, count: n });
    const late: Shapes = { ...quiet, requests: { stable: requests(300), canary: during(40, 60, requests(0), requests(30)) } };
    assert.deepEqual(findAnomalies(historyOf(late)), []);
    const never: Shapes = { requests: { stable: requests(300), canary: requests(0) } };
    assert.deepEqual(findAnomalies(historyOf(never)), []);
    const constant: Shapes = { cpu: { stable: () => ({ value: 1, count: 2 }), canary: () => ({ value: 1, count: 2 }) } };
    assert.deepEqual(findAnomalies(historyOf(constant)), []);
    const short = historyOf(quiet);
    assert.deepEqual(findAnomalies({ ...short, to: FROM + 300_000 }), []);
    assert.deepEqual(findAnomalies({ from: FROM, to: FROM, stepMs: STEP, series: [], changes: [] }), []);
  });

  it('traffic that stays away from the canary is an anomaly of its requests', () => {
    const requests =
      (n: number): Shape =>
      (_, random) => ({ value: n / 10, count: n + Math.floor(random() * 5) });
    const stopped: Shapes = { requests: { stable: requests(300), canary: during(40, 45, requests(30), () => ({ value: 0, count: 0 })) } };
    const [found] = findAnomalies(historyOf(stopped));
    assert.equal(found?.metric, 'requests');
    assert.equal(found.seen, 0);
    assert.ok(found.expected > 2 && found.expected < 4);
  });
});

describe('what the forest decides', () => {
  /** A third of all half minutes, each variant's own by chance, are half as slow again: a job that runs beside, say. */
  const moody =
    (seed: number): Shape =>
    (step, random) =>
      latency(300, randomOf(seed * 1_000 + Math.floor(step / 3))() < 1 / 3 ? 150 : 100)(step, random);
  const errorRate = { stable: errors(300, 0.01), canary: errors(300, 0.01) };
  const found = (hours: number, canary: (seed: number) => Shape): readonly Anomaly[] =>
    Array.from({ length: hours }, (_, seed) =>
      findAnomalies(historyOf({ errorRate, latencyP50: { stable: moody(seed), canary: canary(100 + seed) } }, [], 10 * seed)),
    ).flat();

  it('what the stable itself does every other minute is seldom an anomaly, of either', () => {
    // Many deviations off, a third of the time: without the forest's word these are 131 runs in twenty hours.
    const runs = found(20, moody);
    assert.ok(runs.length <= 20, `${runs.length} runs: ${runs.map(({ id }) => id).join(' ')}`);
  });

  it('what goes far beyond that is one all the same', () => {
    const runs = found(5, (seed) => during(30, 40, moody(seed), latency(300, 600)));
    const over = runs.filter(
      ({ variant, from, to }) => variant === 'canary' && minutesOf({ from, to })[0] <= 33 && minutesOf({ from, to })[1] >= 39,
    );
    assert.equal(over.length, 5, runs.map(({ id, from, to }) => `${id} ${String(minutesOf({ from, to }))}`).join(' '));
  });
});
