import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { movedBy, NOTHING_MOVED } from '../../../src/actions/moved.ts';
import type { Evidence } from '../../../src/model/evidence.ts';
import type { Release } from '../../../src/model/release.ts';
import type { History, RatioChange } from '../../../src/model/series.ts';
import { aRelease, aTally, someEvidence } from '../../fakes/release.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;

/** Requests of both sides in ten-second steps, by the minute of the window. */
const history = (perMinute: (minute: number) => number, canary: number, changes: readonly RatioChange[] = []): History => {
  const times = Float64Array.from({ length: 360 }, (_, i) => i * 10_000);
  return {
    from: 0,
    to: HOUR,
    stepMs: 10_000,
    changes,
    series: (['stable', 'canary'] as const).map((variant) => {
      const share = variant === 'canary' ? canary : 1 - canary;
      const counts = times.map((_, i) => (perMinute(Math.floor(i / 6)) / 6) * share);
      return { metric: 'requests', variant, unit: 'perSecond', times, values: counts.map((count) => count / 10), counts };
    }),
  };
};
const change = (minute: number, from: number | null): RatioChange => ({
  time: minute * MINUTE,
  from,
  to: 0.1,
  by: null,
  reason: null,
  action: 'setRatio',
});
const held = (changes: Partial<Release> = {}): Release =>
  aRelease({ ratio: { unit: 'users', desired: 0.1, actual: 0.1, since: -HOUR }, ...changes });
const moved = (
  given: { release?: Release; evidence?: Evidence | null; history?: History | null },
  from: number | null,
  to: number | null,
) => movedBy({ release: held(), evidence: someEvidence(), history: null, ...given }, from, to);

describe('what moves with the ratio', () => {
  it('is what arrives now: five minutes of traffic are no hour of it', () => {
    const young = history((minute) => (minute < 55 ? 0 : 600), 0.1);
    const got = moved({ history: young }, 0.1, 0.5);
    assert.deepEqual(got.requests, { perMinute: 240, seconds: 300 });
    assert.equal(got.users?.seconds, 300, 'users too were seen in five minutes only');
  });
  it('is the rate of the last ten minutes where traffic rose or fell', () => {
    assert.deepEqual(moved({ history: history((minute) => (minute < 50 ? 6_000 : 600), 0.1) }, 0.1, 0.2).requests, {
      perMinute: 60,
      seconds: 600,
    });
    assert.deepEqual(moved({ history: history((minute) => (minute < 40 ? 600 : 0), 0.1) }, 0.1, 0.2).requests, {
      perMinute: 0,
      seconds: 600,
    });
  });
  it('is that of the window where no series tells', () => {
    assert.deepEqual(moved({}, 0.1, 0.2), {
      users: { count: 100, atMost: false, seconds: 3600 },
      requests: { perMinute: 10, seconds: 3600 },
    });
  });
  it('is at most so many users where some may have been seen on both sides', () => {
    const atMost = (release: Release, changes: readonly RatioChange[] = []) =>
      moved({ release, history: history(() => 600, 0.1, changes) }, 0.1, 0.2).users?.atMost;
    assert.equal(atMost(held()), false);
    assert.equal(atMost(held(), [change(30, 0.05)]), true);
    assert.equal(atMost(held(), [change(30, null)]), false, 'a beginning moves nobody');
    assert.equal(atMost(aRelease({ ratio: { unit: 'users', desired: 0.1, actual: 0.1, since: 30 * MINUTE } })), true);
    assert.equal(atMost(aRelease({ ratio: { unit: 'requests', desired: 0.1, actual: 0.1, since: null } })), true);
  });
  it('is negative when users go back to stable', () => {
    assert.equal(moved({}, 0.1, 0).users?.count, -100);
    assert.equal(moved({}, 0.1, 0).requests?.perMinute, -10);
  });
  it('is unknown without user ids, and requests are still told', () => {
    const variants = { stable: aTally({ requests: 5400, users: null }), canary: aTally({ requests: 600, users: null }) };
    const got = moved({ evidence: someEvidence({ variants }) }, 0.1, 0.2);
    assert.equal(got.users, null);
    assert.equal(got.requests?.perMinute, 10);
  });
  it('is nothing without evidence or a ratio, or where the ratio stays', () => {
    assert.deepEqual(moved({ evidence: null }, 0.1, 0.2), NOTHING_MOVED);
    const none = aTally({ requests: 0, users: 0 });
    const silent = { ...someEvidence(), variants: { stable: none, canary: none } };
    assert.deepEqual(moved({ evidence: silent }, 0.5, 1), NOTHING_MOVED, 'who measured nothing does not say that nobody is moved');
    assert.deepEqual(moved({}, null, 0.2), NOTHING_MOVED);
    assert.deepEqual(moved({}, 0.2, 0.2), NOTHING_MOVED);
  });
});
