import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bucketOfUser, BUCKETS, canaryBuckets, variantOfBucket } from '../../../src/backend/domain/assignment.ts';

const USERS = Array.from({ length: 100_000 }, (_, i) => `user-${String(i)}`);
const bucketsOf = (salt: string): readonly number[] => USERS.map((user) => bucketOfUser(salt, user));

/** Five standard deviations: a right assignment fails one test in 1.7 million. */
const isShare = (count: number, n: number, p: number): boolean => Math.abs(count - n * p) <= 5 * Math.sqrt(n * p * (1 - p)) + 1e-9;

describe('assignment', () => {
  it('is a pure function of salt and user, in UTF-8', () => {
    assert.equal(bucketOfUser('fraud', 'alice'), bucketOfUser('fraud', 'alice'));
    assert.notEqual(bucketOfUser('fraud', '王小明'), bucketOfUser('fraud', '王小红'));
    // Fixed for ever: another value would move users between versions at an update of the service. murmur3 x86 32, seed 0.
    assert.deepEqual([bucketOfUser('fraud', 'alice'), bucketOfUser('fraud', '王小明'), bucketOfUser('', '')], [8053, 99916, 50479]);
  });

  it('gives the canary its share, within the binomial', () => {
    for (const salt of ['fraud-model', 'recommender', 'triage']) {
      const buckets = bucketsOf(salt);
      for (const ratio of [0.001, 0.01, 0.1, 0.2, 0.5, 0.99]) {
        const canary = buckets.filter((bucket) => variantOfBucket(bucket, ratio) === 'canary').length;
        assert.ok(isShare(canary, USERS.length, ratio), `${salt} at ${String(ratio)}: ${String(canary)}`);
      }
    }
  });

  it('gives every tenth of consecutive ids its share too', () => {
    const buckets = bucketsOf('fraud-model');
    for (let start = 0; start < USERS.length; start += 10_000) {
      const canary = buckets.slice(start, start + 10_000).filter((bucket) => variantOfBucket(bucket, 0.1) === 'canary').length;
      assert.ok(isShare(canary, 10_000, 0.1), `${String(start)}: ${String(canary)}`);
    }
  });

  it('never moves a user back out when the ratio rises', () => {
    const buckets = bucketsOf('monotone').slice(0, 20_000);
    let before = new Set<number>();
    for (const ratio of [0, 0.00001, 0.05, 0.1, 0.1000001, 0.3, 0.7, 1]) {
      const now = new Set(buckets.flatMap((bucket, i) => (variantOfBucket(bucket, ratio) === 'canary' ? [i] : [])));
      assert.ok(
        [...before].every((user) => now.has(user)),
        `at ${String(ratio)}`,
      );
      before = now;
    }
    assert.equal(before.size, 20_000);
  });

  it('is independent between releases', () => {
    const a = bucketsOf('release-a');
    const b = bucketsOf('release-b');
    const both = USERS.filter((_, i) => a[i]! < canaryBuckets(0.2) && b[i]! < canaryBuckets(0.2)).length;
    assert.ok(isShare(both, USERS.length, 0.04), String(both));
  });

  it('leaves nobody in at 0 and nobody out at 1', () => {
    assert.equal(variantOfBucket(0, 0), 'stable');
    assert.equal(variantOfBucket(BUCKETS - 1, 1), 'canary');
  });
});
