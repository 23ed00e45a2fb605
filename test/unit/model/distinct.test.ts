import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CAPACITY, Distinct, hashId } from '../../../src/model/distinct.ts';

const of = (from: number, to: number): Distinct => {
  const distinct = new Distinct();
  for (let i = from; i < to; i++) distinct.add(hashId(`user-${String(i)}`));
  return distinct;
};

describe('Distinct', () => {
  it('is exact up to its capacity, repeated ids and unions included', () => {
    const distinct = of(0, CAPACITY);
    for (let i = 0; i < 500; i++) distinct.add(hashId(`user-${String(i)}`));
    assert.equal(distinct.size, CAPACITY);
    const union = of(0, 700);
    union.addAll(of(500, 1200));
    assert.equal(union.size, 1200);
  });

  it('estimates within four standard errors beyond it, alone and merged', () => {
    const error = 4 / Math.sqrt(CAPACITY);
    assert.ok(Math.abs(of(0, 200_000).size / 200_000 - 1) < error);
    const union = of(0, 100_000);
    union.addAll(of(50_000, 150_000));
    union.addAll(of(0, 10));
    assert.ok(Math.abs(union.size / 150_000 - 1) < error, String(union.size));
    const small = of(0, 10);
    small.addAll(of(0, 100_000));
    assert.ok(Math.abs(small.size / 100_000 - 1) < error, String(small.size));
  });

  it('counts the same when packed, and goes on', () => {
    const distinct = of(0, 1000);
    distinct.pack();
    distinct.pack();
    assert.equal(distinct.size, 1000);
    for (let i = 900; i < 1100; i++) distinct.add(hashId(`user-${String(i)}`));
    assert.equal(distinct.size, 1100);
    distinct.pack();
    const union = of(1050, 1200);
    union.addAll(distinct);
    assert.equal(union.size, 1200);
    const large = of(0, 3000);
    large.pack();
    assert.ok(Math.abs(large.size / 3000 - 1) < 4 / Math.sqrt(CAPACITY), String(large.size));
  });

  it('hashes short, similar and long ids apart', () => {
    const ids = [
      ...Array.from({ length: 100_000 }, (_, i) => String(i)),
      ...Array.from({ length: 100_000 }, (_, i) => `${'x'.repeat(60)}${String(i)}`),
    ];
    assert.equal(new Set(ids.map(hashId)).size, ids.length);
    const mean = ids.reduce((sum, id) => sum + hashId(id), 0) / ids.length / 2 ** 53;
    assert.ok(Math.abs(mean - 0.5) < 0.005, String(mean));
  });
});
