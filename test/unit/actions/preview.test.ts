import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { warningsFor, type ReleaseContext } from '../../../src/actions/preview.ts';
import type { Intent } from '../../../src/model/intent.ts';
import { anAssessment, aRelease, someEvidence } from '../../fakes/release.ts';
import { aPlan } from '../../fakes/source.ts';

const NOW = 5_000_000;
const context = (changes: Partial<ReleaseContext> = {}): ReleaseContext => ({
  release: aRelease(),
  evidence: someEvidence(),
  history: null,
  assessment: anAssessment('healthy'),
  dataAt: NOW - 2_000,
  live: true,
  ...changes,
});
const setRatio = (ratio: number): Intent => ({ kind: 'setRatio', ratio });
const warned = (to: number, changes: Partial<ReleaseContext> = {}): readonly string[] =>
  warningsFor(aPlan(aRelease(), setRatio(to), to), context(changes), NOW).map((warning) => warning.key);

describe('warnings before an act', () => {
  it('are none for the next step of a healthy release', () => assert.deepEqual(warned(0.2), []));
  it('name a regressing verdict when the canary is widened, not when it is narrowed', () => {
    const assessment = anAssessment('regressing');
    assert.deepEqual(warned(0.2, { assessment }), ['action.warn.regressing']);
    assert.deepEqual(warned(0.05, { assessment }), []);
  });
  it('are those of what the backend then goes on to by itself: a resume widens and ends with everyone', () => {
    const resume = (goesOnTo: number | null, verdict: 'regressing' | 'inconclusive' | 'healthy') =>
      warningsFor({ ...aPlan(aRelease(), { kind: 'resume' }, null), goesOnTo }, context({ assessment: anAssessment(verdict) }), NOW).map(
        ({ key }) => key,
      );
    assert.deepEqual(resume(0.2, 'regressing'), ['action.warn.regressing']);
    assert.deepEqual(resume(1, 'regressing'), ['action.warn.regressing']);
    assert.deepEqual(resume(1, 'inconclusive'), ['action.warn.notEnough']);
    assert.deepEqual(resume(1, 'healthy'), []);
    assert.deepEqual(resume(null, 'regressing'), []);
  });
  it('name a jump beyond the next step', () => assert.deepEqual(warned(0.4), ['action.warn.aboveStep']));
  it('name going to everyone without a healthy verdict', () => {
    assert.deepEqual(warned(1, { assessment: anAssessment('inconclusive') }), ['action.warn.notEnough', 'action.warn.aboveStep']);
    assert.deepEqual(warned(1, { assessment: null }), ['action.warn.notEnough', 'action.warn.aboveStep']);
  });
  it('say how old the data is when the source is not live', () => {
    const [warning] = warningsFor(aPlan(aRelease(), setRatio(0.05), 0.05), context({ live: false, dataAt: NOW - 40_000 }), NOW);
    assert.deepEqual(warning?.args['age'], { value: 40, unit: 'seconds' });
  });
});
