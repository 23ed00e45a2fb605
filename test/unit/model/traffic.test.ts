import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { History, RatioChange } from '../../../src/model/series.ts';
import { rateOf, seenSeconds, seenWindow } from '../../../src/model/traffic.ts';
import { someEvidence } from '../../fakes/release.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;

/** An hour of steps of ten seconds; requests a minute of each side by the minute. */
const history = (
  of: { readonly stable?: (minute: number) => number; readonly canary?: (minute: number) => number },
  changedAt?: number,
): History => ({
  from: 0,
  to: HOUR,
  stepMs: 10_000,
  changes:
    changedAt === undefined
      ? []
      : [{ time: changedAt * MINUTE, from: 0.1, to: 0.5, by: null, reason: null, action: 'setRatio' } satisfies RatioChange],
  series: (['stable', 'canary'] as const).flatMap((variant) => {
    const perMinute = of[variant];
    if (!perMinute) return [];
    const times = Float64Array.from({ length: 360 }, (_, i) => i * 10_000);
    const counts = times.map((_, i) => perMinute(i / 6) / 6);
    return [{ metric: 'requests', variant, unit: 'perSecond', times, values: counts.map((count) => count / 10), counts } as const];
  }),
});
const near = (got: { readonly perMinute: number; readonly seconds: number } | null, perMinute: number, seconds: number): void => {
  assert.ok(got && Math.abs(got.perMinute - perMinute) < 1e-6, JSON.stringify(got));
  assert.equal(got.seconds, seconds);
};

describe('the traffic of now', () => {
  it('is that of the last ten minutes', () => {
    const of = history({ stable: (minute) => (minute < 50 ? 9_000 : 900), canary: () => 100 });
    near(rateOf(someEvidence(), of, 'both'), 1_000, 600);
    near(rateOf(someEvidence(), of, 'stable'), 900, 600);
  });
  it('of a side that began inside them, or whose ratio moved, is counted since then', () => {
    near(rateOf(someEvidence(), history({ canary: (minute) => (minute < 55 ? 0 : 60) }), 'canary'), 60, 300);
    near(rateOf(someEvidence(), history({ canary: (minute) => (minute < 56 ? 60 : 300) }, 56), 'canary'), 300, 240);
  });
  it('does not rest on the first seconds of a new ratio', () => {
    near(rateOf(someEvidence(), history({ canary: () => 60 }, 59.5), 'canary'), 60, 600);
  });
  it('is nothing where nothing arrives any more, and that of the window where no series tells', () => {
    near(rateOf(someEvidence(), history({ canary: (minute) => (minute < 40 ? 60 : 0) }), 'canary'), 0, 600);
    near(rateOf(someEvidence(), null, 'canary'), 10, 3600);
    near(rateOf(someEvidence(), history({ stable: () => 1 }), 'canary'), 10, 3600);
  });
  it('users were seen for as long as requests were', () => {
    assert.equal(seenSeconds(someEvidence(), history({ stable: (minute) => (minute < 40 ? 0 : 60) })), 1200);
    assert.equal(seenSeconds(someEvidence(), history({})), 3600);
    assert.equal(seenSeconds(someEvidence(), null), 3600);
  });
  it('has data from the first request to the last, and a short silence is none', () => {
    const window = (per: (minute: number) => number) => {
      const { from, to } = seenWindow(someEvidence(), history({ stable: per }));
      return [from / MINUTE, to / MINUTE];
    };
    assert.deepEqual(
      window(() => 60),
      [0, 60],
    );
    assert.deepEqual(
      window((minute) => (minute < 40 ? 0 : 60)),
      [40, 60],
      'begins later',
    );
    assert.deepEqual(
      window((minute) => (minute < 20 ? 60 : 0)),
      [0, 20],
      'not caught up with now',
    );
    assert.deepEqual(
      window((minute) => (minute < 0.5 ? 0 : 60)),
      [0, 60],
    );
    assert.deepEqual(
      window(() => 0),
      [0, 60],
      'nothing at all',
    );
  });
});
