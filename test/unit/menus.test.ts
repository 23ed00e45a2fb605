/** Which commands are offered where, in every state that a person can be in: package.json's conditions, read with the context the code sets. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { releaseContext } from '../../src/views/releaseWords.ts';
import { INTENT_KINDS, type ReleaseKey } from '../../src/model/release.ts';
import { PANEL_TYPE, VIEW_RELEASES } from '../../src/platform/ids.ts';
import type { ReleaseState } from '../../src/store/state.ts';
import { buildTree } from '../../src/views/treeModel.ts';
import type { TreeNode } from '../../src/views/treeNode.ts';
import { english } from '../fakes/english.ts';
import { manifest } from '../fakes/manifest.ts';
import { abilities, assessment, NOW, release, releaseState, sourceState, stateOf } from '../fakes/releases.ts';
import { message } from '../../src/model/message.ts';
import { holds, type Context } from '../fakes/whenClause.ts';

const { commands, menus } = manifest.contributes;
const nameOf = (command: string): string => command.replace('rolloutLens.', '');
const enabled = (command: string, context: Context): boolean =>
  holds(commands.find((item) => item.command === command)?.enablement, context);
/** What a menu offers and lets one choose, in its order, each once. */
const offered = (menu: string, context: Context, group: (group: string) => boolean = () => true): readonly string[] => [
  ...new Set(
    (menus[menu] ?? [])
      .filter(({ command, when, group: of }) => group(of ?? '') && holds(when, context) && enabled(command, context))
      .map(({ command }) => nameOf(command)),
  ),
];
const palette = (context: Context): readonly string[] => {
  const items = menus['commandPalette'] ?? [];
  return commands
    .filter(
      ({ command }) =>
        enabled(command, context) && items.filter((item) => item.command === command).every(({ when }) => holds(when, context)),
    )
    .map(({ command }) => nameOf(command));
};
/** Shown, but greyed out: a promise that the context does not keep. */
const greyed = (menu: string, context: Context): readonly string[] =>
  (menus[menu] ?? [])
    .filter(({ command, when }) => holds(when, context) && !enabled(command, context))
    .map(({ command }) => nameOf(command));

const steerable = releaseState({
  abilities: abilities('setRatio', 'nextStep', 'jumpToStep', 'promote', 'promoteFull', 'pause', 'abort', 'rollback', 'undo'),
});
const seenInLogs = releaseState({
  id: 'shop',
  sourceId: 'nginx',
  name: 'shop',
  owner: { kind: 'logs', name: 'nginx' },
  ratio: { unit: 'requests', desired: null, actual: 0.1, since: null },
  steps: [],
  abilities: abilities(),
});
/** As a viewer's token sees it. */
const readOnly = releaseState({ id: 'read', name: 'read', abilities: abilities() });
const over = releaseState({ id: 'over', name: 'over', phase: 'rolledBack', state: 'completed', abilities: abilities() });

interface Given {
  readonly releases?: readonly ReleaseState[];
  readonly active?: ReleaseState;
  readonly muted?: readonly ReleaseState[];
  readonly undoable?: readonly ReleaseState[];
  readonly configured?: string;
  readonly builtin?: string;
  readonly filtered?: boolean;
}

const keys = (states: readonly ReleaseState[] = []): ReadonlySet<ReleaseKey> => new Set(states.map(({ key }) => key));
const contextOf = ({
  releases = [],
  active,
  muted,
  undoable,
  configured = 'http logs',
  builtin = 'stopped',
  filtered = false,
}: Given): Context => {
  const state = stateOf([sourceState(), sourceState({ id: 'nginx', name: 'nginx', kind: 'logs' })], releases);
  const words = releaseContext(state, active?.key ?? null, { muted: keys(muted), undoable: keys(undoable) });
  return {
    'rolloutLens.hasSources': configured !== '' || builtin === 'running',
    'rolloutLens.hasReleases': releases.length > 0,
    'rolloutLens.all': words.all,
    'rolloutLens.panel': words.panel,
    'rolloutLens.here': words.here,
    'rolloutLens.configured': configured,
    'rolloutLens.builtin': builtin,
    'rolloutLens.filtered': filtered,
    ...(active ? { activeWebviewPanelId: PANEL_TYPE } : {}),
  };
};
const ACTS = [...INTENT_KINDS, 'whichVariant', 'mute', 'unmute'];
const acts = (names: readonly string[]): readonly string[] => names.filter((name) => ACTS.includes(name)).sort();

describe('the palette', () => {
  it('offers what can be done with some release', () => {
    assert.deepEqual(acts(palette(contextOf({ releases: [steerable, seenInLogs] }))), [
      'abort',
      'jumpToStep',
      'mute',
      'nextStep',
      'pause',
      'promote',
      'promoteFull',
      'rollback',
      'setRatio',
      'whichVariant',
    ]);
  });

  it('offers no change where releases are seen only in logs', () =>
    assert.deepEqual(acts(palette(contextOf({ releases: [seenInLogs], configured: 'logs' }))), ['mute']));

  it('offers no change to who may only read', () =>
    assert.deepEqual(acts(palette(contextOf({ releases: [readOnly] }))), ['mute', 'whichVariant']));

  it('offers what suits the panel in front, which a command is about', () => {
    const releases = [steerable, seenInLogs];
    assert.deepEqual(acts(palette(contextOf({ releases, active: seenInLogs }))), ['mute']);
    assert.ok(palette(contextOf({ releases, active: steerable })).includes('setRatio'));
  });

  it('offers to unmute what is muted, and to undo what can be undone', () => {
    const names = palette(contextOf({ releases: [steerable], muted: [steerable], undoable: [steerable] }));
    assert.deepEqual(
      acts(names).filter((name) => ['mute', 'unmute', 'undo'].includes(name)),
      ['undo', 'unmute'],
    );
  });

  it('offers no undo of what the service would not take', () =>
    assert.ok(!palette(contextOf({ releases: [readOnly], undoable: [readOnly] })).includes('undo')));

  it('offers to mute nothing that is over', () => assert.deepEqual(acts(palette(contextOf({ releases: [over] }))), ['whichVariant']));

  it('offers the worst release only while one needs somebody', () => {
    assert.ok(!palette(contextOf({ releases: [steerable] })).includes('openWorst'));
    const regressing = releaseState({}, { assessment: assessment(release()) });
    assert.ok(palette(contextOf({ releases: [regressing] })).includes('openWorst'));
  });

  it('without any source teaches how to begin, and offers nothing else', () => {
    const always = ['connect', 'addLogSource', 'openSettings', 'openLink', 'showJournal', 'showLog'];
    assert.deepEqual([...palette(contextOf({ configured: '' }))].sort(), ['tryExample', 'startBuiltin', ...always].sort());
  });

  it('asks for a token only where a service takes one', () => {
    assert.ok(!palette(contextOf({ configured: 'logs' })).includes('enterToken'));
    assert.ok(palette(contextOf({ configured: 'http' })).includes('enterToken'));
    assert.ok(
      !palette(contextOf({ configured: '', builtin: 'running' })).includes('removeSource'),
      'the built-in service is in no settings',
    );
  });

  it('starts the built-in service or stops it', () => {
    assert.ok(palette(contextOf({ builtin: 'failed' })).includes('startBuiltin'));
    const running = palette(contextOf({ builtin: 'running' }));
    assert.deepEqual([running.includes('startBuiltin'), running.includes('stopBuiltin')], [false, true]);
  });
});

describe('the menu in the title of a panel', () => {
  const releases = [steerable, seenInLogs, readOnly];
  const title = (active: ReleaseState): readonly string[] => acts(offered('editor/title', contextOf({ releases, active })));
  it('has the changes that the release takes', () =>
    assert.deepEqual(title(steerable), ['nextStep', 'rollback', 'setRatio', 'whichVariant']));
  it('undoes what can be undone', () => {
    const undoing = (undoable: readonly ReleaseState[]): boolean =>
      offered('editor/title', contextOf({ releases, active: steerable, undoable })).includes('undo');
    assert.deepEqual([undoing([]), undoing([readOnly]), undoing([steerable])], [false, false, true]);
  });
  it('has none for a release of a log, nor for who may only read', () => {
    assert.deepEqual(title(seenInLogs), []);
    assert.deepEqual(title(readOnly), ['whichVariant']);
  });
  it('has nothing of ours beside another editor', () => assert.deepEqual(offered('editor/title', contextOf({ releases })), []));
});

describe('rows', () => {
  const failed = sourceState({
    id: 'nginx',
    name: 'nginx',
    kind: 'logs',
    status: 'failed',
    error: {
      type: 'error',
      sourceId: 'nginx',
      kind: 'forbidden',
      at: NOW,
      message: message('logs.error.denied', { file: 'a.log' }),
      detail: '',
    },
  });
  const refused = sourceState({
    status: 'failed',
    error: {
      type: 'error',
      sourceId: 'prod',
      kind: 'unauthorized',
      at: NOW,
      message: message('source.error.forbidden', { address: 'a' }),
      detail: '',
    },
  });
  const releases = [steerable, readOnly, over, { ...seenInLogs }];
  const rowsOf = (nodes: readonly TreeNode[]): readonly TreeNode[] => nodes.flatMap((node) => [node, ...rowsOf(node.children)]);
  const tree = (): readonly TreeNode[] =>
    [
      stateOf([sourceState(), failed], releases),
      stateOf([refused], [steerable]),
      {
        ...stateOf([sourceState({ id: 'builtin' })], [releaseState({ sourceId: 'builtin' }, { assessment: assessment(release()) })]),
        builtinFailure: 'x',
      },
    ].flatMap((state) =>
      rowsOf(
        buildTree(state, {
          l10n: english,
          now: NOW,
          filter: 'v4',
          muted: keys([over]),
          undoable: keys([steerable]),
          settingProblems: [],
        }),
      ),
    );
  const contexts = (): readonly (readonly [TreeNode, Context])[] =>
    tree().map((row) => [
      row,
      {
        ...contextOf({ releases, muted: [over], undoable: [steerable], builtin: 'failed', filtered: true }),
        view: VIEW_RELEASES,
        viewItem: row.contextValue,
      },
    ]);
  const inline = (group: string): boolean => group.startsWith('inline');
  const of = (id: string): Context => contexts().find(([row]) => row.id === id)?.[1] ?? assert.fail(`no row ${id}`);

  it('every button on a row is in its menu too, which the keyboard opens', () => {
    let buttons = 0;
    for (const [row, context] of contexts()) {
      const listed = offered('view/item/context', context, (group) => !inline(group));
      const shown = offered('view/item/context', context, inline);
      buttons += shown.length;
      assert.deepEqual(
        shown.filter((name) => !listed.includes(name)),
        [],
        row.id,
      );
    }
    assert.ok(buttons > 10, 'there are buttons at all');
  });

  it('nothing in a menu of a row is greyed out', () => {
    for (const [row, context] of contexts()) assert.deepEqual(greyed('view/item/context', context), [], row.id);
  });

  it('a release offers what can be done with it, and no more', () => {
    const menu = (state: ReleaseState): readonly string[] => acts(offered('view/item/context', of(`release/${state.key}`)));
    assert.deepEqual(menu(steerable), [
      'abort',
      'jumpToStep',
      'mute',
      'nextStep',
      'pause',
      'promoteFull',
      'rollback',
      'setRatio',
      'undo',
      'whichVariant',
    ]);
    assert.deepEqual(menu(readOnly), ['mute', 'whichVariant']);
  });

  it('a step offers to go there, unless it is in force or nobody may', () => {
    const steps = [0.1, 0.5].map((ratio) => ({ ratio, pauseSeconds: null }));
    const state = releaseState({
      ...steerable.release,
      steps,
      stepIndex: 0,
      ratio: { unit: 'users', desired: 0.1, actual: 0.1, since: null },
    });
    const menu = (release: ReleaseState, index: number): readonly string[] => {
      const look = { l10n: english, now: NOW, filter: '', muted: keys(), undoable: keys(), settingProblems: [] };
      const id = `release/${release.key}/step/${String(index)}`;
      const row = rowsOf(buildTree(stateOf([sourceState()], [release]), look)).find((node) => node.id === id);
      assert.deepEqual([row?.key, row?.stepIndex], [release.key, index], 'it is handed to the command');
      const context = { ...contextOf({ releases: [release] }), view: VIEW_RELEASES, viewItem: row?.contextValue ?? '' };
      return acts(offered('view/item/context', context));
    };
    assert.deepEqual([menu(state, 0), menu(state, 1)], [[], ['jumpToStep']]);
    const noAbility = releaseState({ ...state.release, abilities: abilities('pause') });
    assert.deepEqual(menu(noAbility, 1), []);
  });

  // Which buttons a row has, whatever else its menu offers.
  const onward = ['setRatio', 'jumpToStep', 'promote', 'promoteFull', 'pause', 'abort', 'rollback', 'undo'] as const;
  const more = abilities('nextStep', ...onward);
  const lastStep = abilities(...onward);
  const regresses = { assessment: assessment(release()) };
  for (const [what, state, buttons] of [
    ['goes on by itself', releaseState({ abilities: more }), ['showChart', 'setRatio']],
    ['is paused', releaseState({ state: 'paused', abilities: more }), ['showChart', 'setRatio']],
    ['waits at a step', releaseState({ state: 'waiting', abilities: more }), ['nextStep', 'showChart']],
    ['waits at the last step', releaseState({ state: 'waiting', abilities: lastStep }), ['promoteFull', 'showChart']],
    ['regresses', releaseState({ abilities: more }, regresses), ['showChart', 'rollback']],
    ['waits and regresses', releaseState({ state: 'waiting', abilities: more }, regresses), ['showChart', 'rollback']],
    ['is degraded', releaseState({ state: 'degraded', abilities: more }), ['showChart', 'rollback']],
    ['waits, for who may only read', releaseState({ state: 'waiting', abilities: abilities() }), ['showChart']],
    ['regresses in a log', { ...seenInLogs, ...regresses }, ['showChart']],
    ['is over', over, ['showChart']],
  ] as const)
    it(`a release that ${what} has the buttons ${buttons.join(', ')}`, () => {
      const [row] = rowsOf(
        buildTree(stateOf([sourceState(), sourceState({ id: 'nginx', kind: 'logs' })], [state]), {
          l10n: english,
          now: NOW,
          filter: '',
          muted: keys(),
          undoable: keys([state]),
          settingProblems: [],
        }),
      ).filter(({ id }) => id === `release/${state.key}`);
      const context = { ...contextOf({ releases: [state] }), view: VIEW_RELEASES, viewItem: row?.contextValue ?? assert.fail('no row') };
      const shown = (menus['view/item/context'] ?? [])
        .filter(({ command, when, group }) => inline(group ?? '') && holds(when, context) && enabled(command, context))
        .sort((a, b) => (a.group ?? '').localeCompare(b.group ?? ''));
      assert.deepEqual(
        shown.map(({ command }) => nameOf(command)),
        buttons,
      );
    });

  it('only a service asks for a token', () => {
    assert.ok(offered('view/item/context', of('error/prod')).includes('enterToken'));
    assert.ok(!offered('view/item/context', of('error/nginx')).includes('enterToken'));
  });

  it('the filter is cleared or changed on its row', () => {
    assert.deepEqual(offered('view/item/context', of('filter')), ['clearFilter', 'filter']);
  });
});
