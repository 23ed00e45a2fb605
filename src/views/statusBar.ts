import * as vscode from 'vscode';
import type { Clock } from '../base/clock.ts';
import { DisposableStore } from '../base/disposable.ts';
import type { ReleaseKey } from '../model/release.ts';
import type { State } from '../store/state.ts';
import { commandId, LINKED, linkId, STATUS_ITEM } from '../platform/ids.ts';
import type { Localizer } from '../platform/localizer.ts';
import { statusFace } from './statusModel.ts';

const TICK_MS = 5_000;

/** One item, hidden while nobody is needed. */
export class StatusBar implements vscode.Disposable {
  private readonly item: vscode.StatusBarItem;
  private readonly store: { readonly state: State };
  private readonly muted: () => ReadonlySet<ReleaseKey>;
  private readonly clock: Clock;
  private readonly l10n: Localizer;
  private readonly owned = new DisposableStore();
  private shown = '';

  constructor(store: { readonly state: State }, muted: () => ReadonlySet<ReleaseKey>, clock: Clock, l10n: Localizer) {
    this.store = store;
    this.muted = muted;
    this.clock = clock;
    this.l10n = l10n;
    this.item = this.owned.add(vscode.window.createStatusBarItem(STATUS_ITEM, vscode.StatusBarAlignment.Left, 50));
    this.item.name = l10n.t('Rollouts that need you');
    this.item.command = commandId('openWorst');
    const tick = setInterval(() => this.update(), TICK_MS);
    this.owned.add({ dispose: () => clearInterval(tick) });
  }

  update(): void {
    const face = statusFace(this.store.state, this.muted(), this.l10n, this.clock.now());
    const drawn = JSON.stringify(face);
    if (drawn === this.shown) return;
    this.shown = drawn;
    if (!face) {
      this.item.hide();
      return;
    }
    this.item.text = face.text;
    this.item.accessibilityInformation = { label: face.spoken };
    const tooltip = new vscode.MarkdownString(face.tooltip, true);
    tooltip.isTrusted = { enabledCommands: LINKED.map(linkId) };
    this.item.tooltip = tooltip;
    this.item.backgroundColor = face.severity === 'error' ? new vscode.ThemeColor('statusBarItem.errorBackground') : undefined;
    this.item.color = undefined;
    this.item.show();
  }

  dispose(): void {
    this.owned.dispose();
  }
}
