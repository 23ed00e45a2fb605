import * as vscode from 'vscode';
import type { Clock } from '../base/clock.ts';
import { DisposableStore } from '../base/disposable.ts';
import type { Journal } from '../journal/journal.ts';
import { splitReleaseKey, type ReleaseKey } from '../model/release.ts';
import type { Source } from '../sources/source.ts';
import { releaseOf, sourceOf } from '../store/select.ts';
import type { State } from '../store/state.ts';
import { fileLine, journalText, type JournalView } from '../views/journalText.ts';
import type { Localizer } from './localizer.ts';
import { translate } from './translate.ts';

export const JOURNAL_SCHEME = 'rollout-lens-journal';

export interface JournalDocumentsDeps {
  readonly journal: Journal;
  readonly store: { readonly state: State };
  readonly source: (id: string) => Source | undefined;
  readonly clock: Clock;
  readonly l10n: Localizer;
  readonly signal: AbortSignal;
}

/** The journal as a read-only document, of all releases or of one; each time it is shown it is made anew. */
export class JournalDocuments implements vscode.TextDocumentContentProvider, vscode.DocumentLinkProvider, vscode.Disposable {
  private readonly deps: JournalDocumentsDeps;
  private readonly owned = new DisposableStore();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;

  constructor(deps: JournalDocumentsDeps) {
    this.deps = deps;
    this.owned.add(this.changed);
    this.owned.add(vscode.workspace.registerTextDocumentContentProvider(JOURNAL_SCHEME, this));
    this.owned.add(vscode.languages.registerDocumentLinkProvider({ scheme: JOURNAL_SCHEME }, this));
  }

  async show(key: ReleaseKey | null): Promise<void> {
    const { l10n } = this.deps;
    const name = key === null ? null : (releaseOf(this.deps.store.state, key)?.release.name ?? splitReleaseKey(key)?.releaseId ?? key);
    const title = name === null ? l10n.t('Rollout journal') : l10n.t('Journal of {name}', { name: name.replaceAll('/', '∕') });
    const uri = vscode.Uri.from({ scheme: JOURNAL_SCHEME, path: `/${title}`, query: key ?? '' });
    // One that is open already shows what was then.
    this.changed.fire(uri);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const { journal, clock, l10n } = this.deps;
    const key = uri.query === '' ? null : (uri.query as ReleaseKey);
    const read = await journal.read();
    if (!read.ok) return `${l10n.t('The journal cannot be read: {problem}', { problem: read.error })}\n${fileLine(journal.file, l10n)}\n`;
    const entries = key === null ? read.value : read.value.filter(({ act }) => act.release === key);
    return journalText({ ...(await this.about(key)), entries, file: journal.file }, clock.now(), l10n);
  }

  private async about(key: ReleaseKey | null): Promise<Pick<JournalView, 'release' | 'audit'>> {
    const { store, l10n, signal } = this.deps;
    const ids = key === null ? null : splitReleaseKey(key);
    if (key === null || ids === null) return { release: null, audit: null };
    const source = this.deps.source(ids.sourceId);
    const release = {
      name: releaseOf(store.state, key)?.release.name ?? ids.releaseId,
      source: sourceOf(store.state, ids.sourceId)?.name ?? ids.sourceId,
    };
    if (!source) return { release, audit: l10n.t('its source is not connected') };
    if (!source.audit) return { release, audit: null };
    const audit = await source.audit(ids.releaseId, signal);
    return { release, audit: audit.ok ? audit.value : translate(audit.error.message, l10n) };
  }

  /** The line that names the file leads to it. */
  provideDocumentLinks(document: vscode.TextDocument): vscode.DocumentLink[] {
    const { file } = this.deps.journal;
    const line = document
      .getText()
      .split('\n', 5)
      .findIndex((text) => text.includes(file));
    if (line < 0) return [];
    const start = document.lineAt(line).text.indexOf(file);
    return [new vscode.DocumentLink(new vscode.Range(line, start, line, start + file.length), vscode.Uri.file(file))];
  }

  dispose(): void {
    this.owned.dispose();
  }
}
