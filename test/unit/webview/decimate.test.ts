import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decimate, decimateBand, lowerBound, nearestIndex } from '../../../webview/chart/decimate.ts';

const ramp = (n: number): Float64Array => Float64Array.from({ length: n }, (_, i) => i);

describe('decimate', () => {
  const n = 100_000;
  const times = ramp(n);
  const values = Float64Array.from(times, (t) => Math.sin(t / 5000));
  values[54_321] = 40;
  values[77_777] = -40;
  values.fill(NaN, 20_000, 30_000);
  const drawn = decimate(times, values, 0, n - 1, 500);

  it('keeps every extreme however many points it drops', () => {
    assert.ok(drawn.x.length <= 4 * 502);
    assert.ok(drawn.y.includes(40) && drawn.y.includes(-40));
  });
  it('keeps a gap a gap', () => {
    const inGap = drawn.x.findIndex((x) => x >= 20_400 && x < 29_600);
    assert.ok(inGap >= 0 && Number.isNaN(drawn.y[inGap]));
    assert.ok([...drawn.x].every((x, i) => x < 20_000 || x >= 30_000 || Number.isNaN(drawn.y[i])));
  });
  it('keeps time rising, with values as they were at their times', () => {
    for (let i = 0; i < drawn.x.length; i++) {
      if (i > 0) assert.ok((drawn.x[i] ?? 0) > (drawn.x[i - 1] ?? 0));
      assert.ok(Object.is(drawn.y[i], values[drawn.x[i] ?? -1]));
    }
  });
  it('passes few points through, with one beyond each edge so that lines reach it', () => {
    const few = decimate(ramp(100), ramp(100), 10, 20, 500);
    assert.deepEqual([few.x[0], few.x.at(-1)], [9, 20]);
  });
  it('takes nothing and gives nothing', () => {
    assert.equal(decimate(ramp(0), ramp(0), 0, 1, 500).x.length, 0);
    assert.equal(decimate(ramp(5), ramp(5), 3, 3, 0).x.length >= 0, true);
  });
});

describe('decimateBand', () => {
  it('covers every interval it stands for', () => {
    const times = ramp(10_000);
    const low = times.map((t) => -(t % 97));
    const high = times.map((t) => t % 89);
    low.fill(NaN, 5000, 6000);
    high.fill(NaN, 5000, 6000);
    const band = decimateBand(times, low, high, 0, 9999, 100);
    assert.ok(band.x.length <= 101);
    assert.equal(Math.min(...band.low.filter((v) => !Number.isNaN(v))), -96);
    assert.equal(Math.max(...band.high.filter((v) => !Number.isNaN(v))), 88);
    assert.ok(band.low.some((v) => Number.isNaN(v)));
  });
  it('is empty for a column without intervals', () => {
    assert.equal(decimateBand(ramp(10), ramp(0), ramp(0), 0, 9, 100).x.length, 0);
  });
});

describe('searching times', () => {
  it('finds the first at or after, and the nearest', () => {
    const times = Float64Array.of(10, 20, 30);
    assert.deepEqual([lowerBound(times, 5), lowerBound(times, 20), lowerBound(times, 31)], [0, 1, 3]);
    assert.deepEqual([nearestIndex(times, -9), nearestIndex(times, 14), nearestIndex(times, 16), nearestIndex(times, 99)], [0, 0, 1, 2]);
    assert.equal(nearestIndex(Float64Array.of(), 1), -1);
  });
});
