import * as vscode from 'vscode';
import type { Disposable } from '../base/disposable.ts';
import type { Log } from '../base/log.ts';
import { splitReleaseKey, type ReleaseKey } from '../model/release.ts';
import type { Store } from '../store/store.ts';
import { EXTENSION_ID } from '../platform/ids.ts';
import type { Localizer } from '../platform/localizer.ts';
import { prompts } from '../platform/prompts.ts';
import { toasts } from '../platform/toasts.ts';
import { keyOfPath } from './linkText.ts';
import { pickRelease, type PickDeps } from './releaseArgument.ts';

/**
 * `vscode://rollout-lens.rollout-lens/release/SOURCE/RELEASE`, in the scheme of this editor; it holds no address and no token. Where
 * the system does not hand such links to an editor (on the web), the command "Open Release Link" takes them.
 */
const linkOf = (key: ReleaseKey): vscode.Uri =>
  vscode.Uri.from({ scheme: vscode.env.uriScheme, authority: EXTENSION_ID, path: `/release/${key}` });

/** The release of a link as a person pastes it. */
const parseLink = (text: string): ReleaseKey | null => {
  try {
    const uri = vscode.Uri.parse(text.trim(), true);
    return uri.authority.toLowerCase() === EXTENSION_ID ? keyOfPath(uri.path) : null;
  } catch {
    return null;
  }
};

export const copyLink = async (argument: unknown, deps: PickDeps): Promise<string | null> => {
  const key = await pickRelease(argument, deps, deps.l10n.t('Copy Link to Release'));
  if (!key || !splitReleaseKey(key)) return null;
  const link = linkOf(key).toString();
  await vscode.env.clipboard.writeText(link);
  vscode.window.setStatusBarMessage(deps.l10n.t('Link copied'), 3_000);
  return link;
};

export interface LinkDeps {
  readonly store: Store;
  /** Shows the row in the tree; false when there is none. */
  readonly reveal: (key: ReleaseKey) => Promise<boolean>;
  readonly show: (key: ReleaseKey) => void;
  readonly l10n: Localizer;
  readonly log: Log;
}

/** How long a link waits for its source to answer after a start. */
const KNOWN_WITHIN_MS = 15_000;

/** Opens what a link names. A link only shows; it never changes anything. */
export class ReleaseLinks implements vscode.UriHandler, Disposable {
  private readonly deps: LinkDeps;
  private readonly end = new AbortController();

  constructor(deps: LinkDeps) {
    this.deps = deps;
  }

  handleUri(uri: vscode.Uri): void {
    const { l10n, log } = this.deps;
    const key = keyOfPath(uri.path);
    if (!key) {
      void toasts.warn(l10n.t('This is no link to a release.'));
      return;
    }
    this.open(key).catch((error: unknown) => log.error(`A link to the release ${key} could not be opened: ${String(error)}`));
  }

  /** Tree row and panel. A release that is not known yet is waited for. */
  async open(key: ReleaseKey): Promise<void> {
    const { l10n, log, reveal, show } = this.deps;
    if (!(await this.known(key))) {
      const name = splitReleaseKey(key)?.releaseId ?? key;
      void toasts.warn(l10n.t('No configured source knows the release {name}.', { name }));
      return;
    }
    // The editor refuses to show a row that is drawn anew just then; the panel does not hang on it.
    await reveal(key).catch((error: unknown) => log.warn(`The row of the release ${key} could not be shown in the tree: ${String(error)}`));
    show(key);
  }

  async ask(argument: unknown): Promise<void> {
    const { l10n } = this.deps;
    const text =
      typeof argument === 'string'
        ? argument
        : await prompts.input({
            title: l10n.t('Open Release Link'),
            placeHolder: `${vscode.env.uriScheme}://${EXTENSION_ID}/release/…`,
            validateInput: (value) => (value === '' || parseLink(value) ? null : l10n.t('This is no link to a release.')),
          });
    const key = text === undefined ? null : parseLink(text);
    if (key) await this.open(key);
  }

  private known(key: ReleaseKey): Promise<boolean> {
    const { store } = this.deps;
    const { signal } = this.end;
    return new Promise((resolve) => {
      const has = (): boolean => store.state.releases.has(key);
      const settled = (): boolean => store.state.sources.length > 0 && store.state.sources.every(({ status }) => status !== 'connecting');
      const finish = (): void => {
        clearTimeout(timer);
        listener.dispose();
        signal.removeEventListener('abort', finish);
        resolve(has());
      };
      const timer = setTimeout(finish, KNOWN_WITHIN_MS);
      const listener = store.onDidChange(() => {
        if (has() || settled()) finish();
      });
      signal.addEventListener('abort', finish, { once: true });
      if (has() || settled() || signal.aborted) finish();
    });
  }

  dispose(): void {
    this.end.abort();
  }
}
