import { prompts } from '../platform/prompts.ts';
import { originOf } from '../platform/secrets.ts';
import { toasts } from '../platform/toasts.ts';
import type { SourceSetting } from '../platform/sourceSettings.ts';
import type { ConnectDeps } from './connect.ts';

/** The token of the source, where no other source of this workspace has the same address; null where there is none. */
const ownTokenOf = async (
  source: SourceSetting,
  sources: readonly SourceSetting[],
  tokens: ConnectDeps['tokens'],
): Promise<{ readonly url: string; readonly origin: string } | null> => {
  const origin = source.type === 'http' ? originOf(source.url) : null;
  if (source.type !== 'http' || origin === null) return null;
  const isShared = sources.some((other) => other.id !== source.id && other.type === 'http' && originOf(other.url) === origin);
  return !isShared && (await tokens.get(source.url)) !== null ? { url: source.url, origin } : null;
};

/**
 * Takes a source out of the settings, after asking. Its token is kept for the address in every workspace, and another one may read with it:
 * it goes only where the person says so.
 */
export const removeSource = async (
  sourceId: string | null,
  { config, tokens, l10n }: Pick<ConnectDeps, 'config' | 'tokens' | 'l10n'>,
): Promise<boolean> => {
  const sources = config.current.sources;
  const given = sources.find((item) => item.id === sourceId);
  // Never another one than was meant; the built-in service is in no settings.
  if (sources.length === 0 || (sourceId !== null && !given)) {
    void toasts.info(l10n.t('There is no such source in the settings.'));
    return false;
  }
  const source =
    given ??
    (
      await prompts.pick(
        sources.map((item) => ({ label: item.name, description: item.type === 'http' ? item.url : item.files.join(', '), item })),
        { title: l10n.t('Remove Source'), placeHolder: l10n.t('Which source?') },
      )
    )?.item;
  if (!source) return false;
  const token = await ownTokenOf(source, sources, tokens);
  const remove = l10n.t('Remove');
  const withToken = l10n.t('Remove with Its Token');
  const choice = await toasts.ask(
    'warning',
    l10n.t('Remove the source {name}?', { name: source.name }),
    [
      l10n.t('It goes out of the settings. Nothing changes at the service or in the files.'),
      ...(token
        ? [l10n.t('The token for {origin} is stored for all your workspaces. It stays unless you remove it too.', { origin: token.origin })]
        : []),
    ].join('\n\n'),
    remove,
    ...(token ? [withToken] : []),
  );
  if (choice !== remove && choice !== withToken) return false;
  await config.removeSource(source.id);
  if (token && choice === withToken) await tokens.set(token.url, '');
  return true;
};
