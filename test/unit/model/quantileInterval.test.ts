import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { randomOf } from '../../../src/analysis/detect/random.ts';
import { bucketOf, edgeOf, histogramOf, quantile, type Histogram } from '../../../src/model/histogram.ts';
import { Rollup } from '../../../src/model/rollup.ts';
import { quantileInterval } from '../../../src/model/quantileInterval.ts';

const histogram = (values: readonly number[]): Histogram => histogramOf(values.map((value): [number, number] => [bucketOf(value), 1]));
/** Every value an octave from the next, so that a bucket tells which it is. */
const octaves = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => 2 ** (i - 5) * 1.001);
const ranks = (n: number, p = 0.5): readonly number[] | null => {
  const got = quantileInterval(histogram(octaves(n)), p);
  return got && [Math.round(Math.log2(got.low)) + 6, Math.round(Math.log2(got.high) - 1 / 32) + 6];
};

describe('the interval of a quantile', () => {
  it('lies between the order statistics of the tables: median, 95 %', () => {
    // Conover 1999, table A3 and the sign test: 2nd and 9th of 10, 6th and 15th of 20, 10th and 21st of 30; none of five.
    assert.deepEqual([ranks(5), ranks(6), ranks(10), ranks(20), ranks(30)], [null, [1, 6], [2, 9], [6, 15], [10, 21]]);
    assert.equal(ranks(30, 0.99), null);
    assert.equal(quantileInterval(histogram([]), 0.5), null);
  });

  it('holds the true median as often as it says, few values and many, and always the one that is shown', () => {
    const random = randomOf(3);
    for (const n of [8, 40, 300, 1_500]) {
      let held = 0;
      for (let round = 0; round < 400; round++) {
        const of = histogram(Array.from({ length: n }, () => 100 * 4 ** (random() - 0.5)));
        const { low, high } = quantileInterval(of, 0.5)!;
        if (low <= 100 && 100 <= high) held++;
        const shown = quantile(of, 0.5);
        assert.ok(low <= shown && shown <= high);
      }
      assert.ok(held / 400 >= 0.935, `${n}: ${held / 400}`);
    }
  });

  it('is one bucket where all values are alike', () => {
    const bucket = bucketOf(20);
    assert.deepEqual(quantileInterval(histogram(new Array<number>(50).fill(20)), 0.5), { low: edgeOf(bucket), high: edgeOf(bucket + 1) });
  });

  it('comes with each step of a history, of response times only', () => {
    const rollup = new Rollup(() => 60_000);
    for (let i = 0; i < 20; i++) rollup.add({ time: 10_000 + i, variant: 'canary', outcome: 'ok', latencyMs: octaves(20)[i]! });
    const series = rollup.history(0, 30_000, 10_000).filter(({ variant }) => variant === 'canary');
    const p50 = series.find(({ metric }) => metric === 'latencyP50')!;
    const expected = quantileInterval(histogram(octaves(20)), 0.5)!;
    assert.deepEqual([...p50.low!], [NaN, expected.low, NaN]);
    assert.deepEqual([...p50.high!], [NaN, expected.high, NaN]);
    assert.equal(series.find(({ metric }) => metric === 'errorRate')!.low, undefined);
  });
});
