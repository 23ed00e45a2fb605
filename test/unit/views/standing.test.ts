import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Assessment } from '../../../src/model/assessment.ts';
import { formatMoment } from '../../../src/model/format.ts';
import { message } from '../../../src/model/message.ts';
import type { ReleaseState, SourceState } from '../../../src/store/state.ts';
import { statusFace } from '../../../src/views/statusModel.ts';
import { buildTree, type TreeContext } from '../../../src/views/treeModel.ts';
import type { TreeNode } from '../../../src/views/treeNode.ts';
import { english } from '../../fakes/english.ts';
import { aPanel, aReleaseState, aSource, aVerdict } from '../../fakes/panel.ts';
import { aRelease } from '../../fakes/release.ts';
import { assessment, metric, NOW, release, releaseState, sourceState, stateOf } from '../../fakes/releases.ts';

const MINUTE = 60_000;
const at = (ms: number): string => formatMoment(ms, NOW, 'en');
const context = { l10n: english, now: NOW, filter: '', muted: new Set<never>(), undoable: new Set<never>(), settingProblems: [] };
const rowsOf = (state: ReleaseState, source = sourceState(), given: Partial<TreeContext> = {}): readonly TreeNode[] => {
  const all: TreeNode[] = [];
  const visit = (node: TreeNode): void => {
    all.push(node);
    node.children.forEach(visit);
  };
  buildTree(stateOf([source], [state]), { ...context, ...given }).forEach(visit);
  return all;
};
const rowOf = (state: ReleaseState, source?: SourceState): TreeNode => {
  const row = rowsOf(state, source).find(({ id }) => id === 'release/prod/fraud');
  assert.ok(row);
  return row;
};
const needOf = (state: ReleaseState, source?: SourceState): string | undefined =>
  rowsOf(state, source).find(({ id }) => id === 'needs/prod/fraud')?.description;
const healthy = (given: Partial<Assessment> = {}): Assessment =>
  assessment(release(), { verdict: 'healthy', worst: null, metrics: [metric({ verdict: 'healthy' })], ...given });
/** Judged half an hour ago, and not to be measured since a little after. */
const unmeasured = (of: Assessment = healthy({ at: NOW - 30 * MINUTE, to: NOW - 30 * MINUTE, from: NOW - 90 * MINUTE })): ReleaseState =>
  releaseState(
    {},
    {
      assessment: of,
      measureError: { at: NOW, since: NOW - 29 * MINUTE, message: message('source.error.unauthorized', { address: 'https://prod' }) },
    },
  );
const stale = sourceState({ status: 'stale', lastSuccessAt: NOW - 40_000 });

describe('a release row, cut where the side bar ends', () => {
  it('begins with what it needs or is, then the ratio, then step and time', () => {
    assert.match(
      rowOf(releaseState({}, { assessment: assessment(release()) })).description,
      /^regressing · 20% · step 2\/3 · (.* left · )?12 min$/,
    );
    const waits = releaseState({
      state: 'waiting',
      stateSince: NOW - 3 * MINUTE,
      ratio: { unit: 'users', desired: 0.25, actual: 0.1, since: NOW - 3 * MINUTE },
    });
    const row = rowOf(waits);
    assert.match(row.description, /^waiting 3 min · 10% → 25% · step 2\/3$/);
    assert.match(row.spoken, /waiting for 3 min/);
    assert.match(rowOf(releaseState({ state: 'paused' })).description, /^paused · 20% · /);
    assert.match(rowOf(releaseState({ phase: 'full', state: 'completed' })).description, /^full · 20%/);
  });

  it('says above and below that its alerts are muted, before what a narrow side bar cuts, and how to hear them again', () => {
    const regressing = releaseState({}, { assessment: assessment(release()) });
    const muted = rowsOf(regressing, sourceState(), { muted: new Set([regressing.key]) });
    const of = (id: string): TreeNode => muted.find((node) => node.id.startsWith(id)) ?? assert.fail(id);
    assert.match(of('needs/').description, /^regressing · muted · error rate \+2\.1 points/);
    assert.match(of('needs/').spoken, /regressing, muted, error rate/);
    assert.match(of('release/').description, /^regressing · 20% · muted/);
    for (const id of ['needs/', 'release/']) assert.match(of(id).tooltip, /muted until you choose "Unmute Alerts of Release"/);
    assert.doesNotMatch(rowOf(regressing).tooltip, /muted/);
  });

  it('tells above what is wrong and by how much, or where it waits', () => {
    assert.match(needOf(releaseState({}, { assessment: assessment(release()) })) ?? '', /^regressing: error rate \+2\.1 points · 20%$/);
    assert.match(needOf(releaseState({ state: 'waiting' })) ?? '', /^waiting at 20% · /);
  });

  it('has what makes it doubtful within the first letters', () => {
    const fits = (description: string | undefined, what: RegExp): void => assert.match((description ?? '').slice(0, 30), what);
    const regressing = assessment(release(), { at: NOW - 30 * MINUTE });
    fits(rowOf(unmeasured()).description, /verdict of \d\d:\d\d/);
    fits(rowOf(releaseState({}, { assessment: regressing }), stale).description, /no data for 40 s/);
    fits(needOf(releaseState({}, { assessment: regressing }), stale), /^regressing · no data for 40 s/);
    fits(needOf(unmeasured(regressing)), /^regressing · verdict of/);
  });
});

describe('a verdict that could not be made again', () => {
  it('is greyed and dated in the row, without a tick', () => {
    const row = rowOf(unmeasured());
    assert.equal(row.description.split(' · ')[0], `verdict of ${at(NOW - 30 * MINUTE)}`);
    assert.ok(row.stale);
    assert.deepEqual(row.icon, { id: 'circle-large-outline', color: 'disabledForeground' });
    const judged = row.children.flatMap(({ children }) => children).find(({ kind }) => kind === 'metric');
    assert.ok(judged?.stale);
    assert.deepEqual(judged.icon, { id: 'circle-large-outline', color: 'disabledForeground' });
  });

  it('has its date, since when, why, and its window in the tooltip', () => {
    const tooltip = rowOf(unmeasured()).tooltip.replaceAll('\\', '');
    assert.ok(
      tooltip.includes(`Verdict of ${at(NOW - 30 * MINUTE)}; it could not be measured since ${at(NOW - 29 * MINUTE)}: The token is not`),
    );
    assert.ok(tooltip.includes(`Evidence from ${at(NOW - 90 * MINUTE)} to ${at(NOW - 30 * MINUTE)}.`));
  });

  it('that never was says so', () => {
    const row = rowOf({ ...unmeasured(), assessment: null });
    assert.equal(row.description.split(' · ')[0], 'not measured');
    assert.match(row.tooltip, /No verdict; it could not be measured since/);
  });

  it('is as before while it is true now', () => {
    const row = rowOf(releaseState({}, { assessment: healthy() }));
    assert.ok(!row.stale);
    assert.deepEqual(row.icon, { id: 'pass', color: 'testing.iconPassed' });
    assert.doesNotMatch(row.description, /verdict|data/);
  });
});

describe('a log that ended long ago', () => {
  const ended = Date.UTC(2026, 0, 10, 12);
  const past = (verdict: Assessment['verdict']): ReleaseState =>
    releaseState({}, { assessment: assessment(release(), { verdict, from: ended - 60 * MINUTE, to: ended }) });

  it('says until when its data goes and how it was then, and calls nobody', () => {
    const row = rowOf(past('regressing'));
    assert.deepEqual(row.description.split(' · ').slice(0, 3), [`data until ${at(ended)}`, 'regressing then', '20%']);
    assert.match(row.description, /Jan 10, \d\d:\d\d/, 'with its date');
    assert.deepEqual(row.icon, { id: 'history', color: null });
    assert.equal(needOf(past('regressing')), undefined);
    assert.ok(row.tooltip.replaceAll('\\', '').includes(`The data ends at ${at(ended)}; this is how it was then.`));
  });

  it('has no tick of health now', () => assert.deepEqual(rowOf(past('healthy')).icon, { id: 'history', color: null }));
});

describe('the status bar', () => {
  const regressing = releaseState({}, { assessment: assessment(release()) });
  const face = (state: ReleaseState, source: SourceState) => statusFace(stateOf([source], [state]), new Set(), english, NOW);

  it('is red for what is true now only, and says what is old', () => {
    assert.deepEqual(
      [face(regressing, sourceState())?.severity, face(regressing, sourceState())?.text],
      ['error', '$(warning) 1 regressing'],
    );
    for (const old of [face(regressing, stale), face(unmeasured(assessment(release())), sourceState())]) {
      assert.equal(old?.severity, 'warning');
      assert.equal(old.text, '$(warning) 1 regressing (data is old)');
      assert.match(old.spoken, /data is old/);
    }
  });

  it('stays red where one of several is true now', () => {
    const other = releaseState(
      { id: 'shop', sourceId: 'b', name: 'shop' },
      { assessment: assessment(release({ id: 'shop', sourceId: 'b' })) },
    );
    const both = statusFace(stateOf([stale, sourceState({ id: 'b' })], [regressing, other]), new Set(), english, NOW);
    assert.deepEqual([both?.severity, both?.text], ['error', '$(warning) 2 regressing']);
  });

  it('counts down no pause of a source that does not answer', () => {
    const timed = releaseState({ id: 'shop', name: 'shop', pauseEndsAt: NOW + 4 * MINUTE });
    const of = (source: SourceState) => statusFace(stateOf([source], [regressing, timed]), new Set(), english, NOW)?.tooltip ?? '';
    assert.match(of(sourceState()), /next pause ends in/);
    assert.doesNotMatch(of(stale), /next pause ends in/);
  });
});

describe('the row of a source', () => {
  const of = (age: number): string | undefined =>
    rowsOf(releaseState(), sourceState({ lastSuccessAt: NOW - age })).find(({ kind }) => kind === 'source')?.description;

  it('says that it is live and how old its last answer is at most, in steps that stand still while all goes well', () => {
    assert.equal(of(0), 'live, <10 s ago');
    assert.equal(of(9_900), of(0));
    assert.equal(of(12_000), 'live, <30 s ago');
  });
});

describe('the panel', () => {
  it('says that the verdict is of before, since when and why', () => {
    const since = NOW - 29 * MINUTE;
    const panel = aPanel({ state: aReleaseState({ measureError: { at: NOW, since, message: message('no answer') } }) });
    assert.deepEqual(panel.standing, { status: 'unmeasured', at: aVerdict(aRelease()).at, since, why: 'no answer' });
    assert.equal(panel.freshness.status, 'live', 'its source answers');
  });

  it('leads nobody on with a primary button while nothing new is known', () => {
    const of = (given: Parameters<typeof aPanel>[0]) => aPanel(given).actions.filter(({ tone }) => tone === 'primary').length;
    const state = aReleaseState();
    const healthy = { ...state, assessment: { ...aVerdict(state.release), verdict: 'healthy' as const } };
    assert.equal(of({ state: healthy }), 1);
    assert.equal(of({ state: healthy, source: aSource({ status: 'stale', lastSuccessAt: NOW - 60_000 }) }), 0);
    assert.equal(of({ state: { ...healthy, measureError: { at: NOW, since: NOW, message: message('no answer') } } }), 0);
  });

  it('names the window of the evidence, and until when a log that ended tells', () => {
    const { from, to } = aVerdict(aRelease());
    assert.deepEqual(aPanel().evidenceWindow, { from, to, begun: false });
    assert.deepEqual(aPanel().standing, { status: 'live', at: null, since: null, why: null });
    const state = aReleaseState();
    const old = { ...state, assessment: { ...aVerdict(state.release), to: to - 20 * MINUTE } };
    assert.deepEqual(aPanel({ state: old }).standing, { status: 'past', at: to - 20 * MINUTE, since: null, why: null });
    assert.equal(aPanel({ state: aReleaseState({ assessment: null }) }).evidenceWindow, null);
  });
});
