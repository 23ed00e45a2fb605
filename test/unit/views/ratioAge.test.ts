import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Evidence } from '../../../src/model/evidence.ts';
import type { Release } from '../../../src/model/release.ts';
import type { ReleaseState } from '../../../src/store/state.ts';
import { releaseParts } from '../../../src/views/releaseText.ts';
import { releaseTooltip } from '../../../src/views/releaseTooltip.ts';
import { written } from '../../../src/views/treeNode.ts';
import { english } from '../../fakes/english.ts';
import { assessment, evidence, NOW, release, releaseState, sourceState } from '../../fakes/releases.ts';

const MINUTE = 60_000;
const context = { l10n: english, now: NOW };
const row = (state: ReleaseState): string => written(releaseParts(state, sourceState(), false, context));
const spoken = (state: ReleaseState): readonly string[] =>
  releaseParts(state, sourceState(), false, context).map((part) => part.spoken ?? part.text);
const tooltip = (state: ReleaseState): string => releaseTooltip(state, sourceState(), false, context);

const SEEN: Partial<Release> = {
  owner: { kind: 'logs', name: 'nginx' },
  ratio: { unit: 'requests', desired: null, actual: 0.1, since: null },
  steps: [],
  stepIndex: -1,
  stateSince: null,
  createdAt: NOW - 300 * MINUTE,
};
const hour = { ...evidence(), from: NOW - 60 * MINUTE };
/** The same hour, cut where the share moved. */
const movedAt = (time: number): Evidence => ({
  ...hour,
  strata: [
    { from: hour.from, to: time, variants: hour.variants },
    { from: time, to: NOW, variants: hour.variants },
  ],
});

describe('how long the ratio of a log has been so', () => {
  it('is counted from where the traffic moved', () => {
    const state = releaseState(SEEN, { evidence: movedAt(NOW - 12 * MINUTE) });
    assert.equal(row(state), '10% observed · 12 min · of requests');
    assert.match(tooltip(state), /observed \\\(since /);
  });

  it('is at least as long as the evidence reaches back where it never moved', () => {
    const state = releaseState(SEEN, { evidence: hour });
    assert.equal(row(state), '10% observed · ≥ 1 h · of requests');
    assert.ok(spoken(state).includes('for at least 1 h'));
    assert.match(tooltip(state), /observed \\\(at least since /);
  });

  it('is no longer than there are lines', () => {
    assert.equal(row(releaseState({ ...SEEN, createdAt: NOW - 5 * MINUTE }, { evidence: hour })), '10% observed · ≥ 5 min · of requests');
  });

  it('is not told without evidence, nor of one that ended long ago', () => {
    assert.equal(row(releaseState(SEEN)), '10% observed · of requests');
    const until = NOW - 600 * MINUTE;
    const past = assessment(release(), { at: NOW, to: until, from: until - 60 * MINUTE, verdict: 'healthy', worst: null });
    assert.doesNotMatch(row(releaseState(SEEN, { evidence: hour, assessment: past })), /≥/);
  });
});

describe('how long the ratio of a release that waits has been so', () => {
  const waiting = (since: number): ReleaseState =>
    releaseState({ state: 'waiting', stateSince: NOW - 3 * MINUTE, ratio: { unit: 'users', desired: 0.2, actual: 0.2, since } });
  it('stands beside how long it has waited', () => {
    assert.equal(row(waiting(NOW - 40 * MINUTE)), 'waiting 3 min · 20% · step 2/3 · 40 min');
    assert.ok(spoken(waiting(NOW - 40 * MINUTE)).includes('for 40 min'));
  });
  it('is not told twice where it waits since then', () => assert.equal(row(waiting(NOW - 3 * MINUTE)), 'waiting 3 min · 20% · step 2/3'));
});
