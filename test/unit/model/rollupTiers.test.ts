import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tiersOf, visit } from '../../../src/model/rollupTiers.ts';

const starts = (tiers: ReturnType<typeof tiersOf<number>>, from: number, to: number): readonly number[] => {
  const seen: number[] = [];
  visit(tiers, 'canary', from, to, (start) => seen.push(start));
  return seen.sort((a, b) => a - b);
};

describe('cells of a range', () => {
  const tiers = tiersOf<number>([
    { width: 1, keep: 10 },
    { width: 10, keep: 1000 },
  ]);
  for (const [start, tier] of [
    [20, 1],
    [10, 1],
    [30, 1],
    [40, 0],
    [41, 0],
    [49, 0],
  ] as const)
    tiers[tier]?.cells.canary.set(start, start);
  if (tiers[0]) tiers[0].from = 40;

  it('are those whose start lies in it, however they are found', () => {
    const all = [10, 20, 30, 40, 41, 49];
    for (let from = -2; from < 52; from++)
      for (let to = from; to < 55; to++)
        assert.deepEqual(
          starts(tiers, from, to),
          all.filter((start) => start >= from && start < to),
          `${String(from)} to ${String(to)}`,
        );
    assert.deepEqual(starts(tiers, -Infinity, Infinity), all);
    assert.deepEqual(starts(tiers, 35.5, 41.5), [40, 41]);
  });

  it('are looked up for a short range, without walking all that is kept', () => {
    const [fine] = tiersOf<number>([{ width: 1, keep: 1e6 }]);
    assert.ok(fine);
    for (let start = 0; start < 10_000; start++) fine.cells.canary.set(start, start);
    fine.cells.canary[Symbol.iterator] = () => assert.fail('every cell was walked');
    assert.deepEqual(starts([fine], 9_997, 10_005), [9_997, 9_998, 9_999]);
  });
});
