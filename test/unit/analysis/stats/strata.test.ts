import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { randomOf, type Uniform } from '../../../../src/analysis/detect/random.ts';
import { stratifiedHistogramRatio, type Ratio } from '../../../../src/analysis/stats/histogramRatio.ts';
import type { HistogramPair } from '../../../../src/analysis/stats/mannWhitney.ts';
import { normalQuantile } from '../../../../src/analysis/stats/normalQuantile.ts';
import { stratifiedDifference, type ProportionPair } from '../../../../src/analysis/stats/stratifiedDifference.ts';
import { bucketOf, histogramOf, merge, type Histogram } from '../../../../src/model/histogram.ts';

const near = (a: number, b: number, tolerance: number, what = ''): void =>
  assert.ok(Math.abs(a - b) <= tolerance, `${what} ${a} against ${b}, tolerance ${tolerance}`);
const whole = (random: Uniform, below: number): number => Math.floor(random() * below);
const draw = (random: Uniform, n: number, p: number): number => {
  let k = 0;
  for (let i = 0; i < n; i++) if (random() < p) k++;
  return k;
};
const histogramRatio = (x: Histogram, y: Histogram, confidence: number): Ratio => stratifiedHistogramRatio([{ x, y }], confidence);
/** With the weights of Cochran, Mantel and Haenszel. */
const pair = (k1: number, n1: number, k2: number, n2: number): ProportionPair => ({ k1, n1, k2, n2, weight: (n1 * n2) / (n1 + n2) });
const times = (random: Uniform, n: number, median: number): Histogram =>
  histogramOf(
    Array.from({ length: n }, (): [number, number] => [bucketOf(median * Math.exp(0.5 * normalQuantile(random() * 0.999_998 + 1e-6))), 1]),
  );

describe('a difference within strata', () => {
  it('covers the truth as often as it says, where base rates differ and the sides change their shares', () => {
    const random = randomOf(11);
    for (const [strata, confidence] of [
      [
        [
          [60, 1500, 0.01],
          [900, 900, 0.06],
          [1200, 80, 0.02],
        ],
        0.95,
      ],
      [
        [
          [15, 300, 0.02],
          [150, 150, 0.1],
          [30, 30, 0.3],
          [200, 20, 0.01],
        ],
        0.95,
      ],
      [
        [
          [200, 4000, 0.001],
          [2000, 2000, 0.05],
        ],
        0.999,
      ],
    ] as const) {
      let [below, above] = [0, 0];
      const rounds = 3000;
      for (let round = 0; round < rounds; round++) {
        const pairs = strata.map(([n1, n2, p]) => pair(draw(random, n1, p + 0.02), n1, draw(random, n2, p), n2));
        const { low, high } = stratifiedDifference(pairs, confidence).interval;
        if (low > 0.02) above++;
        if (high < 0.02) below++;
      }
      // What makes a false alarm must be seldom on its own: the ends are held apart.
      const tail = (1 - confidence) / 2;
      const limit = rounds * tail + 4 * Math.sqrt(rounds * tail);
      assert.ok(above <= limit, `low ends above the truth: ${above} of ${rounds}, ${JSON.stringify(strata)}`);
      assert.ok(below <= limit, `high ends below the truth: ${below} of ${rounds}, ${JSON.stringify(strata)}`);
    }
  });

  it('is nearly as it was when a stratum is cut in parts of the same rate, with no event too', () => {
    const random = randomOf(12);
    for (let round = 0; round < 300; round++) {
      const parts = 2 + whole(random, 5);
      const [p1, p2] = [random() * 0.05, random() * 0.05];
      const [m1, m2] = [150 + whole(random, 2000), 150 + whole(random, 8000)];
      const cut = Array.from({ length: parts }, () => pair(draw(random, m1, p1), m1, draw(random, m2, p2), m2));
      const sum = (of: 'k1' | 'n1' | 'k2' | 'n2'): number => cut.reduce((so, part) => so + part[of], 0);
      const one = stratifiedDifference([pair(sum('k1'), sum('n1'), sum('k2'), sum('n2'))], 0.999);
      const many = stratifiedDifference(cut, 0.999);
      const width = one.interval.high - one.interval.low;
      near(many.effect, one.effect, 1e-12, 'effect');
      near(many.interval.low, one.interval.low, 0.06 * width, 'low');
      near(many.interval.high, one.interval.high, 0.06 * width, 'high');
    }
    const none = stratifiedDifference([pair(0, 100, 0, 900), pair(0, 100, 0, 900)], 0.999).interval;
    const uncut = stratifiedDifference([pair(0, 200, 0, 1800)], 0.999).interval;
    near(none.low, uncut.low, 1e-9);
    near(none.high, uncut.high, 1e-9);
  });

  it('holds its estimate, turns with its sides, and leaves out what has one side only', () => {
    const random = randomOf(13);
    for (let round = 0; round < 300; round++) {
      const pairs = Array.from({ length: 1 + whole(random, 6) }, () => {
        const [n1, n2] = [1 + whole(random, 300), 1 + whole(random, 3000)];
        return pair(whole(random, n1 + 1), n1, whole(random, n2 + 1), n2);
      });
      const got = stratifiedDifference(pairs, 0.999);
      assert.ok(-1 - 1e-12 <= got.interval.low && got.interval.low <= got.effect && got.effect <= got.interval.high);
      assert.ok(got.interval.high <= 1 + 1e-12);
      const turned = stratifiedDifference(
        pairs.map(({ k1, n1, k2, n2, weight }) => ({ k1: k2, n1: n2, k2: k1, n2: n1, weight })),
        0.999,
      );
      near(turned.interval.low, -got.interval.high, 1e-9);
      assert.deepEqual(stratifiedDifference([...pairs, { k1: 0, n1: 0, k2: 3, n2: 9, weight: 0 }], 0.999), got);
    }
    assert.ok(Number.isNaN(stratifiedDifference([], 0.999).effect));
    assert.ok(Number.isNaN(stratifiedDifference([pair(2, 1, 0, 5), pair(0, 5, 0, 5)], 0.999).interval.low));
  });
});

describe('a ratio of response times within strata', () => {
  it('of one stratum is that of two histograms, to the last bit', () => {
    const random = randomOf(14);
    for (let round = 0; round < 20; round++) {
      const [x, y] = [times(random, 50 + whole(random, 500), 130), times(random, 50 + whole(random, 500), 100)];
      assert.deepEqual(
        stratifiedHistogramRatio(
          [
            { x, y },
            { x, y: { first: 0, counts: [] } },
          ],
          0.999,
        ),
        histogramRatio(x, y, 0.999),
      );
    }
  });
  it('covers the true ratio as often as it says, where the strata lie far apart and shares change', () => {
    const random = randomOf(15);
    let held = 0;
    for (let round = 0; round < 500; round++) {
      const pairs: HistogramPair[] = [
        { x: times(random, 15, 115), y: times(random, 250, 100) },
        { x: times(random, 150, 460), y: times(random, 150, 400) },
        { x: times(random, 60, 230), y: times(random, 10, 200) },
      ];
      const { low, high } = stratifiedHistogramRatio(pairs, 0.95);
      if (low <= 1.15 && 1.15 <= high) held++;
    }
    assert.ok(held / 500 > 0.92 && held / 500 < 0.98, `${held / 500}`);
  });
  it('is nearly as it was when a stratum is cut in parts alike', () => {
    const random = randomOf(16);
    const cut = Array.from({ length: 5 }, () => ({ x: times(random, 300, 130), y: times(random, 700, 100) }));
    const one = histogramRatio(cut.map(({ x }) => x).reduce(merge), cut.map(({ y }) => y).reduce(merge), 0.999);
    const many = stratifiedHistogramRatio(cut, 0.999);
    for (const end of ['estimate', 'low', 'high'] as const) near(many[end], one[end], 0.02, end);
  });
  it('hears small strata beside a large one', () => {
    const random = randomOf(17);
    const large = { x: times(random, 1_000, 130), y: times(random, 1_000, 100) };
    const small = Array.from({ length: 10 }, () => ({ x: times(random, 100, 130), y: times(random, 100, 100) }));
    const width = (pairs: readonly HistogramPair[]): number => {
      const { low, high } = stratifiedHistogramRatio(pairs, 0.999);
      return Math.log(high / low);
    };
    // Twice the observations: narrower by √2, if each weighs what it tells.
    near(width([large, ...small]) / width([large]), Math.SQRT1_2, 0.05);
  });
  it('nothing to compare, and too little', () => {
    const few = histogramOf([[100, 2]]);
    assert.ok(Number.isNaN(stratifiedHistogramRatio([], 0.999).estimate));
    assert.deepEqual(
      {
        ...stratifiedHistogramRatio(
          [
            { x: few, y: few },
            { x: few, y: few },
          ],
          0.999,
        ),
        estimate: 0,
      },
      { estimate: 0, low: 0, high: Infinity },
    );
  });
});
