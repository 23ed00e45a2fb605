import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SHAPES, watch, type Looks } from '../../../bench/peeking/simulate.ts';
import { randomOf } from '../../../src/analysis/detect/random.ts';

const RELEASES = 25;
const looksAt = (name: string, releases = RELEASES): readonly Looks[] => {
  const index = SHAPES.findIndex((shape) => shape.name === name);
  const random = randomOf(7_000 + index);
  return Array.from({ length: releases }, () => watch(SHAPES[index]!, random));
};
const called = (runs: readonly Looks[], way: keyof Looks): number => runs.filter((run) => run[way].regressing !== null).length;

/** Two hours each, looked at every minute; the larger counts are in docs/false-alarms.md. */
describe('what looking every minute costs', { timeout: 120_000 }, () => {
  it('no healthy release with little traffic is called regressing, where tests at 95 % call most of them', () => {
    const runs = looksAt('healthy, thin', 150);
    assert.equal(called(runs, 'ours'), 0);
    assert.ok(called(runs, 'naive') >= 75, `${called(runs, 'naive')} of 150`);
  });

  it('nor one with more traffic, nor one whose ratio is raised while both sides drift', () => {
    assert.equal(called(looksAt('healthy'), 'ours'), 0);
    assert.equal(called(looksAt('healthy, raised, rising', 10), 'ours'), 0);
  });

  it('where users come in bursts that fail together it is sometimes wrong, far less often than tests at 95 %', () => {
    const runs = looksAt('healthy, bursts of 5');
    assert.ok(called(runs, 'ours') <= 4, `${called(runs, 'ours')} of ${RELEASES}`);
    assert.ok(called(runs, 'naive') >= 18, `${called(runs, 'naive')} of ${RELEASES}`);
  });

  it('three points more errors are called in every release, half of them within half an hour', () => {
    const first = looksAt('errors +3 points').map((run) => run.ours.regressing ?? Infinity);
    assert.ok(first.every((look) => look < Infinity));
    assert.ok(first.sort((a, b) => a - b)[RELEASES >> 1]! <= 30, String(first));
  });
});
