import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { hodgesLehmann } from '../../../../src/analysis/stats/hodgesLehmann.ts';
import { mannWhitney, type Alternative } from '../../../../src/analysis/stats/mannWhitney.ts';
import { normalCdf } from '../../../../src/analysis/stats/normalCdf.ts';
import { normalQuantile } from '../../../../src/analysis/stats/normalQuantile.ts';
import { stratifiedDifference } from '../../../../src/analysis/stats/stratifiedDifference.ts';
import { twoProportionZ } from '../../../../src/analysis/stats/twoProportionZ.ts';
import { wilson, wilsonCorrected } from '../../../../src/analysis/stats/wilson.ts';

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
  wilson_cc: (c) => ends(wilsonCorrected(num(c, 'successes'), num(c, 'n'), confidence(c))),
  // One stratum is Newcombe's interval.
  newcombe_diff: (c) => {
    const pair = { k1: num(c, 'k1'), n1: num(c, 'n1'), k2: num(c, 'k2'), n2: num(c, 'n2'), weight: 7 };
    return ends(stratifiedDifference([pair], confidence(c)).interval);
  },
  two_proportion_z_pooled: (c) => ({ ...twoProportionZ(num(c, 'k1'), num(c, 'n1'), num(c, 'k2'), num(c, 'n2')) }),
  mann_whitney: (c) => {
    const { u, p } = mannWhitney(list(c, 'x'), list(c, 'y'), {
      method: c.inputs['method'] as 'exact' | 'asymptotic',
      alternative: c.inputs['alternative'] as Alternative,
      continuity: c.inputs['continuity'] !== false,
    });
    return { U1: u, p };
  },
  hodges_lehmann: (c) => {
    const { estimate, low, high } = hodgesLehmann(list(c, 'x'), list(c, 'y'), num(c, 'confidence'));
    return { estimate, low, high };
  },
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
