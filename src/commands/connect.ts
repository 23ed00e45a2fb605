import * as vscode from 'vscode';
import type { Localizer } from '../platform/localizer.ts';
import { originOf, type Tokens } from '../platform/secrets.ts';
import { serviceUrl } from '../platform/sourceSettings.ts';
import type { Config } from '../platform/config.ts';
import { toasts } from '../platform/toasts.ts';
import { isLoopback } from '../sources/proxy.ts';

export interface ConnectDeps {
  readonly config: Config;
  readonly tokens: Tokens;
  readonly l10n: Localizer;
}

/** Asks for a token of an address; `undefined` when given up. */
const askToken = (origin: string, step: string, l10n: Localizer): Thenable<string | undefined> =>
  vscode.window.showInputBox({
    title: step,
    prompt: l10n.t('Token for {origin}. It is kept in secret storage and sent to this address only; empty for none.', { origin }),
    password: true,
    ignoreFocusOut: true,
    validateInput: (value) => (/[^\x21-\x7e]/.test(value) ? l10n.t('A token has no spaces or special characters.') : null),
  });

/** Address, name, token: then the source is in the settings and the token in secret storage, bound to the address. */
export const connect = async ({ config, tokens, l10n }: ConnectDeps): Promise<string | null> => {
  const title = (step: number): string => l10n.t('Connect a Service ({step}/3)', { step });
  const url = await vscode.window.showInputBox({
    title: title(1),
    prompt: l10n.t('Address of the gray-release service'),
    placeHolder: 'https://rollouts.example.com',
    ignoreFocusOut: true,
    validateInput: (value) => {
      const text = value.trim();
      if (text === '') return null;
      if (!serviceUrl(text).ok) return l10n.t('An address that begins with http:// or https://, without user name, ? and #.');
      const parsed = new URL(text);
      return parsed.protocol === 'http:' && !isLoopback(parsed.hostname)
        ? {
            message: l10n.t('Over http the token can be read on the way; prefer https.'),
            severity: vscode.InputBoxValidationSeverity.Warning,
          }
        : null;
    },
  });
  const address = url?.trim() ?? '';
  const origin = originOf(address);
  if (address === '' || origin === null) return null;
  const name = await vscode.window.showInputBox({
    title: title(2),
    prompt: l10n.t('Name of the source in the tree'),
    value: new URL(address).host,
    ignoreFocusOut: true,
    validateInput: (value) => (value.trim() === '' ? l10n.t('Type a name.') : null),
  });
  if (name === undefined) return null;
  const token = await askToken(origin, title(3), l10n);
  if (token === undefined) return null;
  if (token !== '') await tokens.set(address, token);
  const id = config.freeId(name);
  await config.addSource({ id, name: name.trim(), type: 'http', url: address.replace(/\/+$/, '') });
  return id;
};

/** A new token for a source; its address is shown, so that nobody types a token for another one. */
export const enterToken = async (sourceId: string | null, { config, tokens, l10n }: ConnectDeps): Promise<boolean> => {
  const sources = config.current.sources.flatMap((source) => (source.type === 'http' ? [source] : []));
  const given = sources.find((source) => source.id === sourceId);
  if (sources.length === 0) {
    void toasts.info(l10n.t('No service is configured that takes a token.'));
    return false;
  }
  const source =
    given ??
    (sources.length === 1
      ? sources[0]
      : (
          await vscode.window.showQuickPick(
            sources.map((item) => ({ label: item.name, description: item.url, item })),
            { title: l10n.t('Enter Token'), placeHolder: l10n.t('For which source?') },
          )
        )?.item);
  const origin = source ? originOf(source.url) : null;
  if (!source || origin === null) return false;
  const token = await askToken(origin, l10n.t('Token for {name}', { name: source.name }), l10n);
  return token === undefined ? false : tokens.set(source.url, token);
};

/** Takes a source out of the settings, after asking; its token goes too unless another source has the same address. */
export const removeSource = async (sourceId: string | null, { config, tokens, l10n }: ConnectDeps): Promise<boolean> => {
  const sources = config.current.sources;
  const source =
    sources.find((item) => item.id === sourceId) ??
    (
      await vscode.window.showQuickPick(
        sources.map((item) => ({ label: item.name, description: item.type === 'http' ? item.url : item.files.join(', '), item })),
        { title: l10n.t('Remove Source'), placeHolder: l10n.t('Which source?') },
      )
    )?.item;
  if (!source) return false;
  const remove = l10n.t('Remove');
  const choice = await toasts.ask(
    'warning',
    l10n.t('Remove the source {name}?', { name: source.name }),
    l10n.t('It goes out of the settings. Nothing changes at the service or in the files.'),
    remove,
  );
  if (choice !== remove) return false;
  await config.removeSource(source.id);
  if (source.type === 'http') {
    const origin = originOf(source.url);
    const shared = sources.some((other) => other.id !== source.id && other.type === 'http' && originOf(other.url) === origin);
    if (!shared) await tokens.set(source.url, '');
  }
  return true;
};
