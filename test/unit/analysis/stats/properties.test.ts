import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { randomOf, type Uniform } from '../../../../src/analysis/detect/random.ts';
import { histogramRatio } from '../../../../src/analysis/stats/histogramRatio.ts';
import { hodgesLehmann } from '../../../../src/analysis/stats/hodgesLehmann.ts';
import { kthDifference } from '../../../../src/analysis/stats/kthDifference.ts';
import { mannWhitney, mannWhitneyHistograms, sortedSample } from '../../../../src/analysis/stats/mannWhitney.ts';
import { normalCdf } from '../../../../src/analysis/stats/normalCdf.ts';
import { criticalValue, normalQuantile } from '../../../../src/analysis/stats/normalQuantile.ts';
import { stratifiedDifference } from '../../../../src/analysis/stats/stratifiedDifference.ts';
import { twoProportionZ } from '../../../../src/analysis/stats/twoProportionZ.ts';
import { wilcoxonDistribution } from '../../../../src/analysis/stats/wilcoxonDistribution.ts';
import { wilson, wilsonCorrected } from '../../../../src/analysis/stats/wilson.ts';
import type { Interval } from '../../../../src/model/assessment.ts';
import { bucketOf, edgeOf, histogramOf, type Histogram } from '../../../../src/model/histogram.ts';

const near = (a: number, b: number, tolerance = 1e-12): void => assert.ok(Math.abs(a - b) <= tolerance, `${a} against ${b}`);
const whole = (random: Uniform, below: number): number => Math.floor(random() * below);
const normals = (random: Uniform, n: number, centre = 0, spread = 1): number[] =>
  Array.from({ length: n }, () => centre + spread * normalQuantile(random() * 0.999_998 + 1e-6));
const shuffled = <T>(random: Uniform, items: readonly T[]): T[] =>
  items
    .map((item): [number, T] => [random(), item])
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item);
const histogram = (values: readonly number[]): Histogram => histogramOf(values.map((value): [number, number] => [bucketOf(value), 1]));
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
      for (const interval of [wilson, wilsonCorrected]) {
        const { low, high } = interval(k, n, 0.95);
        assert.ok(0 <= low && low <= k / n && k / n <= high && high <= 1, `${k}/${n}: ${low} ${high}`);
        const wider = interval(k, n, 0.999);
        assert.ok(wider.low <= low && wider.high >= high);
        const turned = interval(n - k, n, 0.95);
        near(turned.low, 1 - high, 1e-12);
      }
      const { low, high } = wilson(k, n, 0.99);
      const more = wilson(10 * k, 10 * n, 0.99);
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

describe('ranks', () => {
  const random = randomOf(2);
  const rounded = (values: readonly number[]): number[] => values.map((value) => Math.round(value * 4) / 4);

  it('Mann–Whitney does not see order, any rising change of scale, or NaN; sides turn it', () => {
    for (let round = 0; round < 100; round++) {
      const x = rounded(normals(random, 1 + whole(random, 40), 0.3));
      const y = rounded(normals(random, 1 + whole(random, 40)));
      const got = mannWhitney(x, y);
      assert.deepEqual(mannWhitney(shuffled(random, [...x, NaN]), shuffled(random, [NaN, ...y])), got);
      assert.deepEqual(
        mannWhitney(
          x.map((v) => Math.exp(v)),
          y.map((v) => Math.exp(v)),
        ),
        got,
      );
      const turned = mannWhitney(y, x);
      near(turned.u, x.length * y.length - got.u);
      near(turned.p, got.p);
      assert.ok(got.p > 0 && got.p <= 1);
      const brute = x.reduce((sum, a) => sum + y.reduce((inner, b) => inner + (a > b ? 1 : a === b ? 0.5 : 0), 0), 0);
      near(got.u, brute);
    }
  });
  it('exact and asymptotic agree in the middle; the exact distribution sums to 1 and is symmetric', () => {
    const chances = wilcoxonDistribution(12, 9);
    near(
      chances.reduce((a, b) => a + b, 0),
      1,
      1e-12,
    );
    chances.forEach((chance, u) => near(chance, chances[12 * 9 - u]!, 1e-15));
    const [x, y] = [normals(random, 30, 0.5), normals(random, 25)];
    near(mannWhitney(x, y, { method: 'exact' }).p, mannWhitney(x, y).p, 0.01);
  });
  it('empty, constant and single samples', () => {
    assert.ok(Number.isNaN(mannWhitney([], [1]).p) && Number.isNaN(mannWhitney([NaN], [1]).p));
    assert.equal(mannWhitney([3, 3, 3], [3, 3]).p, 1);
    assert.equal(mannWhitney([1], [2]).p, 1);
    assert.equal(mannWhitney([Infinity, 1, 2], [-Infinity, 0]).u, 6);
  });
  it('on histograms it is the test on values rounded to their buckets', () => {
    const x = normals(random, 300, 4.1, 0.5).map((v) => Math.exp(v));
    const y = normals(random, 200, 4, 0.5).map((v) => Math.exp(v));
    const floor = (values: number[]): number[] => values.map((value) => edgeOf(bucketOf(value)));
    const [a, b] = [mannWhitneyHistograms(histogram(x), histogram(y)), mannWhitney(floor(x), floor(y))];
    near(a.u, b.u);
    near(a.p, b.p);
  });

  it('the k-th difference is that of sorting them all', () => {
    for (let round = 0; round < 50; round++) {
      const x = sortedSample(rounded(normals(random, 1 + whole(random, 30), 0, 3)));
      const y = sortedSample(normals(random, 1 + whole(random, 30), 1, 1e-3));
      const all = [...x].flatMap((a) => [...y].map((b) => a - b)).sort((a, b) => a - b);
      for (const k of [1, 1 + whole(random, all.length), all.length]) assert.equal(kthDifference(x, y, k), all[k - 1]);
    }
  });
  it('Hodges–Lehmann moves with a shift, turns with its sides, holds its estimate, ignores order and NaN', () => {
    for (let round = 0; round < 30; round++) {
      const x = normals(random, 5 + whole(random, 100), 1);
      const y = normals(random, 5 + whole(random, 100));
      const got = hodgesLehmann(x, y, 0.95);
      assert.ok(got.low <= got.estimate && got.estimate <= got.high);
      const moved = hodgesLehmann(
        x.map((v) => v + 10),
        y,
        0.95,
      );
      for (const end of ['estimate', 'low', 'high'] as const) near(moved[end], got[end] + 10, 1e-9);
      const turned = hodgesLehmann(y, x, 0.95);
      near(turned.estimate, -got.estimate, 1e-9);
      near(turned.low, -got.high, 1e-9);
      assert.deepEqual(hodgesLehmann(shuffled(random, [NaN, ...x]), y, 0.95), got);
      const wider = hodgesLehmann(x, y, 0.999);
      assert.ok(wider.low <= got.low && wider.high >= got.high);
    }
    assert.ok(Number.isNaN(hodgesLehmann([], [1], 0.95).estimate) && Number.isNaN(hodgesLehmann([Infinity], [1], 0.95).low));
    assert.equal(hodgesLehmann([1, 2, 3], [4, 5, 6], 0.999).achieved, false);
    assert.equal(hodgesLehmann(normals(random, 40), normals(random, 40), 0.999).achieved, true);
  });
  it('Hodges–Lehmann of 2 × 50,000 takes no n·m', { timeout: 20_000 }, () => {
    const [x, y] = [normals(random, 50_000, 0.1), normals(random, 50_000)];
    const { estimate, low, high } = hodgesLehmann(x, y, 0.999);
    near(estimate, 0.1, 0.02);
    assert.ok(high - low < 0.05);
  });
});

describe('ratio of two histograms', () => {
  const random = randomOf(3);
  const sample = (n: number, median: number, spread = 0.5): number[] =>
    normals(random, n, Math.log(median), spread).map((v) => Math.exp(v));

  it('is the Hodges–Lehmann estimate of the logarithms, within a bucket', () => {
    for (const [n, m] of [
      [200, 300],
      [2_000, 500],
      [5_000, 5_000],
    ] as const) {
      const [x, y] = [sample(n, 130), sample(m, 100)];
      const exact = hodgesLehmann(x.map(Math.log), y.map(Math.log), 0.999);
      const got = histogramRatio(histogram(x), histogram(y), 0.999);
      near(Math.log(got.estimate), exact.estimate, 0.005);
      near(Math.log(got.low), exact.low, 0.005);
      near(Math.log(got.high), exact.high, 0.005);
    }
  });
  it('corrects for continuity: its ends are where the corrected test just does not reject', () => {
    // Values a whole octave apart and moved by a third of one: no bucket holds values of both sides, so the count of pairs is a step function.
    const x = Array.from({ length: 10 }, (_, i) => 2 ** (i + 1 / 3));
    const y = Array.from({ length: 10 }, (_, i) => 2 ** i);
    const exact = hodgesLehmann([...x, ...x, ...x, ...x, ...x].map(Math.log2), [...y, ...y, ...y, ...y, ...y].map(Math.log2), 0.95);
    const repeat = (values: readonly number[]): number[] => [...values, ...values, ...values, ...values, ...values];
    const got = histogramRatio(histogram(repeat(x)), histogram(repeat(y)), 0.95);
    near(Math.log2(got.low), exact.low, 0.07);
    near(Math.log2(got.high), exact.high, 0.07);
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
