import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { keyOf } from '../../../src/model/release.ts';
import { incidentsOf } from '../../../src/views/incidents.ts';
import { statusFace } from '../../../src/views/statusModel.ts';
import { english } from '../../fakes/english.ts';
import { assessment, NOW, release, releaseState, sourceState, stateOf } from '../../fakes/releases.ts';

const none: ReadonlySet<never> = new Set();
const regressing = releaseState({}, { assessment: assessment(release()) });
const waiting = releaseState({ id: 'shop', name: 'shop-model', state: 'waiting' });

describe('the status bar', () => {
  it('is silent while nobody is needed', () => {
    assert.equal(statusFace(stateOf([sourceState()], [releaseState()]), none, english, NOW), null);
  });

  it('counts in words, and says them without glyphs', () => {
    const face = statusFace(stateOf([sourceState()], [waiting, regressing]), none, english, NOW);
    assert.equal(face?.text, '$(warning) 1 regressing · $(watch) 1 waiting');
    assert.equal(face.spoken, 'Rollouts: 1 regressing, 1 waiting');
    assert.equal(face.severity, 'error');
    assert.equal(face.worst, regressing.key);
  });

  it('lists them with links to their charts', () => {
    const face = statusFace(stateOf([sourceState()], [regressing]), none, english, NOW);
    assert.ok(face);
    assert.ok(
      face.tooltip.includes(`(command:_rolloutLens.link.showChart?${encodeURIComponent(JSON.stringify([{ key: regressing.key }]))})`),
    );
    assert.match(face.tooltip, /regressing: error rate \\\+2\\\.1 points/);
  });

  it('links to the release whatever its id and name hold', () => {
    const odd = releaseState({ id: 'a) [x](command:y) (b', name: 'n](command:z)\r|' }, { assessment: assessment(release()) });
    const face = statusFace(stateOf([sourceState()], [odd]), none, english, NOW);
    const links = [...(face?.tooltip ?? '').matchAll(/(?<!\\)\]\(([^()\s]*)\)/g)].map(([, target = '']) => target);
    assert.deepEqual(
      links.map((target) => target.split('?')[0]),
      ['command:_rolloutLens.link.showChart', 'command:_rolloutLens.link.mute'],
    );
    for (const target of links) assert.deepEqual(JSON.parse(decodeURIComponent(target.split('?')[1] ?? '')), [{ key: odd.key }]);
    assert.equal(face?.tooltip.split(/[\n\r]/).length, 3, 'one row for one release');
  });

  it('is only a warning when something waits, or when what regresses is muted', () => {
    assert.equal(statusFace(stateOf([sourceState()], [waiting]), none, english, NOW)?.severity, 'warning');
    const muted = statusFace(stateOf([sourceState()], [regressing]), new Set([regressing.key]), english, NOW);
    assert.equal(muted?.severity, 'warning');
    assert.equal(muted.text, '$(warning) 1 regressing');
  });
});

describe('an incident', () => {
  const id = (state: ReturnType<typeof releaseState>): readonly string[] =>
    incidentsOf(stateOf([sourceState()], [state])).map((incident) => incident.id);

  it('is told of what regresses, not of what waits', () => {
    assert.deepEqual(
      incidentsOf(stateOf([sourceState()], [regressing, waiting])).map(({ key, need }) => [key, need]),
      [[keyOf(regressing.release), 'regressing']],
    );
  });

  it('is the same one over polls and revisions', () => {
    const later = releaseState(
      { revision: '8', updatedAt: NOW, state: 'paused' },
      { assessment: assessment(release(), { at: NOW + 60_000 }) },
    );
    assert.deepEqual(id(later), id(regressing));
  });

  it('is the same one when the ratio is moved: who moves it is warned there', () => {
    const wider = releaseState({ ratio: { unit: 'users', desired: 0.5, actual: 0.5, since: NOW } }, { assessment: assessment(release()) });
    assert.deepEqual(id(wider), id(regressing));
  });

  it('is the same one of a log whose oldest lines were rotated away', () => {
    const logged = (createdAt: number): ReturnType<typeof releaseState> =>
      releaseState({ createdAt, owner: { kind: 'logs', name: 'nginx' } }, { assessment: assessment(release()) });
    assert.deepEqual(id(logged(NOW)), id(logged(NOW - 3_600_000)));
  });

  it('is another one when the name is used again for a new attempt', () => {
    const again = releaseState({ createdAt: NOW }, { assessment: assessment(release()) });
    assert.notDeepEqual(id(again), id(regressing));
  });

  it('is the same one when a guardrail stops the release first and its numbers are judged later', () => {
    const degraded = releaseState({ state: 'degraded' });
    assert.deepEqual(
      incidentsOf(stateOf([sourceState()], [degraded])).map(({ need }) => need),
      ['degraded'],
    );
    assert.deepEqual(id(degraded), id(regressing));
  });
});
