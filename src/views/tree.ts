import * as vscode from 'vscode';
import type { Clock } from '../base/clock.ts';
import { DisposableStore } from '../base/disposable.ts';
import type { ReleaseKey } from '../model/release.ts';
import type { State } from '../store/state.ts';
import { VIEW_RELEASES } from '../platform/ids.ts';
import type { Localizer } from '../platform/localizer.ts';
import type { SettingProblem } from '../platform/settingProblem.ts';
import { changedNodes, rowsToDraw } from './treeDiff.ts';
import { clickOf, commandOf, staleDecorations, toTreeItem, tooltipOf, type TreeElement } from './treeItem.ts';
import { buildTree } from './treeModel.ts';
import type { TreeNode } from './treeNode.ts';

/** What the tree shows besides the state; asked for anew at every drawing. */
export interface TreeInputs {
  readonly filter: () => string;
  readonly muted: () => ReadonlySet<ReleaseKey>;
  readonly undoable: () => ReadonlySet<ReleaseKey>;
  readonly settingProblems: () => readonly SettingProblem[];
}

/** What the person made of the rows, by id. */
interface RowMemory {
  /** Null where a row was left as it came. */
  isOpen(id: string): boolean | null;
  setOpen(id: string, open: boolean): void;
  readonly selected: string | null;
  select(id: string): void;
}

/** At most this often; the first change after a rest is drawn at once. */
const MIN_INTERVAL_MS = 500;
/** Ages and countdowns move this often, while the view is visible. */
const TICK_MS = 5_000;
/** What was selected before the window was loaded anew is selected again as soon as it is there, but not long after, when nobody expects it. */
const RESELECT_MS = 60_000;

/**
 * The view "Releases". It draws the whole tree as data for each new state, compares it with what it drew last, and tells the editor
 * only the rows that differ. A hidden view draws nothing.
 */
export class ReleaseTree implements vscode.TreeDataProvider<TreeElement>, vscode.Disposable {
  private readonly store: { readonly state: State };
  private readonly inputs: TreeInputs;
  private readonly memory: RowMemory;
  private readonly clock: Clock;
  private readonly l10n: Localizer;
  private readonly owned = new DisposableStore();
  private readonly changed = new vscode.EventEmitter<TreeElement | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  readonly view: vscode.TreeView<TreeElement>;

  private roots: readonly TreeNode[] = [];
  private nodes = new Map<string, TreeNode>();
  private parents = new Map<string, string>();
  private readonly elements = new Map<string, TreeElement>();
  /** The commands of the rows that were drawn. */
  private readonly clicks = new Map<string, vscode.Disposable>();
  private timer: ReturnType<typeof setTimeout> | null = null;
  private drawnAt = -Infinity;
  /** The row to select again after a reload. */
  private reselect: { readonly id: string; readonly until: number } | null;

  constructor(store: { readonly state: State }, inputs: TreeInputs, memory: RowMemory, clock: Clock, l10n: Localizer) {
    this.store = store;
    this.inputs = inputs;
    this.memory = memory;
    this.clock = clock;
    this.l10n = l10n;
    this.reselect = memory.selected === null ? null : { id: memory.selected, until: clock.elapsed() + RESELECT_MS };
    this.rebuild();
    this.view = vscode.window.createTreeView(VIEW_RELEASES, { treeDataProvider: this, showCollapseAll: true });
    this.owned.add(this.view);
    this.owned.add(this.changed);
    this.owned.add(vscode.window.registerFileDecorationProvider(staleDecorations));
    this.owned.add(
      this.view.onDidChangeVisibility(({ visible }) => {
        if (visible) this.draw();
      }),
    );
    this.owned.add(this.view.onDidExpandElement(({ element }) => memory.setOpen(element.id, true)));
    this.owned.add(this.view.onDidCollapseElement(({ element }) => memory.setOpen(element.id, false)));
    this.owned.add(
      this.view.onDidChangeSelection(({ selection: [element] }) => {
        if (!element) return;
        this.reselect = null;
        memory.select(element.id);
      }),
    );
    const tick = setInterval(() => {
      if (this.view.visible) this.draw();
    }, TICK_MS);
    this.owned.add({ dispose: () => clearInterval(tick) });
  }

  /** Something that the tree shows changed. */
  update(): void {
    if (this.timer !== null || this.owned.isDisposed) return;
    const wait = Math.max(0, this.drawnAt + MIN_INTERVAL_MS - this.clock.elapsed());
    this.timer = setTimeout(() => {
      this.timer = null;
      if (this.view.visible) this.draw();
    }, wait);
  }

  /** The rows as they stand now, drawn from the state of this moment. */
  get snapshot(): readonly TreeNode[] {
    return this.build();
  }

  getTreeItem(element: TreeElement): vscode.TreeItem {
    const node = this.nodes.get(element.id);
    // The editor may ask for a row that has just gone; it is told the new list right after.
    if (!node) return new vscode.TreeItem('');
    if (node.command && !this.clicks.has(node.id))
      this.clicks.set(
        node.id,
        vscode.commands.registerCommand(clickOf(node.id), () => this.click(element)),
      );
    return toTreeItem(element, node, this.isOpen(node));
  }

  resolveTreeItem(item: vscode.TreeItem, element: TreeElement): vscode.TreeItem {
    const node = this.nodes.get(element.id);
    if (node) item.tooltip = tooltipOf(node);
    return item;
  }

  getChildren(element?: TreeElement): TreeElement[] {
    const nodes = element ? (this.nodes.get(element.id)?.children ?? []) : this.roots;
    return nodes.map((node) => this.elementOf(node));
  }

  getParent(element: TreeElement): TreeElement | undefined {
    const parent = this.parents.get(element.id);
    const node = parent === undefined ? undefined : this.nodes.get(parent);
    return node ? this.elementOf(node) : undefined;
  }

  /** Shows the row of a release, opening what is around it. */
  async reveal(key: ReleaseKey): Promise<boolean> {
    this.reselect = null;
    this.draw();
    const node = this.nodes.get(`release/${key}`);
    if (!node) return false;
    await this.view.reveal(this.elementOf(node), { select: true, focus: false, expand: true });
    return true;
  }

  private forget(id: string): void {
    this.elements.delete(id);
    this.clicks.get(id)?.dispose();
    this.clicks.delete(id);
  }

  private click(element: TreeElement): Thenable<unknown> | undefined {
    const node = this.nodes.get(element.id);
    const command = node ? commandOf(element, node) : undefined;
    return command && vscode.commands.executeCommand(command.command, ...((command.arguments ?? []) as readonly unknown[]));
  }

  private build(): readonly TreeNode[] {
    return buildTree(this.store.state, {
      l10n: this.l10n,
      now: this.clock.now(),
      filter: this.inputs.filter(),
      muted: this.inputs.muted(),
      undoable: this.inputs.undoable(),
      settingProblems: this.inputs.settingProblems(),
    });
  }

  private rebuild(): readonly TreeNode[] {
    const before = this.roots;
    this.roots = this.build();
    this.nodes = new Map();
    this.parents = new Map();
    const index = (node: TreeNode, parent: string | null): void => {
      this.nodes.set(node.id, node);
      if (parent !== null) this.parents.set(node.id, parent);
      for (const child of node.children) index(child, node.id);
    };
    for (const root of this.roots) index(root, null);
    return before;
  }

  private draw(): void {
    const before = this.rebuild();
    this.drawnAt = this.clock.elapsed();
    const filter = this.inputs.filter().trim();
    this.view.description = filter === '' ? '' : this.l10n.t('filter: {filter}', { filter });
    for (const row of rowsToDraw(changedNodes(before, this.roots), this.elements)) this.changed.fire(row);
    for (const id of this.elements.keys()) if (!this.nodes.has(id)) this.forget(id);
    this.selectAgain();
  }

  private isOpen(node: TreeNode): boolean {
    return this.memory.isOpen(node.id) ?? node.expanded;
  }

  /** True when every row around it is open. */
  private isInSight(id: string): boolean {
    const parent = this.parents.get(id);
    const around = parent === undefined ? undefined : this.nodes.get(parent);
    return !around || (this.isOpen(around) && this.isInSight(around.id));
  }

  private selectAgain(): void {
    if (!this.reselect) return;
    const { id, until } = this.reselect;
    const node = this.nodes.get(id);
    if (this.clock.elapsed() > until) this.reselect = null;
    // To show one in a closed row would open that.
    if (!this.reselect || !node || !this.isInSight(id)) return;
    this.reselect = null;
    this.view.reveal(this.elementOf(node), { select: true, focus: false, expand: false }).then(undefined, () => {
      // Gone again before the editor drew it: nothing is selected then.
    });
  }

  private elementOf(node: TreeNode): TreeElement {
    let element = this.elements.get(node.id);
    if (!element) {
      element = { id: node.id, key: node.key, sourceId: node.sourceId, stepIndex: node.stepIndex };
      this.elements.set(node.id, element);
    }
    return element;
  }

  dispose(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    for (const click of this.clicks.values()) click.dispose();
    this.clicks.clear();
    this.owned.dispose();
  }
}
