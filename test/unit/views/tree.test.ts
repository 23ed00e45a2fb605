import '../../fakes/vscode.ts';
import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import type { State } from '../../../src/store/state.ts';
import type { TreeElement } from '../../../src/views/treeItem.ts';
import { english } from '../../fakes/english.ts';
import type { TreeView } from '../../fakes/vscodeModule.ts';
import { NOW, releaseState, sourceState, stateOf } from '../../fakes/releases.ts';

const { ReleaseTree } = await import('../../../src/views/tree.ts');

const fraud = (canary: string): State =>
  stateOf([sourceState()], [releaseState({ versions: { stable: 'v41', canary } }), releaseState({ id: 'shop', name: 'shop-model' })]);

/** A tree of which the editor has asked for what `open` says, and a count of what it was told to draw again. */
const setUp = (open: (tree: InstanceType<typeof ReleaseTree>) => void) => {
  mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
  const store = { state: fraud('v42') };
  const none = () => new Set<never>();
  let built = 0;
  const muted = () => {
    built++;
    return none();
  };
  const inputs = { filter: () => '', muted, undoable: none, settingProblems: () => [] };
  let now = NOW;
  const tree = new ReleaseTree(store, inputs, { now: () => now, delay: () => Promise.resolve() }, english);
  open(tree);
  const drawn: (string | null)[] = [];
  tree.onDidChangeTreeData((row: TreeElement | undefined) => drawn.push(row?.id ?? null));
  return {
    drawn,
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
    show: (visible: boolean) => (tree.view as unknown as TreeView).become(visible),
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
