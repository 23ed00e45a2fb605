import * as vscode from 'vscode';
import type { Localizer } from '../platform/localizer.ts';
import { prompts } from '../platform/prompts.ts';

const KEY = 'filter';

/** The tree's filter; it is kept with the workspace. */
export class Filter implements vscode.Disposable {
  private readonly memento: vscode.Memento;
  private readonly changed = new vscode.EventEmitter<string>();
  readonly onDidChange = this.changed.event;

  constructor(memento: vscode.Memento) {
    this.memento = memento;
  }

  get text(): string {
    const stored = this.memento.get<unknown>(KEY);
    return typeof stored === 'string' ? stored : '';
  }

  async set(text: string): Promise<void> {
    await this.memento.update(KEY, text.trim());
    this.changed.fire(text.trim());
  }

  /** Filters while one types; giving up brings back what was before. */
  ask(l10n: Localizer): Promise<void> {
    const before = this.text;
    const box = prompts.line();
    box.title = l10n.t('Filter Releases');
    box.placeholder = l10n.t('Name, service, source, version or state, for example "fraud regressing"');
    box.value = before;
    return new Promise((resolve, reject) => {
      let accepted = false;
      box.onDidChangeValue((text) => {
        this.set(text).catch(reject);
      });
      box.onDidAccept(() => {
        accepted = true;
        box.hide();
      });
      box.onDidHide(() => {
        box.dispose();
        (accepted ? Promise.resolve() : this.set(before)).then(resolve, reject);
      });
      box.show();
    });
  }

  dispose(): void {
    this.changed.dispose();
  }
}
