import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Verdict } from '../../../src/model/assessment.ts';
import { keyOf, type Release } from '../../../src/model/release.ts';
import { needOf, needsMe, releasesOf, summary } from '../../../src/store/select.ts';
import { EMPTY_STATE, type ReleaseState, type State } from '../../../src/store/state.ts';
import { anAssessment, aRelease } from '../../fakes/release.ts';

const known = (changes: Partial<Release>, verdict: Verdict | null = null): ReleaseState => {
  const release = aRelease(changes);
  return {
    key: keyOf(release),
    release,
    evidence: null,
    history: null,
    assessment: verdict && anAssessment(verdict, release),
    pending: null,
    regressingSince: null,
    measureError: null,
  };
};
const stateOf = (...releases: readonly ReleaseState[]): State => ({ ...EMPTY_STATE, releases: new Map(releases.map((r) => [r.key, r])) });

const calm = known({ id: 'calm', name: 'calm' }, 'healthy');
const waiting = known({ id: 'b-waiting', name: 'b-waiting', state: 'waiting' }, 'healthy');
const degraded = known({ id: 'degraded', name: 'degraded', state: 'degraded' });
const regressing = known({ id: 'z-bad', name: 'z-bad', state: 'waiting' }, 'regressing');
const rolledBack = known({ id: 'a-old', name: 'a-old', phase: 'rolledBack', state: 'aborted' }, 'regressing');

describe('what needs a person', () => {
  it('is regressing before degraded before waiting; each release once', () => {
    const needs = needsMe(stateOf(calm, waiting, rolledBack, regressing, degraded));
    assert.deepEqual(
      needs.map((need) => [need.release.release.id, need.need]),
      [
        ['z-bad', 'regressing'],
        ['degraded', 'degraded'],
        ['b-waiting', 'waiting'],
      ],
    );
  });

  it('is nothing once a release is rolled back or full, whatever its last verdict was', () => {
    assert.equal(needOf(rolledBack), null);
    assert.equal(needOf(known({ phase: 'full', state: 'completed' }, 'regressing')), null);
  });

  it('a verdict that is not regressing calls nobody', () => {
    for (const verdict of ['healthy', 'inconclusive', 'noData'] as const) assert.equal(needOf(known({}, verdict)), null);
  });

  it('is not called by a log that ended long ago: it tells what was', () => {
    const log = known({ owner: { kind: 'logs', name: 'access logs' } }, 'regressing');
    const ended = { ...log, assessment: log.assessment && { ...log.assessment, at: log.assessment.to + 16 * 60_000 } };
    assert.equal(needOf(log), 'regressing');
    assert.equal(needOf(ended), null);
  });

  it('is counted for the status bar, and a click opens the worst', () => {
    assert.deepEqual(summary(stateOf(waiting, regressing, calm)), { regressing: 1, degraded: 0, waiting: 1, worst: regressing.key });
    assert.deepEqual(summary(stateOf(calm)), { regressing: 0, degraded: 0, waiting: 0, worst: null });
  });
});

describe('releases of a source', () => {
  it('come worst first, then by name, finished ones last', () => {
    const ids = releasesOf(stateOf(rolledBack, calm, waiting, regressing, degraded), 'svc').map((r) => r.release.id);
    assert.deepEqual(ids, ['z-bad', 'degraded', 'b-waiting', 'calm', 'a-old']);
  });
});
