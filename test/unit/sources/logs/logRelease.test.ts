import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import { LogRelease, type CountedLine } from '../../../../src/sources/logs/logRelease.ts';

const START = Date.UTC(2026, 0, 5, 10);
const HOUR = 3_600_000;
const source = { id: 'logs', name: 'Logs' };
const line = (given: Partial<CountedLine>): CountedLine => ({
  time: START,
  variant: 'stable',
  version: 'v1',
  release: null,
  outcome: 'ok',
  ...given,
});

describe('a release seen in logs', () => {
  it('is made again only when a line was added, and never by walking all that was counted', () => {
    const release = new LogRelease('shop', () => START + HOUR);
    for (let second = 0; second < 3_600; second++)
      release.add(line({ time: START + second * 1_000, variant: second % 2 === 0 ? 'stable' : 'canary' }));
    const asked = mock.method(release.rollup, 'requests');
    const first = release.release(source, 'v2');
    assert.equal(release.release(source, 'v2'), first);
    assert.equal(release.add(line({ time: START + HOUR })), null);
    assert.notEqual(release.release(source, 'v2'), first);
    assert.equal(asked.mock.callCount(), 2);
    for (const {
      arguments: [from, to],
    } of asked.mock.calls)
      assert.ok(to - from <= 300_000, 'only the last minutes are looked at');
  });

  it('knows from everything before that a variant gets nothing any more', () => {
    const release = new LogRelease('shop', () => START + HOUR);
    for (let minute = 0; minute < 40; minute++)
      for (const variant of ['stable', 'canary'] as const) release.add(line({ time: START + minute * 60_000, variant }));
    assert.equal(release.release(source, 'v2').phase, 'gray');
    for (let second = 0; second < 60; second++) release.add(line({ time: START + 50 * 60_000 + second * 1_000 }));
    assert.equal(release.release(source, 'v2').phase, 'rolledBack');
  });
});
