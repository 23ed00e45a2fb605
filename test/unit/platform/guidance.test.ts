import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { welcomeFor } from '../../../src/platform/guidance.ts';
import { releaseState, sourceState, stateOf } from '../../fakes/releases.ts';

const shown = { settingProblems: 0 };
const silent = { snapshot: null, lastSuccessAt: null } as const;

describe('what the views teach', () => {
  it('without a source: how to begin', () => assert.equal(welcomeFor(stateOf([], []), shown), 'noSource'));
  it('nothing when a setting was not understood: the tree says so', () =>
    assert.equal(welcomeFor(stateOf([], []), { ...shown, settingProblems: 1 }), 'none'));
  it('nothing when the built-in service failed: its row says so', () =>
    assert.equal(welcomeFor({ ...stateOf([], []), builtinFailure: 'it ended' }, shown), 'none'));
  it('nothing while it connects', () =>
    assert.equal(welcomeFor(stateOf([sourceState({ status: 'connecting', ...silent })], []), shown), 'none'));
  it('what to do when no source ever answered', () =>
    assert.equal(welcomeFor(stateOf([sourceState({ status: 'failed', ...silent })], []), shown), 'cannotConnect'));
  it('not that, when one answered once: its data is stale, and kept', () =>
    assert.equal(welcomeFor(stateOf([sourceState({ status: 'failed' })], []), shown), 'none'));
  it('what to do when there is no release', () => assert.equal(welcomeFor(stateOf([sourceState()], []), shown), 'noReleases'));
  it('nothing when there is something to see', () => assert.equal(welcomeFor(stateOf([sourceState()], [releaseState()]), shown), 'none'));
});
