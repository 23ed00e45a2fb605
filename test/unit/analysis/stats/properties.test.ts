import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { randomOf, type Uniform } from '../../../../src/analysis/detect/random.ts';
import { stratifiedHistogramRatio, type Ratio } from '../../../../src/analysis/stats/histogramRatio.ts';
import { mannWhitneyZ, rankSums } from '../../../../src/analysis/stats/mannWhitney.ts';
import { normalCdf } from '../../../../src/analysis/stats/normalCdf.ts';
import { criticalValue, normalQuantile } from '../../../../src/analysis/stats/normalQuantile.ts';
import { stratifiedDifference } from '../../../../src/analysis/stats/stratifiedDifference.ts';
import { twoProportionZ } from '../../../../bench/peeking/twoProportionZ.ts';
import { wilson } from '../../../../src/analysis/stats/wilson.ts';
import type { Interval } from '../../../../src/model/assessment.ts';
import { bucketOf, BUCKETS_PER_OCTAVE, histogramOf, type Histogram } from '../../../../src/model/histogram.ts';

const near = (a: number, b: number, tolerance = 1e-12): void => assert.ok(Math.abs(a - b) <= tolerance, `${a} against ${b}`);
const whole = (random: Uniform, below: number): number => Math.floor(random() * below);
const normals = (random: Uniform, n: number, centre = 0, spread = 1): number[] =>
  Array.from({ length: n }, () => centre + spread * normalQuantile(random() * 0.999_998 + 1e-6));
const histogram = (values: readonly number[]): Histogram => histogramOf(values.map((value): [number, number] => [bucketOf(value), 1]));
const histogramRatio = (x: Histogram, y: Histogram, confidence: number): Ratio => stratifiedHistogramRatio([{ x, y }], confidence);
const difference = (k1: number, n1: number, k2: number, n2: number, confidence: number): Interval =>
  stratifiedDifference([{ k1, n1, k2, n2, weight: 1 }], confidence).interval;

describe('normal distribution', () => {
  it('cdf and quantile undo each other over the whole range', () => {
    for (let z = -37; z <= 5; z += 0.31) near(normalQuantile(normalCdf(z)) / z, 1, 1e-9);
    for (let e = -300; e < 0; e += 7) near(normalCdf(normalQuantile(10 ** e)) / 10 ** e, 1, 1e-11);
  });
  it('rises, has point symmetry, and ends where it must', () => {
    let last = 0;
    for (let z = -12; z <= 12; z += 0.01) {
      const value = normalCdf(z);
      assert.ok(value >= last);
      near(value + normalCdf(-z), 1, 1e-15);
      last = value;
    }
    assert.deepEqual([normalCdf(-Infinity), normalCdf(Infinity), normalQuantile(0), normalQuantile(1)], [0, 1, -Infinity, Infinity]);
    for (const bad of [NaN, -0.1, 1.1]) assert.ok(Number.isNaN(normalQuantile(bad)));
    assert.ok(Number.isNaN(normalCdf(NaN)) && Number.isNaN(criticalValue(1)) && Number.isNaN(criticalValue(0)));
  });
});

describe('proportions', () => {
  const random = randomOf(1);
  it('intervals hold the estimate, lie in [0, 1], narrow with n and widen with confidence', () => {
    for (let round = 0; round < 500; round++) {
      const n = 1 + whole(random, 2000);
      const k = whole(random, n + 1);
      const { low, high } = wilson(k, n, 0.95);
      assert.ok(0 <= low && low <= k / n && k / n <= high && high <= 1, `${k}/${n}: ${low} ${high}`);
      const wider = wilson(k, n, 0.999);
      assert.ok(wider.low <= low && wider.high >= high);
      const turned = wilson(n - k, n, 0.95);
      near(turned.low, 1 - high, 1e-12);
      const more = wilson(10 * k, 10 * n, 0.95);
      assert.ok(more.high - more.low < high - low);
    }
  });
  it('the difference turns its sign with its sides, holds the estimate, and stays in [−1, 1]', () => {
    for (let round = 0; round < 500; round++) {
      const [n1, n2] = [1 + whole(random, 500), 1 + whole(random, 5000)];
      const [k1, k2] = [whole(random, n1 + 1), whole(random, n2 + 1)];
      const { low, high } = difference(k1, n1, k2, n2, 0.999);
      const turned = difference(k2, n2, k1, n1, 0.999);
      near(low, -turned.high);
      near(high, -turned.low);
      const d = k1 / n1 - k2 / n2;
      assert.ok(low <= d && d <= high && low >= -1 - 1e-15 && high <= 1 + 1e-15);
      const test = twoProportionZ(k1, n1, k2, n2);
      near(test.z, -twoProportionZ(k2, n2, k1, n1).z);
      assert.ok(test.p >= 0 && test.p <= 1 && Math.sign(test.z) === Math.sign(d));
    }
  });
  it('covers the truth as often as it says', () => {
    let held = 0;
    const rounds = 4000;
    for (let round = 0; round < rounds; round++) {
      const draw = (n: number, p: number): number =>
        Array.from({ length: n }, () => (random() < p ? 1 : 0)).reduce<number>((a, b) => a + b, 0);
      const { low, high } = difference(draw(200, 0.05), 200, draw(300, 0.02), 300, 0.95);
      if (low <= 0.03 && 0.03 <= high) held++;
    }
    assert.ok(held / rounds > 0.935 && held / rounds < 0.98, `${held / rounds}`);
  });
  it('empty sides and counts that are none', () => {
    assert.deepEqual(wilson(0, 0, 0.95), { low: 0, high: 1 });
    assert.ok(Number.isNaN(difference(0, 0, 5, 10, 0.95).low));
    assert.deepEqual(twoProportionZ(0, 0, 5, 10), { z: 0, p: 1 });
    for (const [k, n] of [
      [2, 1],
      [-1, 5],
      [NaN, 5],
      [1, NaN],
      [0.5, 2],
    ] as const) {
      assert.ok(Number.isNaN(wilson(k, n, 0.95).low), `${k}/${n}`);
      assert.ok(Number.isNaN(twoProportionZ(k, n, 1, 2).p));
      assert.ok(Number.isNaN(difference(k, n, 1, 2, 0.95).high));
    }
  });
});

describe('ratio of two histograms', () => {
  const random = randomOf(3);
  const sample = (n: number, median: number, spread = 0.5): number[] =>
    normals(random, n, Math.log(median), spread).map((v) => Math.exp(v));

  /** Every quotient by itself, in logarithms: the median, and the ranks that the test at this confidence does not reject. */
  const bruteForce = (x: readonly number[], y: readonly number[], confidence: number): Ratio => {
    const all = Float64Array.from(x.flatMap((a) => y.map((b) => Math.log(a / b)))).sort();
    const half = all.length / 2;
    const reach = criticalValue(confidence) * Math.sqrt((all.length * (x.length + y.length + 1)) / 12) + 0.5;
    return { estimate: all[Math.floor(half)]!, low: all[Math.floor(half - reach)]!, high: all[Math.ceil(half + reach)]! };
  };

  it('is the Hodges–Lehmann estimate of the logarithms with its interval, within a quarter of a bucket', () => {
    for (const [n, m] of [
      [200, 300],
      [2_000, 500],
    ] as const) {
      const [x, y] = [sample(n, 130), sample(m, 100)];
      const exact = bruteForce(x, y, 0.999);
      const got = histogramRatio(histogram(x), histogram(y), 0.999);
      for (const end of ['estimate', 'low', 'high'] as const) near(Math.log(got[end]), exact[end], 0.005);
    }
  });
  it('is the Mann–Whitney test turned round: that rejects every factor outside the interval and none inside', () => {
    const [x, y] = [histogram(sample(150, 130)), histogram(sample(400, 100))];
    const sums = rankSums([{ x, y }])!;
    for (const confidence of [0.9, 0.95, 0.999]) {
      const { low, high } = histogramRatio(x, y, confidence);
      const p = (factor: number): number => 2 * normalCdf(-Math.abs(mannWhitneyZ(sums, Math.log2(factor) * BUCKETS_PER_OCTAVE)));
      for (const end of [low, high]) near(p(end), 1 - confidence, 1e-6 + 1e-3 * (1 - confidence));
      assert.ok(p(low * 0.99) < 1 - confidence && p(high * 1.01) < 1 - confidence && p(low * 1.01) > 1 - confidence);
    }
  });
  it('corrects for continuity: its ends are where the corrected test just does not reject', () => {
    // Values a whole octave apart and moved by a third of one: no bucket holds values of both sides, so the count of pairs is a step function.
    const repeat = (values: readonly number[]): number[] => [...values, ...values, ...values, ...values, ...values];
    const x = repeat(Array.from({ length: 10 }, (_, i) => 2 ** (i + 1 / 3)));
    const y = repeat(Array.from({ length: 10 }, (_, i) => 2 ** i));
    const exact = bruteForce(x, y, 0.95);
    const got = histogramRatio(histogram(x), histogram(y), 0.95);
    near(Math.log(got.low), exact.low, 0.05);
    near(Math.log(got.high), exact.high, 0.05);
  });
  it('turns to its reciprocal with its sides; the same histogram gives 1', () => {
    const [x, y] = [histogram(sample(700, 130)), histogram(sample(400, 100))];
    const [a, b] = [histogramRatio(x, y, 0.99), histogramRatio(y, x, 0.99)];
    near(a.estimate * b.estimate, 1, 1e-9);
    near(a.low * b.high, 1, 1e-9);
    near(histogramRatio(x, x, 0.99).estimate, 1, 1e-9);
    const wider = histogramRatio(x, y, 0.999);
    assert.ok(wider.low < a.low && a.low < a.estimate && a.estimate < a.high && a.high < wider.high);
  });
  it('covers the true ratio as often as it says', () => {
    let held = 0;
    for (let round = 0; round < 600; round++) {
      const { low, high } = histogramRatio(histogram(sample(60, 115)), histogram(sample(200, 100)), 0.95);
      if (low <= 1.15 && 1.15 <= high) held++;
    }
    assert.ok(held / 600 > 0.92 && held / 600 < 0.98, `${held / 600}`);
  });
  it('one bucket, whole milliseconds, few and no values', () => {
    const constant = histogram(new Array<number>(500).fill(10));
    const same = histogramRatio(constant, constant, 0.999);
    near(same.estimate, 1, 1e-9);
    assert.ok(same.low > 0.97 && same.high < 1.03);
    const rounded = histogramRatio(histogram(sample(3_000, 13).map(Math.round)), histogram(sample(3_000, 10).map(Math.round)), 0.999);
    near(rounded.estimate, 1.3, 0.06);
    assert.deepEqual({ ...histogramRatio(histogram([5, 6]), histogram([5]), 0.999), estimate: 0 }, { estimate: 0, low: 0, high: Infinity });
    assert.ok(Number.isNaN(histogramRatio(histogram([]), constant, 0.999).estimate));
  });
});
