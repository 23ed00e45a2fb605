import * as vscode from 'vscode';
import { prompts } from '../platform/prompts.ts';
import { originOf } from '../platform/secrets.ts';
import { toasts } from '../platform/toasts.ts';
import { translate } from '../platform/translate.ts';
import type { ConnectDeps } from './connect.ts';
import { askToken, findingText, withContact } from './connectQuestions.ts';

/** A new token for a source, tried before it replaces the old one; its address is shown, so that nobody types a token for another one. */
export const enterToken = async (sourceId: string | null, { config, tokens, l10n, contact, signal }: ConnectDeps): Promise<boolean> => {
  const sources = config.current.sources.flatMap((source) => (source.type === 'http' ? [source] : []));
  const given = sources.find((source) => source.id === sourceId);
  // A token is never asked for another source than the one that was meant.
  if (sources.length === 0 || (sourceId !== null && !given)) {
    void toasts.info(sources.length === 0 ? l10n.t('No service is configured that takes a token.') : l10n.t('This source takes no token.'));
    return false;
  }
  const source =
    given ??
    (sources.length === 1
      ? sources[0]
      : (
          await prompts.pick(
            sources.map((item) => ({ label: item.name, description: item.url, item })),
            { title: l10n.t('Enter Token'), placeHolder: l10n.t('For which source?') },
          )
        )?.item);
  const origin = source ? originOf(source.url) : null;
  if (!source || origin === null) return false;
  const { name, url, caFile } = source;
  const prompt = l10n.t('Token for {origin}. It is kept in secret storage and sent to this address only; empty for none.', { origin });
  const another = l10n.t('Enter Another…');
  const keep = l10n.t('Keep It Anyway');
  for (let typed = ''; ;) {
    const token = await askToken(prompt, l10n.t('Token for {name}', { name }), typed, l10n);
    if (token === undefined) return false;
    if (token === '') return tokens.set(url, '');
    const answer = await withContact(new URL(url).host, signal, l10n, (end) => contact({ url, caFile, token }, end));
    typed = token;
    if (!answer.ok && answer.error.kind === 'aborted') {
      if (signal.aborted) return false;
      continue;
    }
    // A service that cannot be asked now says nothing against the token.
    if (!answer.ok && answer.error.remedy?.type === 'token') {
      const detail = l10n.t('The token has not been kept; the one before still counts.');
      const choice = await toasts.ask('warning', translate(answer.error.message, l10n), detail, another, keep);
      if (choice === another) continue;
      if (choice !== keep) return false;
    }
    const said = answer.ok ? findingText(answer.value, l10n) : translate(answer.error.message, l10n);
    vscode.window.setStatusBarMessage(l10n.t('{name}: token kept. {said}', { name, said }), 10_000);
    return tokens.set(url, token);
  }
};
