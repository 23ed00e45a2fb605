import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { timeTicks, valueTicks, type OffsetAt } from '../../../webview/chart/ticks.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('valueTicks', () => {
  it('holds the range in round steps without rounding dust', () => {
    const axis = valueTicks(0, 0.034, true, 4);
    assert.deepEqual(axis.ticks, [0, 0.01, 0.02, 0.03, 0.04]);
    assert.equal(axis.max, 0.04);
  });
  it('begins at zero only when it is told to', () => {
    assert.equal(valueTicks(0.91, 0.95, false, 4).min, 0.91);
    assert.equal(valueTicks(0.91, 0.95, true, 4).min, 0);
  });
  it('is round in what is shown: MiB, not millions of bytes', () => {
    const MIB = 1024 ** 2;
    assert.ok(valueTicks(600 * MIB, 640 * MIB, false, 4, MIB).ticks.every((tick) => Number.isInteger(tick / MIB)));
  });
  it('opens a range around values that are all alike, zero included', () => {
    for (const value of [0, 5, 0.01]) {
      const axis = valueTicks(value, value, true, 4);
      assert.ok(axis.max >= value && axis.max > axis.min && axis.ticks.length >= 2, String(value));
      assert.ok(valueTicks(value, value, false, 4).max > value, String(value));
    }
  });
  it('reaches below zero when a value does', () => {
    assert.ok(valueTicks(-3, 5, true, 4).min <= -3);
  });
});

describe('timeTicks', () => {
  const utc: OffsetAt = () => 0;
  /** Berlin around the spring change of 2026: UTC+1 until 29 March 01:00 UTC, then UTC+2. */
  const change = Date.UTC(2026, 2, 29, 1);
  const berlin: OffsetAt = (time) => (time < change ? -60 : -120);
  const clock = (time: number, offsetAt: OffsetAt): string => new Date(time - offsetAt(time) * 60_000).toISOString().slice(8, 16);

  it('puts ticks on round times and never more than there is room for', () => {
    const from = Date.UTC(2026, 0, 5, 12, 3);
    const ticks = timeTicks(from, from + HOUR, 6, utc);
    assert.deepEqual(
      ticks.map((tick) => clock(tick.time, utc)),
      ['05T12:10', '05T12:20', '05T12:30', '05T12:40', '05T12:50', '05T13:00'],
    );
    for (const most of [2, 3, 5, 9]) assert.ok(timeTicks(from, from + 7 * HOUR, most, utc).length <= most + 1);
  });
  it('stays on round local times over a change of daylight saving time', () => {
    const ticks = timeTicks(Date.UTC(2026, 2, 28, 20), Date.UTC(2026, 2, 29, 8), 6, berlin);
    const shown = ticks.map((tick) => clock(tick.time, berlin));
    assert.deepEqual(shown, ['28T22:00', '29T00:00', '29T04:00', '29T06:00', '29T08:00', '29T10:00']);
  });
  it('names a day where one begins, by local midnight', () => {
    const days = timeTicks(Date.UTC(2026, 5, 1), Date.UTC(2026, 5, 4), 4, () => 5 * 60);
    assert.ok(days.length > 0 && days.every((tick) => tick.form === 'day' && tick.time % DAY === 5 * HOUR));
  });
  it('is empty for an empty range', () => {
    assert.deepEqual(timeTicks(5, 5, 4), []);
    assert.deepEqual(timeTicks(NaN, 5, 4), []);
  });
});
