import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { randomOf } from '../../../src/analysis/detect/random.ts';
import { ratioCourse, segmentsOf, SEGMENTS_MAX } from '../../../src/analysis/ratioSegments.ts';
import type { History, RatioChange, Series } from '../../../src/model/series.ts';
import { evidence, HOUR, NOON, release, tally } from './fixtures.ts';

const MINUTE = 60_000;
const WINDOW = { from: NOON - HOUR, to: NOON };
const change = (minutesAgo: number, from: number | null = 0.1): RatioChange => ({
  time: NOON - minutesAgo * MINUTE,
  from,
  to: 0.5,
  by: null,
  reason: null,
  action: 'setRatio',
});
const history = (changes: readonly RatioChange[], series: readonly Series[] = []): History => ({
  ...WINDOW,
  stepMs: 10_000,
  series,
  changes,
});
const minutesOf = (segments: readonly { readonly from: number; readonly to: number }[]): readonly (readonly [number, number])[] =>
  segments.map(({ from, to }) => [(from - NOON) / MINUTE, (to - NOON) / MINUTE]);

/** Requests of both sides where the canary's share is `share(minute)`, with chance and with busy users. */
const traffic = (perStep: number, share: (minute: number) => number, burst = 1): readonly Series[] => {
  const random = randomOf(3);
  const times = Float64Array.from({ length: 360 }, (_, i) => WINDOW.from + i * 10_000);
  const canary = times.map((_, i) => {
    let sum = 0;
    for (let user = 0; user < perStep / burst; user++) if (random() < share(i / 6)) sum += burst;
    return sum;
  });
  return (['stable', 'canary'] as const).map((variant): Series => {
    const counts = variant === 'canary' ? canary : canary.map((count) => perStep - count);
    return { metric: 'requests', variant, unit: 'perSecond', times, values: counts.map((count) => count / 10), counts };
  });
};
const logs = release({ owner: { kind: 'logs', name: 'access.log' }, ratio: { unit: 'requests', desired: null, actual: 0.1, since: null } });
const seen = (of: readonly Series[]) => minutesOf(segmentsOf(logs, WINDOW, history([], of)));

describe('stretches of one ratio', () => {
  it('none while the ratio held, nor where the release began inside the window', () => {
    assert.deepEqual(segmentsOf(release(), WINDOW, history([])), []);
    assert.deepEqual(segmentsOf(release(), WINDOW, history([change(30, null)])), []);
    assert.deepEqual(segmentsOf(release(), WINDOW, history([change(90)])), []);
  });
  it('cuts at every change of the history, on whole seconds, without gap or overlap', () => {
    const odd = { ...change(10), time: NOON - 10 * MINUTE + 123 };
    const segments = segmentsOf(release(), WINDOW, history([odd, change(30)]));
    assert.deepEqual(segments, [
      { from: NOON - HOUR, to: NOON - 30 * MINUTE },
      { from: NOON - 30 * MINUTE, to: NOON - 10 * MINUTE + 1000 },
      { from: NOON - 10 * MINUTE + 1000, to: NOON },
    ]);
  });
  it('cuts where the release says that its ratio began, when the history does not know', () => {
    const of = release({ ratio: { unit: 'users', desired: 0.5, actual: 0.5, since: NOON - 20 * MINUTE } });
    assert.deepEqual(minutesOf(segmentsOf(of, WINDOW, history([]))), [
      [-60, -20],
      [-20, 0],
    ]);
  });
  it('leaves the oldest out where there are too many, and what has not begun', () => {
    const many = segmentsOf(release(), WINDOW, history(Array.from({ length: 20 }, (_, i) => change(2 * i + 1))));
    assert.equal(many.length, SEGMENTS_MAX);
    assert.equal(many.at(-1)?.to, NOON);
    assert.equal(many[0]?.from, NOON - 15 * MINUTE);
    assert.deepEqual(segmentsOf(release({ phase: 'preparation' }), WINDOW, history([change(30)])), []);
    assert.equal(segmentsOf(release({ phase: 'rolledBack' }), WINDOW, history([change(30)])).length, 2, 'what led to it is shown');
  });
});

describe('a ratio that nobody tells', () => {
  it('is read off the traffic where it moved, to a step or two', () => {
    const [first, second, third, ...rest] = seen(traffic(100, (minute) => (minute < 20 ? 0.05 : minute < 45 ? 0.2 : 0.5)));
    assert.deepEqual(rest, []);
    assert.ok(Math.abs(first![1] + 40) < 0.5 && Math.abs(second![1] + 15) < 0.5, JSON.stringify([first, second, third]));
  });
  it('sees a canary that begins', () => {
    const [first, ...rest] = seen(traffic(50, (minute) => (minute < 50 ? 0 : 0.1)));
    assert.ok(Math.abs(first![1] + 10) < 0.5 && rest.length === 1);
  });
  it('sees none in chance, in users who make ten requests in a row, or in rising traffic', () => {
    assert.deepEqual(seen(traffic(100, () => 0.1)), []);
    assert.deepEqual(seen(traffic(100, () => 0.1, 10)), []);
    assert.deepEqual(seen([]), []);
  });
  it('cuts a share that rises all the time into stairs', () => {
    const stairs = seen(traffic(200, (minute) => 0.02 + (0.6 * minute) / 60));
    assert.ok(stairs.length >= 4 && stairs.length <= SEGMENTS_MAX, JSON.stringify(stairs));
  });
  it('is told apart from a change that was announced', () => {
    const of = evidence(tally({ requests: 10 }), tally({ requests: 10 }));
    const cut = { ...of, strata: [of, of] };
    assert.deepEqual(ratioCourse(logs, cut, history([])), { changes: 1, stratified: true, observed: true });
    assert.deepEqual(ratioCourse(release(), cut, history([change(30)])), { changes: 1, stratified: true, observed: false });
    assert.deepEqual(ratioCourse(release(), of, history([change(30)])), { changes: 1, stratified: false, observed: false });
  });
});
