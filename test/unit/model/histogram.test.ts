import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bucketOf, edgeOf, EMPTY_HISTOGRAM, histogramOf, merge, quantile, total } from '../../../src/model/histogram.ts';

const of = (...values: readonly number[]) => histogramOf(values.map((value) => [bucketOf(value), 1] as const));

describe('Histogram', () => {
  it('a bucket holds its lower edge and not its upper one', () => {
    for (const bucket of [-300, -1, 0, 1, 177, 400]) {
      const inside = edgeOf(bucket) * (1 + 1e-9);
      assert.equal(bucketOf(inside), bucket);
      assert.equal(bucketOf(edgeOf(bucket + 1) * (1 - 1e-9)), bucket);
    }
  });

  it('quantiles lie within a bucket width (2.2 %) of the exact ones', () => {
    let seed = 7;
    const random = () => (seed = (seed * 1664525 + 1013904223) % 4294967296) / 4294967296;
    const values = Array.from({ length: 5000 }, () => 20 * Math.exp(2 * random() ** 2));
    const sorted = values.toSorted((a, b) => a - b);
    for (const p of [0.05, 0.5, 0.9, 0.99]) {
      const exact = sorted[Math.ceil(p * 5000) - 1] ?? NaN;
      const ratio = quantile(of(...values), p) / exact;
      assert.ok(ratio > 0.975 && ratio < 1.025, `p${p}: ${ratio}`);
    }
  });

  it('merging is the same as counting together', () => {
    const a = [1, 2, 3, 500];
    const b = [0.5, 2, 2, 80];
    assert.deepEqual(merge(of(...a), of(...b)), of(...a, ...b));
    assert.deepEqual(merge(of(...a), EMPTY_HISTOGRAM), of(...a));
  });

  it('empty has no quantile; zero counts in the smallest bucket', () => {
    assert.ok(Number.isNaN(quantile(EMPTY_HISTOGRAM, 0.5)));
    assert.equal(total(of(0, 0)), 2);
    assert.ok(quantile(of(0, 0), 0.5) < 0.0011);
  });
});
