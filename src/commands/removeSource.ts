import { prompts } from '../platform/prompts.ts';
import { originOf } from '../platform/secrets.ts';
import { toasts } from '../platform/toasts.ts';
import type { ConnectDeps } from './connect.ts';

/** Takes a source out of the settings, after asking; its token goes too unless another source has the same address. */
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
