/** Stands in for the module `vscode`: see `vscode.ts` beside it. What is shown to the person is kept in `shown`, and answered by nobody. */
import { Emitter } from '../../src/base/emitter.ts';
import type { Disposable } from '../../src/base/disposable.ts';

const nothing = (): Disposable => ({ dispose: () => undefined });

export class EventEmitter<T> {
  private readonly emitter = new Emitter<T>();
  readonly event = this.emitter.event;
  fire(value: T): void {
    this.emitter.fire(value);
  }
  dispose(): void {
    this.emitter.dispose();
  }
}

export class TreeItem {
  readonly label: string;
  readonly collapsibleState: number;
  constructor(label: string, collapsibleState = 0) {
    this.label = label;
    this.collapsibleState = collapsibleState;
  }
}
export const ProgressLocation = { Window: 10, Notification: 15 };
export const TreeItemCollapsibleState = { None: 0, Collapsed: 1, Expanded: 2 };
export class ThemeColor {
  readonly id: string;
  constructor(id: string) {
    this.id = id;
  }
}
export class ThemeIcon extends ThemeColor {}
export class MarkdownString {
  readonly value: string;
  constructor(value: string) {
    this.value = value;
  }
}
export const Uri = { from: (parts: object) => parts };

export const shown: string[] = [];
const show = (text: string): Promise<string | undefined> => {
  shown.push(text);
  return Promise.resolve(undefined);
};

/** A view that a test shows and hides. */
export class TreeView {
  visible = true;
  description = '';
  private readonly visibility = new Emitter<{ readonly visible: boolean }>();
  readonly onDidChangeVisibility = this.visibility.event;
  readonly expanded = new Emitter<{ readonly element: unknown }>();
  readonly collapsed = new Emitter<{ readonly element: unknown }>();
  readonly selected = new Emitter<{ readonly selection: readonly unknown[] }>();
  readonly onDidExpandElement = this.expanded.event;
  readonly onDidCollapseElement = this.collapsed.event;
  readonly onDidChangeSelection = this.selected.event;
  /** What was to be shown, in order. */
  readonly revealed: unknown[] = [];
  become(visible: boolean): void {
    this.visible = visible;
    this.visibility.fire({ visible });
  }
  reveal(element: unknown): Promise<void> {
    this.revealed.push(element);
    return Promise.resolve();
  }
  dispose(): void {
    this.visibility.dispose();
  }
}

export const window = {
  createTreeView: () => new TreeView(),
  withProgress: <T>(_: unknown, task: (progress: { report: () => void }) => Promise<T>): Promise<T> => task({ report: () => undefined }),
  registerFileDecorationProvider: nothing,
  showInformationMessage: show,
  showWarningMessage: show,
  showErrorMessage: show,
};
export const commands = { registerCommand: nothing, executeCommand: () => Promise.resolve() };
