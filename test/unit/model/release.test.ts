import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { measuredUntil, releaseKey, splitReleaseKey } from '../../../src/model/release.ts';
import { aRelease } from '../../fakes/release.ts';

describe('the end of what can be measured', () => {
  it('is now for what a service serves, and the newest line for a log that nobody writes any more', () => {
    assert.equal(measuredUntil(aRelease({ updatedAt: 5 }), 100), 100);
    const log = aRelease({ owner: { kind: 'logs', name: 'access logs' }, updatedAt: 50 });
    assert.equal(measuredUntil(log, 100), 51);
    assert.equal(measuredUntil({ ...log, updatedAt: 500 }, 100), 100);
  });
});

describe('a release key', () => {
  it('names a release over all sources, whatever characters their ids have', () => {
    for (const [source, release] of [
      ['a/b', 'c'],
      ['a', 'b/c'],
      ['100 %', '用户'],
    ] as const) {
      assert.deepEqual(splitReleaseKey(releaseKey(source, release)), { sourceId: source, releaseId: release });
    }
    assert.notEqual(releaseKey('a/b', 'c'), releaseKey('a', 'b/c'));
    // Half a surrogate pair, as a log may hold, cannot be encoded.
    assert.deepEqual(splitReleaseKey(releaseKey('a', 'b\ud800')), { sourceId: 'a', releaseId: 'b\ufffd' });
  });

  it('that nobody made is none', () => {
    for (const text of ['', 'a', '/a', 'a/', 'a/b/c', '%/a']) assert.equal(splitReleaseKey(text), null);
  });
});
