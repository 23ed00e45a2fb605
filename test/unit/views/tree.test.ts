import '../../fakes/vscode.ts';
import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import { SILENT_LOG } from '../../../src/base/log.ts';
import type { State } from '../../../src/store/state.ts';
import type { TreeElement } from '../../../src/views/treeItem.ts';
import { clockAt } from '../../fakes/clock.ts';
import { english } from '../../fakes/english.ts';
import { aMemento } from '../../fakes/memento.ts';
import type { TreeView } from '../../fakes/vscodeModule.ts';
import { NOW, releaseState, sourceState, stateOf } from '../../fakes/releases.ts';

const { TreeMemory } = await import('../../../src/platform/treeMemory.ts');
const { ReleaseTree } = await import('../../../src/views/tree.ts');

const fraud = (canary: string): State =>
  stateOf([sourceState()], [releaseState({ versions: { stable: 'v41', canary } }), releaseState({ id: 'shop', name: 'shop-model' })]);

/** A tree of which the editor has asked for what `open` says, and a count of what it was told to draw again. */
const setUp = (
  open: (tree: InstanceType<typeof ReleaseTree>) => void,
  memory = new TreeMemory(aMemento(), SILENT_LOG),
  begin = fraud('v42'),
) => {
  mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  const store = { state: begin };
  const none = () => new Set<never>();
  let built = 0;
  const muted = () => {
    built++;
    return none();
  };
  const inputs = { filter: () => '', muted, undoable: none, settingProblems: () => [] };
  let now = NOW;
  let set = 0;
  const tree = new ReleaseTree(
    store,
    inputs,
    memory,
    clockAt(
      () => now + set,
      () => now,
    ),
    english,
  );
  open(tree);
  const drawn: (string | null)[] = [];
  tree.onDidChangeTreeData((row: TreeElement | undefined) => drawn.push(row?.id ?? null));
  const view = tree.view as unknown as TreeView;
  const element = (id: string): TreeElement => ({ id, key: null, sourceId: null, stepIndex: null });
  return {
    drawn,
    open: (id: string) => view.expanded.fire({ element: element(id) }),
    close: (id: string) => view.collapsed.fire({ element: element(id) }),
    select: (id: string) => view.selected.fire({ selection: [element(id)] }),
    /** How the editor is told to show this row: 1 closed, 2 open. */
    stateOf: (id: string) => tree.getTreeItem(element(id)).collapsibleState,
    /** Rows that were selected without the person. */
    revealed: () => view.revealed.map((row) => (row as TreeElement).id),
    /** How often the rows were made. */
    built: () => built,
    become: (state: State) => {
      store.state = state;
      now += 1_000;
      tree.update();
      mock.timers.tick(1_000);
    },
    /** Many states one after another, faster than anybody reads. */
    storm: (states: readonly State[]) => {
      for (const state of states) {
        store.state = state;
        tree.update();
        now += 10;
        mock.timers.tick(10);
      }
      now += 1_000;
      mock.timers.tick(1_000);
    },
    show: (visible: boolean) => view.become(visible),
    pass: (ms: number) => (now += ms),
    /** Somebody sets the clock of the machine. */
    setClock: (ms: number) => (set = ms),
    end: () => {
      tree.dispose();
      mock.timers.reset();
    },
  };
};

describe('the view', () => {
  it('draws nothing again for what changed inside a closed release', () => {
    const view = setUp((tree) => tree.getChildren().forEach((root) => tree.getChildren(root)));
    view.become(fraud('v43'));
    assert.deepEqual(view.drawn, []);
    view.end();
  });

  it('draws the row that changed inside an open one, and that only', () => {
    const view = setUp((tree) =>
      tree.getChildren().forEach((root) => tree.getChildren(root).forEach((release) => tree.getChildren(release))),
    );
    view.become(fraud('v43'));
    assert.deepEqual(view.drawn, ['release/prod/fraud/variants']);
    view.end();
  });

  const openAll = (tree: InstanceType<typeof ReleaseTree>): void =>
    tree.getChildren().forEach((root) => tree.getChildren(root).forEach((release) => tree.getChildren(release)));

  it('draws a storm of changes twice: at once, and as it stands half a second later', () => {
    const view = setUp(openAll);
    const before = view.built();
    view.storm(Array.from({ length: 40 }, (_, i) => fraud(`v${String(100 + i)}`)));
    assert.deepEqual(view.drawn, ['release/prod/fraud/variants', 'release/prod/fraud/variants']);
    assert.equal(view.built() - before, 2, 'what nobody sees is not worked out');
    view.end();
  });

  it('goes on drawing when the clock of the machine is set back by an hour', () => {
    const view = setUp(openAll);
    view.become(fraud('v43'));
    const before = view.drawn.length;
    view.setClock(-3_600_000);
    view.become(fraud('v44'));
    view.end();
    assert.ok(view.drawn.length > before);
  });

  it('draws nothing while it is hidden, and what it missed when it is shown', () => {
    const view = setUp(openAll);
    view.show(false);
    view.become(fraud('v43'));
    assert.deepEqual(view.drawn, []);
    view.show(true);
    assert.deepEqual(view.drawn, ['release/prod/fraud/variants']);
    view.end();
  });

  it('draws the whole when a root comes or goes', () => {
    const view = setUp((tree) => tree.getChildren());
    view.become(stateOf([sourceState(), sourceState({ id: 'b', name: 'b' })], []));
    assert.deepEqual(view.drawn, [null]);
    view.end();
  });
});

describe('a tree after a reload of the window', () => {
  const nothing = (): void => undefined;
  const EMPTY = stateOf([sourceState()], []);
  const RELEASE = 'release/prod/fraud';
  const VARIANTS = `${RELEASE}/variants`;

  /** Two windows after one another over one memento. */
  const reloaded = (first: (view: ReturnType<typeof setUp>) => void) => {
    const memento = aMemento();
    const before = setUp(nothing, new TreeMemory(memento, SILENT_LOG));
    first(before);
    before.end();
    return setUp(nothing, new TreeMemory(memento, SILENT_LOG), EMPTY);
  };

  it('has open and closed what the person opened and closed, and the rest as it comes', () => {
    const view = reloaded((window) => {
      window.open(RELEASE);
      window.open(VARIANTS);
      window.close('source/prod');
    });
    view.become(fraud('v42'));
    assert.deepEqual([RELEASE, VARIANTS, 'release/prod/shop', 'source/prod'].map(view.stateOf), [2, 2, 1, 1]);
    view.close(RELEASE);
    assert.equal(view.stateOf(RELEASE), 1);
    view.end();
  });

  it('selects again what was selected, once it is there', () => {
    const view = reloaded((window) => window.select(RELEASE));
    assert.deepEqual(view.revealed(), []);
    view.become(fraud('v42'));
    view.become(fraud('v43'));
    assert.deepEqual(view.revealed(), [RELEASE]);
    view.end();
  });

  it('selects nothing in a closed row, over another choice, in a hidden view, or so late that nobody expects it', () => {
    const select = (window: ReturnType<typeof setUp>): void => window.select(VARIANTS);
    const cases: readonly ((view: ReturnType<typeof setUp>) => void)[] = [
      nothing,
      (view) => {
        view.open(RELEASE);
        view.select('source/prod');
      },
      (view) => {
        view.open(RELEASE);
        view.show(false);
      },
      (view) => {
        view.open(RELEASE);
        view.pass(61_000);
      },
    ];
    for (const [index, prepare] of cases.entries()) {
      const view = reloaded(select);
      prepare(view);
      view.become(fraud('v42'));
      assert.deepEqual(view.revealed(), [], `case ${String(index)}`);
      view.end();
    }
    const view = reloaded(select);
    view.open(RELEASE);
    view.become(fraud('v42'));
    assert.deepEqual(view.revealed(), [VARIANTS], 'and does where none of that holds');
    view.end();
  });

  it('begins anew over what another version wrote', () => {
    for (const stored of [null, 7, { open: [['a'], 3, [VARIANTS, 'yes']], selected: 4 }]) {
      const memory = new TreeMemory(aMemento(stored), SILENT_LOG);
      assert.deepEqual([memory.isOpen(VARIANTS), memory.selected], [null, null]);
    }
  });
});
