import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { downsample } from '../../../src/analysis/downsample.ts';
import { randomOf } from '../../../src/analysis/detect/random.ts';

const series = (n: number, value: (i: number) => number) => ({
  times: Float64Array.from({ length: n }, (_, i) => 1_000 + i * 10),
  values: Float64Array.from({ length: n }, (_, i) => value(i)),
});

describe('downsample', () => {
  it('keeps a single spike among a million points, and stays under five points a column', () => {
    const { times, values } = series(1_000_000, (i) => (i === 777_777 ? 99 : Math.sin(i / 1e5)));
    const got = downsample(times, values, 800);
    assert.ok(got.times.length <= 5 * 800);
    const at = got.values.indexOf(99);
    assert.equal(got.times[at], 1_000 + 777_777 * 10);
  });

  it('keeps the extremes of each column, both ends, and the order of time', () => {
    const random = randomOf(1);
    const { times, values } = series(10_000, () => random());
    const got = downsample(times, values, 50);
    assert.equal(got.times[0], times[0]);
    assert.equal(got.times.at(-1), times.at(-1));
    assert.ok(got.times.every((time, i) => i === 0 || time > got.times[i - 1]!));
    const width = (times.at(-1)! - times[0]!) / 50;
    for (let column = 0; column < 50; column++) {
      const inside = (time: number): boolean => Math.min(49, Math.floor((time - times[0]!) / width)) === column;
      const all = values.filter((_, i) => inside(times[i]!));
      const kept = got.values.filter((_, i) => inside(got.times[i]!));
      assert.equal(Math.max(...kept), Math.max(...all));
      assert.equal(Math.min(...kept), Math.min(...all));
    }
  });

  it('keeps gaps: no line is drawn over a stretch without data', () => {
    const { times, values } = series(10_000, (i) => (i >= 4_000 && i < 6_000 ? NaN : 1));
    const got = downsample(times, values, 100);
    const middle = got.times.findIndex((time) => time >= 1_000 + 50_000);
    assert.ok(Number.isNaN(got.values[middle]!));
    assert.ok(got.values.some((value) => value === 1));
    const one = series(10_000, (i) => (i === 5_000 ? NaN : 1));
    assert.equal(downsample(one.times, one.values, 100).values.filter((value) => Number.isNaN(value)).length, 1);
  });

  it('returns short, empty and all-gap input as it is or as a gap', () => {
    const short = series(10, (i) => i);
    assert.equal(downsample(short.times, short.values, 100).values, short.values);
    assert.equal(downsample(new Float64Array(), new Float64Array(), 100).values.length, 0);
    const none = series(1_000, () => NaN);
    assert.ok(downsample(none.times, none.values, 10).values.every((value) => Number.isNaN(value)));
    assert.ok(downsample(short.times, short.values, 0).values.length <= 10);
  });

  it('with all times equal everything is one column', () => {
    const times = new Float64Array(1_000).fill(5);
    const got = downsample(
      times,
      Float64Array.from(times, (_, i) => i),
      10,
    );
    assert.deepEqual([...got.values], [0, 999]);
  });
});
