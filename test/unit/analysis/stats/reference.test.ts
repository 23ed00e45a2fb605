import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { twoProportionZ } from '../../../../bench/peeking/twoProportionZ.ts';
import { stratifiedHistogramRatio } from '../../../../src/analysis/stats/histogramRatio.ts';
import { mannWhitneyZ, rankSums, statisticAt } from '../../../../src/analysis/stats/mannWhitney.ts';
import { normalCdf } from '../../../../src/analysis/stats/normalCdf.ts';
import { normalQuantile } from '../../../../src/analysis/stats/normalQuantile.ts';
import { stratifiedDifference } from '../../../../src/analysis/stats/stratifiedDifference.ts';
import { wilson } from '../../../../src/analysis/stats/wilson.ts';
import { BUCKETS_PER_OCTAVE, histogramOf, type Histogram } from '../../../../src/model/histogram.ts';

interface Case {
  readonly function: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly expected: readonly number[] | Readonly<Record<string, number | 'nan'>>;
  readonly source: string;
  readonly tolerance: number | string;
}

const file = new URL('../../../fixtures/stats.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { readonly cases: readonly Case[] };

const num = (c: Case, name: string): number => c.inputs[name] as number;
const list = (c: Case, name: string): readonly number[] => c.inputs[name] as readonly number[];
const confidence = (c: Case): number => 1 - num(c, 'alpha');
const ends = ({ low, high }: { readonly low: number; readonly high: number }): readonly number[] => [low, high];

/** What ours answers to a case, in the order of the expected values. */
const ours: Readonly<Record<string, (c: Case) => Readonly<Record<string, number>> | readonly number[]>> = {
  wilson: (c) => ends(wilson(num(c, 'successes'), num(c, 'n'), confidence(c))),
  // One stratum is Newcombe's interval.
  newcombe_diff: (c) => {
    const pair = { k1: num(c, 'k1'), n1: num(c, 'n1'), k2: num(c, 'k2'), n2: num(c, 'n2'), weight: 7 };
    return ends(stratifiedDifference([pair], confidence(c)).interval);
  },
  two_proportion_z_pooled: (c) => ({ ...twoProportionZ(num(c, 'k1'), num(c, 'n1'), num(c, 'k2'), num(c, 'n2')) }),
  normal_quantile: (c) => [normalQuantile(num(c, 'p'))],
  normal_cdf: (c) => [normalCdf(num(c, 'z'))],
};

const close = (got: number, expected: number, tolerance: number | string, name: string): void => {
  const limit = typeof tolerance === 'number' ? tolerance : Number(tolerance.replace('rel ', '')) * Math.abs(expected);
  assert.ok(Math.abs(got - expected) <= limit, `${name}: ${got}, reference ${expected}, tolerance ${tolerance}`);
};

describe('statistics against reference values', () => {
  for (const [name, answer] of Object.entries(ours)) {
    const mine = cases.filter((c) => c.function === name);
    it(`${name}: ${mine.length} cases`, () => {
      assert.ok(mine.length > 0, 'the fixture has cases of this function');
      for (const c of mine) {
        const got = answer(c);
        const label = JSON.stringify(c.inputs);
        for (const [key, value] of Object.entries<number | 'nan'>(c.expected)) {
          const given = (got as Readonly<Record<string, number>>)[key];
          assert.ok(given !== undefined);
          // statsmodels has no answer where there is no variance; ours is "nothing speaks against equality".
          if (value === 'nan') assert.equal(given, key === 'p' ? 1 : 0, label);
          else close(given, value, c.tolerance, `${label} ${key}`);
        }
      }
    });
  }
});

/** Buckets to a unit of the reference's samples: so fine that values which differ lie in different ones. */
const FINE = 1000;
/** A sample as the product keeps response times: the logarithm is the bucket. */
const fine = (values: readonly number[]): Histogram => histogramOf(values.map((value): [number, number] => [Math.round(value * FINE), 1]));
const pairOf = (c: Case): { readonly x: Histogram; readonly y: Histogram } => ({ x: fine(list(c, 'x')), y: fine(list(c, 'y')) });
const isTied = (c: Case): boolean => new Set([...list(c, 'x'), ...list(c, 'y')]).size < list(c, 'x').length + list(c, 'y').length;

/** What the verdict on response times rests on, through the histograms it is made from. */
describe('ranks on fine histograms against the reference values of samples', () => {
  const tests = cases.filter((c) => c.function === 'mann_whitney');
  it(`Mann–Whitney: ${tests.length} cases; U to the pair, p as the normal approximation has it`, () => {
    assert.ok(tests.length >= 16);
    for (const c of tests) {
      const expected = c.expected as { readonly U1: number; readonly p: number };
      const sums = rankSums([pairOf(c)])!;
      const u = statisticAt(sums, 0);
      assert.ok(Math.abs(u - expected.U1) < 1e-9, `U ${u}, reference ${expected.U1}`);
      const p =
        c.inputs['alternative'] === 'two-sided'
          ? 2 * normalCdf(-Math.abs(mannWhitneyZ(sums, 0)))
          : normalCdf(-(u - sums.expected) / sums.sigma);
      // Exact p of a few values, and sigma of tied ones, are not what the product has: it needs a hundred values, and takes the larger sigma.
      const tolerance = c.inputs['method'] === 'exact' ? 0.02 : isTied(c) ? 0.025 : 1e-9;
      assert.ok(Math.abs(p - expected.p) <= tolerance, `p ${p}, reference ${expected.p}`);
      if (c.inputs['alternative'] === 'two-sided' && c.inputs['method'] !== 'exact') assert.ok(p >= expected.p - 1e-9, 'never surer');
    }
  });

  const shifts = cases.filter((c) => c.function === 'hodges_lehmann');
  it(`Hodges–Lehmann: ${shifts.length} cases; estimate and ends within two fine buckets`, () => {
    assert.ok(shifts.length >= 15);
    let compared = 0;
    for (const c of shifts) {
      const { estimate, low, high } = c.expected as Readonly<Record<'estimate' | 'low' | 'high', number>>;
      const ratio = stratifiedHistogramRatio([pairOf(c)], num(c, 'confidence'));
      const unit = (factor: number): number => (Math.log2(factor) * BUCKETS_PER_OCTAVE) / FINE;
      const label = `${JSON.stringify(c.inputs)}: ${unit(ratio.estimate)} ${unit(ratio.low)} ${unit(ratio.high)}`;
      // With an even number of pairs every value between the two in the middle is a median.
      const all = list(c, 'x')
        .flatMap((a) => list(c, 'y').map((b) => a - b))
        .sort((a, b) => a - b);
      const [below, above] = [all[Math.ceil(all.length / 2) - 1]!, all[Math.floor(all.length / 2)]!];
      assert.ok(below <= estimate && estimate <= above, label);
      assert.ok(unit(ratio.estimate) >= below - 2 / FINE && unit(ratio.estimate) <= above + 2 / FINE, label);
      if (ratio.high === Infinity) continue;
      compared++;
      // The reference counts orders exactly below fifty a side without ties; the approximation is close, and wider.
      const isExact = c.source.includes('interval exact');
      const slack = isExact ? 0.2 : 2 / FINE;
      assert.ok(unit(ratio.low) >= low - slack && unit(ratio.low) <= low + 2 / FINE, label);
      assert.ok(unit(ratio.high) <= high + slack && unit(ratio.high) >= high - 2 / FINE, label);
    }
    assert.ok(compared >= 9, `${compared} intervals`);
  });
});
