import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeDecodeError } from '../../../../src/base/decode.ts';
import { decodeEvidence, decodeMetrics } from '../../../../src/sources/http/wire.ts';

const tally = (changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  requests: 1_000,
  errors: 10,
  clientErrors: 5,
  users: 200,
  predictions: 100,
  correct: 90,
  ratings: 0,
  ratingSum: 0,
  latency: { first: 100, counts: [400, 600] },
  cpu: 0.5,
  memoryBytes: null,
  ...changes,
});

/** What is wrong with a canary that was counted so; null where nothing is. */
const problemOf = (changes: Readonly<Record<string, unknown>>): string | null => {
  const decoded = decodeEvidence({ from: 0, to: 60_000, variants: { stable: tally(), canary: tally(changes) } });
  return decoded.ok ? null : describeDecodeError(decoded.error);
};

describe('evidence from a service', () => {
  it('is taken where the counts can be, up to every request failed and every prediction right', () => {
    assert.equal(problemOf({}), null);
    assert.equal(problemOf({ errors: 995, clientErrors: 5, correct: 100 }), null);
  });

  for (const [what, changes, field] of [
    ['more errors than requests', { errors: 1_001 }, 'errors'],
    ['more failed requests of both kinds than requests', { errors: 999, clientErrors: 2 }, 'errors'],
    ['more right predictions than predictions', { correct: 101 }, 'correct'],
    ['a part of a request', { requests: 1_000.5 }, 'requests'],
    ['a part of an error', { errors: 0.1 }, 'errors'],
    ['fewer than no users', { users: -1 }, 'users'],
    ['a part of a response time', { latency: { first: 0, counts: [0.5] } }, 'latency.counts[0]'],
  ] as const)
    it(`is refused with ${what}, by the name of the field`, () => {
      assert.match(problemOf(changes) ?? '', new RegExp(`^\\$\\.variants\\.canary\\.${field.replace(/[.[\]]/g, '\\$&')}: expected `));
    });
});

describe('series from a service', () => {
  const median = (more: object): ReturnType<typeof decodeMetrics> =>
    decodeMetrics({
      from: 0,
      to: 20_000,
      step: 10,
      series: [{ metric: 'latencyP50', variant: 'canary', unit: 'ms', times: [0, 10_000], values: [20, null], counts: [9, 0], ...more }],
    });
  it('keep the interval of a median, and are read where an older service sends none', () => {
    const got = median({ low: [18, null], high: [23, null] });
    assert.ok(got.ok);
    assert.deepEqual([got.value.series[0]?.low, got.value.series[0]?.high], [Float64Array.of(18, NaN), Float64Array.of(23, NaN)]);
    const older = median({});
    assert.ok(older.ok && older.value.series[0]?.low === undefined);
    assert.equal(median({ low: [18], high: [23, null] }).ok, false);
  });
});
