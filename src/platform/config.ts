import * as vscode from 'vscode';
import { decodeSettings, type Settings } from './sourceSettings.ts';

const SECTION = 'rolloutLens';

/** The settings of this extension, decoded; changes apply live. It tells of changes of the editor's network settings too, which sources are opened with. */
export class Config implements vscode.Disposable {
  private settings: Settings = Config.read();
  private readonly changed = new vscode.EventEmitter<Settings>();
  private readonly listener: vscode.Disposable;
  private readonly trust: vscode.Disposable;
  readonly onDidChange = this.changed.event;

  constructor() {
    const reload = (): void => {
      this.settings = Config.read();
      this.changed.fire(this.settings);
    };
    this.listener = vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(SECTION) || event.affectsConfiguration('http')) reload();
    });
    // With trust, the workspace's own sources come in.
    this.trust = vscode.workspace.onDidGrantWorkspaceTrust(reload);
  }

  get current(): Settings {
    return this.settings;
  }

  private static read(): Settings {
    const section = vscode.workspace.getConfiguration(SECTION);
    return decodeSettings((key) => section.get<unknown>(key));
  }

  /** Where the list of sources is written: where it stands now, else with the user. */
  private static target(): { readonly target: vscode.ConfigurationTarget; readonly list: readonly unknown[] } {
    const found = vscode.workspace.getConfiguration(SECTION).inspect<unknown>('sources');
    const workspace = vscode.workspace.isTrusted ? found?.workspaceValue : undefined;
    const value = workspace ?? found?.globalValue;
    return {
      target: workspace === undefined ? vscode.ConfigurationTarget.Global : vscode.ConfigurationTarget.Workspace,
      list: Array.isArray(value) ? value : [],
    };
  }

  /** Which settings file holds the value that counts; null where there is none. Those of the folders of a workspace are told as the workspace's. */
  static fileOf(key: string): 'user' | 'workspace' | null {
    const found = vscode.workspace.getConfiguration().inspect<unknown>(key);
    const workspace = vscode.workspace.isTrusted ? (found?.workspaceFolderValue ?? found?.workspaceValue) : undefined;
    return workspace !== undefined ? 'workspace' : found?.globalValue === undefined ? null : 'user';
  }

  /** Where in the list that counts the source of this id stands; -1 when it does not. */
  static indexOf(id: string): number {
    const list = vscode.workspace.getConfiguration(SECTION).get<unknown>('sources');
    return Array.isArray(list)
      ? list.findIndex((item: unknown) => typeof item === 'object' && item !== null && 'id' in item && item.id === id)
      : -1;
  }

  async addSource(source: Readonly<Record<string, unknown>>): Promise<void> {
    const { target, list } = Config.target();
    await vscode.workspace.getConfiguration(SECTION).update('sources', [...list, source], target);
  }

  async removeSource(id: string): Promise<void> {
    const { target, list } = Config.target();
    const rest = list.filter((item) => !(typeof item === 'object' && item !== null && 'id' in item && item.id === id));
    await vscode.workspace.getConfiguration(SECTION).update('sources', rest, target);
  }

  /** An id for a new source, from its name, that no other has. */
  freeId(name: string): string {
    const base =
      name
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '-')
        .replace(/^-+|-+$/g, '')
        .slice(0, 40) || 'source';
    const taken = new Set(
      Config.target().list.map((item) => (typeof item === 'object' && item !== null && 'id' in item ? item.id : undefined)),
    );
    taken.add('builtin');
    for (let n = 1; ; n++) {
      const id = n === 1 ? base : `${base}-${n}`;
      if (!taken.has(id)) return id;
    }
  }

  dispose(): void {
    this.listener.dispose();
    this.trust.dispose();
    this.changed.dispose();
  }
}
