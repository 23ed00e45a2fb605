import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { message } from '../../../src/model/message.ts';
import { keyOf, type Release } from '../../../src/model/release.ts';
import { decodeSources } from '../../../src/platform/sourceSettings.ts';
import type { State } from '../../../src/store/state.ts';
import { changedNodes } from '../../../src/views/treeDiff.ts';
import { buildTree, type TreeContext } from '../../../src/views/treeModel.ts';
import { escapeMarkdown, fullTooltip, type TreeNode } from '../../../src/views/treeNode.ts';
import { english } from '../../fakes/english.ts';
import { abilities, assessment, evidence, metric, NOW, release, releaseState, sourceState, stateOf } from '../../fakes/releases.ts';

const context = (given: Partial<TreeContext> = {}): TreeContext => ({
  l10n: english,
  now: NOW,
  filter: '',
  muted: new Set(),
  undoable: new Set(),
  settingProblems: [],
  ...given,
});
const tree = (state: State, given: Partial<TreeContext> = {}): readonly TreeNode[] => buildTree(state, context(given));
const find = (nodes: readonly TreeNode[], id: string): TreeNode => {
  const search = (list: readonly TreeNode[]): TreeNode | undefined => {
    for (const node of list) {
      const found = node.id === id ? node : search(node.children);
      if (found) return found;
    }
    return undefined;
  };
  const found = search(nodes);
  assert.ok(found, `no row ${id}`);
  return found;
};
const ROW = 'release/prod/fraud';

describe('the tree', () => {
  it('is empty without sources, so that the welcome view shows', () => {
    assert.deepEqual(tree(stateOf([], [])), []);
  });

  it('tells ratio, step, what is left of the pause and for how long, in words', () => {
    const node = find(tree(stateOf([sourceState()], [releaseState({ pauseEndsAt: NOW + 420_000 })])), ROW);
    assert.equal(node.label, 'fraud-model');
    assert.equal(node.description, '20% · step 2/3 · 7 min left · 12 min');
    assert.equal(node.spoken, 'fraud-model, 20%, step 2 of 3, 7 min left, for 12 min');
    // A pause that went on after a stop, and one that stands still: the service says when it ends, nothing else does.
    const shown = (given: Parameters<typeof releaseState>[0]): string =>
      find(tree(stateOf([sourceState()], [releaseState(given)])), ROW).description;
    assert.match(shown({ pauseEndsAt: NOW + 10_000, stateSince: NOW }), / · 10 s left/);
    assert.doesNotMatch(shown({ state: 'degraded', pauseEndsAt: null, pauseLeftMs: 60_000 }), /left/);
  });

  it('tells what is in force and what is wanted where they differ', () => {
    const node = find(
      tree(stateOf([sourceState()], [releaseState({ ratio: { unit: 'users', desired: 0.2, actual: 0.1, since: null } })])),
      ROW,
    );
    assert.match(node.description, /^10% → 20% · /);
    assert.match(node.spoken, /10% in force, 20% wanted/);
  });

  it('shows an own request as wanted until the source says it is in force', () => {
    const state = releaseState({}, { pending: { from: 0.2, to: 0.25, at: NOW } });
    assert.match(find(tree(stateOf([sourceState()], [state])), ROW).description, /^20% → 25%/);
  });

  it('names the unit where it is not users, and says observed where nobody holds the ratio', () => {
    const ratio = { unit: 'requests', desired: null, actual: 0.102, since: null } as const;
    const node = find(tree(stateOf([sourceState()], [releaseState({ ratio })])), ROW);
    assert.match(node.description, /^10\.2% observed · .* · of requests$/);
    assert.match(node.tooltip, /10\\\.2% of requests observed/);
  });

  it('of a release that is seen only in logs says what was seen, and claims no phase, step or success', () => {
    const owner = { kind: 'logs', name: 'Edge' } as const;
    const ratio = { unit: 'requests', desired: null, actual: 0.1, since: null } as const;
    const seen = { owner, ratio, steps: [], stepIndex: -1, stateSince: null } as const;
    const of = (phase: Release['phase'], state: Release['state']): TreeNode =>
      find(tree(stateOf([sourceState()], [releaseState({ ...seen, phase, state })])), ROW);
    const gray = of('gray', 'progressing');
    assert.equal(gray.description, '10% observed · of requests');
    assert.match(gray.tooltip, /\*\*Phase\*\* observed {2}\n/);
    assert.doesNotMatch(gray.tooltip, /gray|progressing/);
    const full = of('full', 'completed');
    assert.equal(full.description, 'only canary seen · 10% observed · of requests');
    assert.match(full.tooltip, /\*\*Phase\*\* observed, only canary seen {2}\n/);
    assert.equal(full.icon?.color, null, 'a file of the canary alone is no success');
    assert.match(of('rolledBack', 'completed').description, /canary no longer seen/);
    assert.match(of('preparation', 'progressing').description, /no canary seen/);
  });

  it('puts who needs a person on top, gravest first, and keeps them under their source too', () => {
    const of = release({ id: 'b', name: 'b-regressing' });
    const state = stateOf(
      [sourceState()],
      [
        releaseState({ id: 'z', name: 'z-fine' }),
        releaseState({ id: 'a', name: 'a-waiting', state: 'waiting', stateSince: NOW - 180_000 }),
        releaseState({ id: 'b', name: 'b-regressing' }, { assessment: assessment(of), regressingSince: NOW - 2_520_000 }),
        releaseState({ id: 'c', name: 'c-full', phase: 'full', state: 'completed' }),
      ],
    );
    const [needs, source] = tree(state);
    assert.equal(needs?.label, 'Needs me');
    assert.deepEqual(
      needs.children.map(({ label, description }) => [label, description]),
      [
        ['b-regressing', 'regressing: error rate +2.1 points · for 42 min · 20%'],
        ['a-waiting', 'waiting at 20% · 3 min'],
      ],
    );
    assert.deepEqual(
      source?.children.map(({ label }) => label),
      ['b-regressing', 'a-waiting', 'z-fine', 'c-full'],
    );
    const ids = new Set<string>();
    const visit = (node: TreeNode): void => {
      assert.ok(!ids.has(node.id), `two rows with id ${node.id}`);
      ids.add(node.id);
      node.children.forEach(visit);
    };
    tree(state).forEach(visit);
  });

  it('offers only what can be done, for the menus', () => {
    const node = find(
      tree(stateOf([sourceState()], [releaseState({ abilities: abilities('pause') })]), { muted: new Set([keyOf(release())]) }),
      ROW,
    );
    assert.deepEqual(node.contextValue.split(' '), ['release', 'can-pause', 'can-unmute', 'can-whichVariant']);
    assert.match(node.description, /muted/);
  });

  it('says that traffic is simulated, in the row and in the tooltip', () => {
    const node = find(tree(stateOf([sourceState()], [releaseState({ simulated: true })])), ROW);
    assert.match(node.description, /simulated/);
    assert.match(node.tooltip, /simulated/);
  });

  it('greys and dates what is stale, and keeps showing it', () => {
    const stale = sourceState({ status: 'stale', lastSuccessAt: NOW - 40_000 });
    const rows = tree(stateOf([stale], [releaseState()]));
    assert.equal(find(rows, 'source/prod').description, 'no data for 40 s');
    const node = find(rows, ROW);
    assert.ok(node.stale);
    assert.match(node.description, /^no data for 40 s · 20% · /);
    assert.equal(node.icon?.color, 'disabledForeground');
  });

  it('shows why a source fails, when, and what to do', () => {
    const failed = sourceState({
      status: 'failed',
      lastSuccessAt: null,
      snapshot: null,
      error: {
        type: 'error',
        sourceId: 'prod',
        kind: 'unauthorized',
        at: NOW - 30_000,
        message: message('source.error.unauthorized', { address: 'https://prod' }),
        detail: '401',
      },
    });
    const rows = tree(stateOf([failed], []));
    assert.equal(find(rows, 'source/prod').description, 'asks for a token');
    const error = find(rows, 'error/prod');
    assert.equal(error.label, 'The token is not accepted, enter another: https://prod');
    assert.equal(error.description, '30 s ago');
    assert.equal(error.contextValue, 'sourceError kind-unauthorized of-http');
  });

  it('compares the variants in the tooltip as a table, and escapes what others named', () => {
    const of = release({ name: 'a|b*c' });
    const state = stateOf([sourceState()], [releaseState({ name: 'a|b*c' }, { assessment: assessment(of), evidence: evidence() })]);
    const tooltip = fullTooltip(find(tree(state), ROW));
    assert.match(tooltip.replaceAll('\u00a0', ''), /\| error rate \| 1% \| 3\\\.1% \| \\\+2\\\.1 points \| regressing \|/);
    assert.ok(tooltip.includes('a\\|b\\*c'));
  });

  it('opens into variants, metrics, anomalies and steps', () => {
    const of = release();
    const anomaly = {
      id: 'canary/errorRate/1',
      variant: 'canary',
      metric: 'errorRate',
      from: NOW - 60_000,
      to: NOW,
      ongoing: false,
      seenAt: NOW - 60_000,
      seen: 0.041,
      expected: 0.01,
      band: { low: 0.008, high: 0.014 },
      score: 0.8,
      severity: 'major',
    } as const;
    const state = stateOf(
      [sourceState()],
      [releaseState({ pauseEndsAt: NOW + 420_000 }, { evidence: evidence(), assessment: assessment(of, { anomalies: [anomaly] }) })],
    );
    const node = find(tree(state), ROW);
    assert.deepEqual(
      node.children.map(({ label }) => label),
      ['Variants', 'Metrics', 'Anomalies', 'Steps'],
    );
    assert.equal(find(node.children, `${ROW}/variant/canary`).description, 'canary · 20% · 1,530 users in 10 min · 6/s in 10 min');
    assert.equal(
      find(node.children, `${ROW}/metric/errorRate`).description,
      '3.1% against 1% · regressing · +2.1 points (+1.2 … +3 points)',
    );
    assert.match(
      find(node.children, `${ROW}/anomaly/canary/errorRate/1`).description,
      /^4\.1% at \d\d:59, expected 0\.8% to 1\.4% · until \d\d:00 · canary · major$/,
    );
    assert.match(find(node.children, `${ROW}/anomalies`).description, /^1 · last until \d\d:00$/);
    const goesOn = assessment(of, { anomalies: [anomaly, { ...anomaly, id: 'b', from: NOW - 120_000, ongoing: true }] });
    const later = find(tree(stateOf([sourceState()], [releaseState({}, { assessment: goesOn })])), ROW).children;
    assert.match(find(later, `${ROW}/anomalies`).description, /^2 · goes on since \d\d:58$/);
    assert.match(find(later, `${ROW}/anomaly/b`).description, / · goes on · /);
    assert.deepEqual(
      find(node.children, `${ROW}/steps`).children.map(({ label, description }) => `${label} ${description}`),
      ['10% done', '20% in force · pause, 7 min left', '50% to come · then waits for a person'],
    );
  });

  it('greys all rows below a release whose source does not answer', () => {
    const states = [releaseState({}, { evidence: evidence(), assessment: assessment(release()) })];
    const below = (status: 'connected' | 'failed'): readonly boolean[] => {
      const flat = (nodes: readonly TreeNode[]): readonly TreeNode[] => nodes.flatMap((row) => [row, ...flat(row.children)]);
      return [...new Set(flat(find(tree(stateOf([sourceState({ status })], states)), ROW).children).map(({ stale }) => stale))];
    };
    assert.deepEqual([below('connected'), below('failed')], [[false], [true]]);
  });

  it('a ratio above a step does not claim that the step is in force', () => {
    const rows = tree(stateOf([sourceState()], [releaseState({ ratio: { unit: 'users', desired: 0.25, actual: 0.25, since: null } })]));
    assert.match(find(rows, `${ROW}/steps`).children[1]?.description ?? '', /^passed: 25% in force · /);
  });

  it('a tooltip begins with the whole text of its row, and says nothing twice', () => {
    const source = find(tree(stateOf([sourceState()], [releaseState()])), 'source/prod');
    const said = fullTooltip(source);
    assert.ok(said.startsWith(`**${escapeMarkdown(source.label)}** ${escapeMarkdown(source.description)}`), said);
    assert.equal(said.split(escapeMarkdown(source.description)).length, 2);
    assert.equal(fullTooltip({ label: '10%', description: 'done', tooltip: '' }), '**10%** done');
  });

  it('a filter never hides what needs the person, and is named with what it leaves', () => {
    const state = stateOf([sourceState()], [releaseState({ state: 'waiting' }), releaseState({ id: 'other', name: 'other-model' })]);
    const rows = tree(state, { filter: 'other-model' });
    assert.deepEqual(
      find(rows, 'needs').children.map(({ label }) => label),
      ['fraud-model'],
    );
    const filter = find(rows, 'filter');
    assert.deepEqual([filter.label, filter.description, filter.command], ['Filter "other-model"', '1 of 2 releases', 'clearFilter']);
    assert.ok(tree(state, { filter: 'no such' }).some(({ id }) => id === 'needs'));
    assert.ok(!tree(state).some(({ id }) => id === 'filter'));
  });

  it('filters by name and state in any order, and still shows a source that fails', () => {
    const state = stateOf(
      [sourceState()],
      [releaseState(), releaseState({ id: 'shop', name: 'shop-model', service: 'shop', state: 'paused' })],
    );
    const names = (filter: string): readonly string[] =>
      tree(state, { filter }).flatMap((root) => root.children.filter(({ kind }) => kind === 'release').map(({ label }) => label));
    assert.deepEqual(names('paused SHOP'), ['shop-model']);
    assert.deepEqual(names('fraud paused'), []);
    const hidden = tree(state, { filter: 'nothing' });
    assert.deepEqual([hidden[0]?.label, hidden[0]?.description], ['Filter "nothing"', '0 of 2 releases'], 'what hides all is named');
    assert.deepEqual(
      [hidden[1]?.kind, hidden[1]?.children.map(({ label }) => label)],
      ['source', ['None of its releases matches the filter']],
    );
  });

  it('says what is wrong with the settings and with the built-in service', () => {
    const { problems } = decodeSources([{ id: 'a', name: 'Production', type: 'http', url: 'nowhere' }]);
    const rows = tree(stateOf([], [], 'starting\nport in use'), { settingProblems: problems });
    assert.equal(rows[0]?.description, 'port in use');
    assert.match(rows[0].tooltip, /starting\nport in use/);
    assert.equal(rows[1]?.label, 'Production · url');
  });

  it('what needs the person stands above what is wrong with the settings, and that above the sources', () => {
    const { problems } = decodeSources([{ id: 'a', name: 'Other', type: 'http' }]);
    const rows = tree(stateOf([sourceState()], [releaseState({ state: 'waiting' })]), { settingProblems: problems });
    assert.deepEqual(
      rows.map(({ id }) => id),
      ['needs', 'config/rolloutLens.sources[0]', 'source/prod'],
    );
  });

  it('files that fail are not called a connection', () => {
    const failed = { status: 'failed', lastSuccessAt: null } as const;
    const of = (kind: 'http' | 'logs'): TreeNode => find(tree(stateOf([sourceState({ ...failed, kind })], [])), 'source/prod');
    assert.deepEqual([of('http').description, of('logs').description], ['cannot connect', 'cannot be read']);
    assert.notEqual(of('logs').icon?.id, 'debug-disconnect');
  });

  it('regressing is told once the analysis says so, and not of a release that is over', () => {
    const of = release({ phase: 'rolledBack', state: 'aborted' });
    const state = stateOf(
      [sourceState()],
      [releaseState({ phase: 'rolledBack', state: 'aborted' }, { assessment: assessment(of, { metrics: [metric()] }) })],
    );
    assert.equal(tree(state)[0]?.id, 'source/prod');
    assert.equal(find(tree(state), ROW).description, 'rolled back · 20%');
  });
});

describe('what is drawn again', () => {
  const before = tree(stateOf([sourceState()], [releaseState(), releaseState({ id: 'shop', name: 'shop-model' })]));

  it('nothing when nothing changed', () => {
    assert.deepEqual(
      changedNodes(before, tree(stateOf([sourceState()], [releaseState(), releaseState({ id: 'shop', name: 'shop-model' })]))),
      [],
    );
  });

  it('only the row that changed', () => {
    const after = tree(
      stateOf(
        [sourceState()],
        [releaseState({ versions: { stable: 'v41', canary: 'v43' } }), releaseState({ id: 'shop', name: 'shop-model' })],
      ),
    );
    assert.deepEqual(changedNodes(before, after), [`${ROW}/variants`]);
  });

  it('not for what only the tooltip tells, so that it stays open', () => {
    const moved = tree(
      stateOf([sourceState({ lastSuccessAt: NOW - 500 })], [releaseState(), releaseState({ id: 'shop', name: 'shop-model' })]),
    );
    assert.notEqual(find(moved, ROW).tooltip, find(before, ROW).tooltip);
    assert.deepEqual(changedNodes(before, moved), []);
  });

  it('the parent when a row comes or goes, everything when the roots change', () => {
    assert.deepEqual(changedNodes(before, tree(stateOf([sourceState()], [releaseState()]))), ['source/prod']);
    assert.equal(changedNodes(before, []), 'all');
  });

  it('nothing within seconds, so that rows do not flicker', () => {
    const state = stateOf([sourceState()], [releaseState()]);
    assert.deepEqual(changedNodes(tree(state, { now: NOW + 5_000 }), tree(state, { now: NOW + 5_900 })), []);
  });
});
