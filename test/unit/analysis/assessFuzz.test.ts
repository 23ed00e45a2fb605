import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assess } from '../../../src/analysis/assess.ts';
import { randomOf } from '../../../src/analysis/detect/random.ts';
import type { Assessment } from '../../../src/model/assessment.ts';
import type { Tally } from '../../../src/model/evidence.ts';
import type { Message } from '../../../src/model/message.ts';
import { METRIC_RULES, METRICS } from '../../../src/model/metric.ts';
import { PHASES } from '../../../src/model/release.ts';
import type { Series } from '../../../src/model/series.ts';
import { HOUR, latencies, NOON, release, tally } from './fixtures.ts';

const random = randomOf(77);
const whole = (below: number): number => Math.floor(random() * below);
const oneOf = <T>(...items: readonly T[]): T => items[whole(items.length)]!;

const anyTally = (): Tally => {
  const requests = oneOf(0, 1, 3, whole(200), whole(100_000));
  const predictions = oneOf(0, whole(requests + 1));
  const ratings = oneOf(0, whole(requests + 1));
  return tally({
    requests,
    errors: oneOf(0, requests, whole(requests + 1)),
    users: oneOf(null, 0, whole(requests + 1)),
    predictions,
    correct: oneOf(0, predictions, whole(predictions + 1)),
    ratings,
    ratingSum: ratings * oneOf(0, 1, 5),
    latency: latencies(oneOf(0.001, 1, 80, 1e6), oneOf(0, 1, whole(300))),
    cpu: oneOf(null, 0, 2.5),
    memoryBytes: oneOf(null, 0, 1e9),
  });
};

const anySeries = (steps: number, stepMs: number): readonly Series[] =>
  METRICS.flatMap((metric) =>
    (['stable', 'canary'] as const)
      .filter(() => random() < 0.8)
      .map((variant): Series => {
        const level = oneOf(0, 1e-9, 0.5, 1, 100, 1e12);
        const values = Float64Array.from({ length: steps }, () => oneOf(NaN, 0, level, level, level * random(), 1, -1, Infinity));
        return {
          metric,
          variant,
          unit: METRIC_RULES[metric].unit,
          times: Float64Array.from({ length: steps }, (_, i) => NOON - HOUR + i * stepMs),
          values,
          counts: values.map((value) => (Number.isNaN(value) ? 0 : oneOf(0, 1, 7, 500))),
        };
      }),
  );

const messagesOf = (assessment: Assessment): readonly Message[] => [
  assessment.sentence,
  ...(assessment.recommendation ? [assessment.recommendation] : []),
  ...assessment.caveats,
  ...assessment.metrics.map((metric) => metric.sentence),
];

describe('assess, on anything', () => {
  it('answers without failure, and never says NaN or infinity to a person', { timeout: 60_000 }, () => {
    for (let round = 0; round < 400; round++) {
      const stepMs = oneOf(1_000, 10_000, 60_000, 7_000);
      const from = NOON - oneOf(HOUR, 60_000, 0);
      const assessment = assess({
        release: release({
          phase: oneOf(...PHASES, 'gray', 'gray'),
          ratio: {
            unit: oneOf('users', 'requests', 'replicas'),
            desired: oneOf(null, 0, 0.1, 1),
            actual: null,
            since: oneOf(null, NOON - 60_000),
          },
        }),
        evidence: oneOf(null, {
          from,
          to: NOON,
          variants: { stable: anyTally(), canary: anyTally() },
          strata: Array.from({ length: oneOf(0, 1, 2, 5) }, () => ({
            from,
            to: NOON,
            variants: { stable: anyTally(), canary: anyTally() },
          })),
        }),
        history: oneOf(null, {
          from: NOON - HOUR,
          to: NOON,
          stepMs,
          series: anySeries(Math.floor(HOUR / stepMs), stepMs),
          changes: oneOf([], [{ time: NOON - 60_000, from: null, to: 0.2, by: null, reason: null, action: 'setRatio' }]),
        }),
        at: NOON,
      });
      for (const { key, args } of messagesOf(assessment)) {
        for (const [name, arg] of Object.entries(args)) {
          if (typeof arg === 'object') assert.ok(Number.isFinite(arg.value), `${key} ${name}: ${arg.value}`);
        }
      }
      for (const anomaly of assessment.anomalies) {
        for (const value of [
          anomaly.from,
          anomaly.to,
          anomaly.seen,
          anomaly.expected,
          anomaly.band.low,
          anomaly.band.high,
          anomaly.score,
        ]) {
          assert.ok(Number.isFinite(value), JSON.stringify(anomaly));
        }
      }
      assert.equal(assessment.verdict === 'regressing', assessment.worst !== null);
      for (const { interval, effect } of assessment.metrics) {
        if (interval) assert.ok(Number.isFinite(interval.low + interval.high));
        if (interval && effect !== null) assert.ok(interval.low <= effect + 1e-9 && effect <= interval.high + 1e-9);
      }
    }
  });
});
