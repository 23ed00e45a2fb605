import * as vscode from 'vscode';
import type { Source } from '../sources/source.ts';
import { releaseOf } from '../store/select.ts';
import { prompts } from '../platform/prompts.ts';
import { translate } from '../platform/translate.ts';
import { roleWord } from '../views/words.ts';
import { refusalText } from './previewText.ts';
import { pickRelease, type PickDeps } from './releaseArgument.ts';
import { toasts } from '../platform/toasts.ts';

export interface WhichVariantDeps extends PickDeps {
  readonly source: (id: string) => Source | undefined;
  readonly signal: AbortSignal;
}

/** The support question of every gray release: which version does this user get, and why. */
export const whichVariant = async (argument: unknown, deps: WhichVariantDeps): Promise<string | null> => {
  const { l10n, store } = deps;
  const key = await pickRelease(argument, deps, l10n.t('Which Variant Does a User Get?'), ({ release }) => release.owner.kind !== 'logs');
  const release = key ? releaseOf(store.state, key)?.release : undefined;
  if (!release) return null;
  const source = deps.source(release.sourceId);
  if (!source) return null;
  const userId = await prompts.input({
    title: l10n.t('{name}: which variant does a user get?', { name: release.name }),
    prompt: l10n.t('The id of the user, exactly as the service gets it'),
    ignoreFocusOut: true,
    validateInput: (value) => (value === '' ? l10n.t('Type an id.') : null),
  });
  if (userId === undefined || userId === '') return null;
  const answer = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: l10n.t('Asking {source}…', { source: source.name }) },
    () => source.assignment(release.id, userId, deps.signal),
  );
  if (!answer.ok) {
    const text = refusalText(answer.error, l10n);
    void toasts.warn(l10n.t('{name}: {text}', { name: release.name, text }));
    return text;
  }
  const { variant, because } = answer.value;
  const text = l10n.t('User {user} gets {version} ({role}). {because}', {
    user: userId,
    version: release.versions[variant],
    role: roleWord(variant, l10n),
    because: translate(because, l10n),
  });
  const full = l10n.t('{name}: {text}', { name: release.name, text });
  const copy = l10n.t('Copy');
  toasts.info(full, copy).then(
    (choice) => (choice === copy ? vscode.env.clipboard.writeText(full) : undefined),
    () => undefined,
  );
  return text;
};
