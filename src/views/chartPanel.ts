import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { DisposableStore } from '../base/disposable.ts';
import { Emitter, type Event } from '../base/emitter.ts';
import { splitReleaseKey, type ReleaseKey } from '../model/release.ts';
import type { Message } from '../model/message.ts';
import { PANEL_TYPE } from '../platform/ids.ts';
import { l10n } from '../platform/l10n.ts';
import { decodeRange } from '../protocol/decode.ts';
import type { RangeMinutes } from '../protocol/messages.ts';
import { chartHtml } from './chartHtml.ts';
import { panelTabs, showTab, type Place } from './restoredTab.ts';
import { PanelSession, type LoadHistory, type StateReader } from './panelSession.ts';

export interface ChartPanelsOptions {
  readonly extensionUri: vscode.Uri;
  readonly store: StateReader;
  /** The releases whose last own change can be undone. */
  readonly undoable: { readonly all: ReadonlySet<ReleaseKey>; readonly onDidChange: Event<ReadonlySet<ReleaseKey>> };
  readonly translate: (message: Message) => string;
  /** Reads the measurements of a range; the panel aborts it when another range is chosen or it is closed. */
  readonly loadHistory: LoadHistory;
  readonly log: (text: string) => void;
}

const DEFAULT_RANGE: RangeMinutes = 60;
/** How long the editor may take to give a panel back that it shows again. */
const GIVEN_WITHIN_MS = 3_000;

/** What the page keeps over a reload of the window; it holds no data. */
const readSaved = (saved: unknown): { readonly key: ReleaseKey; readonly rangeMinutes: RangeMinutes } | null => {
  const fields = typeof saved === 'object' && saved !== null ? (saved as Readonly<Record<string, unknown>>) : {};
  const key = fields['releaseKey'];
  if (typeof key !== 'string' || !splitReleaseKey(key)) return null;
  return { key: key as ReleaseKey, rangeMinutes: decodeRange(fields['rangeMinutes'], DEFAULT_RANGE) };
};

/** One panel a release: opens, shows again and restores them, and disposes them all. */
export class ChartPanels implements vscode.Disposable, vscode.WebviewPanelSerializer {
  private readonly options: ChartPanelsOptions;
  private readonly owned = new DisposableStore();
  private readonly panels = new Map<ReleaseKey, vscode.WebviewPanel>();
  /** A panel from before the window was loaded is back. */
  private readonly restored = new Emitter<ReleaseKey>();
  private readonly showing = new Set<ReleaseKey>();
  private disposed = false;
  private readonly activeChanged = this.owned.add(new vscode.EventEmitter<void>());
  /** Another panel came to the front, or none is there any more. */
  readonly onDidChangeActive = this.activeChanged.event;

  constructor(options: ChartPanelsOptions) {
    this.options = options;
    this.owned.add(vscode.window.registerWebviewPanelSerializer(PANEL_TYPE, this));
  }

  /** The release whose panel is in front and has the focus of its group; null when none is. */
  get activeKey(): ReleaseKey | null {
    return [...this.panels].find(([, panel]) => panel.active)?.[0] ?? null;
  }

  /** Whether the window has a panel, restored ones that were not shown yet included. */
  get any(): boolean {
    return panelTabs().length > 0;
  }

  show(key: ReleaseKey): void {
    const open = this.panels.get(key);
    if (open) {
      open.reveal();
      return;
    }
    if (this.showing.has(key)) return;
    const tabs = this.notGivenBack(key);
    if (tabs.length === 0) {
      this.reveal(key);
      return;
    }
    this.showing.add(key);
    this.bringBack(key, tabs)
      .catch((error: unknown) => {
        this.options.log(`a tab of the release ${key} could not be shown: ${String(error)}`);
      })
      .finally(() => {
        this.showing.delete(key);
        if (!this.disposed) this.reveal(key);
      });
  }

  private reveal(key: ReleaseKey): void {
    const open = this.panels.get(key);
    if (open) {
      open.reveal();
      return;
    }
    const title = splitReleaseKey(key)?.releaseId ?? key;
    const panel = vscode.window.createWebviewPanel(PANEL_TYPE, title, vscode.ViewColumn.Active, {
      enableFindWidget: true,
      retainContextWhenHidden: false,
    });
    this.attach(panel, key, DEFAULT_RANGE, null);
  }

  /** Tabs that may hold this release's panel from before the window was loaded anew: titled like it, and more than the panels that are known. */
  private notGivenBack(key: ReleaseKey): readonly Place[] {
    const titles = new Set([splitReleaseKey(key)?.releaseId, this.options.store.state.releases.get(key)?.release.name]);
    const known = [...this.panels.values()].filter(({ title }) => titles.has(title)).length;
    const tabs = panelTabs((title) => titles.has(title));
    return tabs.length > known ? tabs : [];
  }

  /**
   * After a reload of the window a panel in the background is a tab that the editor gives back only when it is shown. It is shown then, instead of
   * a second one being opened beside it. Of which release it is, it tells only itself: one of the same name may be of another source.
   */
  private async bringBack(key: ReleaseKey, tabs: readonly Place[]): Promise<void> {
    for (const tab of tabs) {
      const given = this.given(key);
      await showTab(tab);
      if (await given) return;
    }
  }

  /** True when the panel of the release is given back by the editor; false when that takes too long. */
  private given(key: ReleaseKey): Promise<boolean> {
    return new Promise((resolve) => {
      const finish = (found: boolean): void => {
        clearTimeout(timer);
        listener.dispose();
        resolve(found);
      };
      const timer = setTimeout(finish, GIVEN_WITHIN_MS, false);
      // Another release's panel was behind this tab.
      const listener = this.restored.event((restored) => {
        finish(restored === key);
      });
    });
  }

  deserializeWebviewPanel(panel: vscode.WebviewPanel, saved: unknown): Promise<void> {
    const state = readSaved(saved);
    if (state && !this.panels.has(state.key)) {
      this.attach(panel, state.key, state.rangeMinutes, panel.title);
      this.restored.fire(state.key);
    } else {
      // It was closed down before it knew its release, or it is open already.
      this.options.log('a panel without a release of its own was closed');
      panel.dispose();
    }
    return Promise.resolve();
  }

  dispose(): void {
    this.disposed = true;
    this.owned.dispose();
    for (const panel of [...this.panels.values()]) panel.dispose();
  }

  private attach(panel: vscode.WebviewPanel, key: ReleaseKey, rangeMinutes: RangeMinutes, name: string | null): void {
    const { extensionUri, store, undoable, translate, loadHistory, log } = this.options;
    const root = vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
    panel.webview.options = { enableScripts: true, enableForms: false, localResourceRoots: [root] };
    const { webview } = panel;
    const write = (): void => {
      webview.html = chartHtml({
        cspSource: webview.cspSource,
        nonce: randomBytes(16).toString('base64url'),
        scriptUri: webview.asWebviewUri(vscode.Uri.joinPath(root, 'main.js')).toString(),
        styleUri: webview.asWebviewUri(vscode.Uri.joinPath(root, 'styles.css')).toString(),
        locale: l10n.locale,
        title: panel.title,
        loading: l10n.t('Loading…'),
      });
    };
    const session = new PanelSession({
      key,
      rangeMinutes,
      name,
      store,
      words: { l10n, translate },
      undoable: () => undoable.all.has(key),
      loadHistory,
      now: () => Date.now(),
      post: (message) => {
        if (panel.title !== message.title) panel.title = message.title;
        // False or an error when the page went away meanwhile: it asks again when it is back.
        webview.postMessage(message).then(undefined, (error: unknown) => {
          log(`a message did not reach the page: ${String(error)}`);
        });
      },
      run: (command) => {
        vscode.commands.executeCommand(command, { key, sourceId: splitReleaseKey(key)?.sourceId }).then(undefined, (error: unknown) => {
          log(`${command} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
        });
      },
      reload: () => {
        log('the page was made by another version and is loaded again');
        write();
      },
      log,
    });
    this.panels.set(key, panel);
    const parts = new DisposableStore();
    parts.add(session);
    parts.add(
      undoable.onDidChange(() => {
        session.update();
      }),
    );
    parts.add(
      webview.onDidReceiveMessage((input: unknown) => {
        session.receive(input);
      }),
    );
    parts.add(
      panel.onDidChangeViewState(() => {
        if (!panel.visible) session.hide();
        this.activeChanged.fire();
      }),
    );
    panel.onDidDispose(() => {
      this.panels.delete(key);
      parts.dispose();
      if (!this.owned.isDisposed) this.activeChanged.fire();
    });
    panel.title = session.title;
    write();
    this.activeChanged.fire();
  }
}
