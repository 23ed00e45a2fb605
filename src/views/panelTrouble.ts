import type { Message } from '../model/message.ts';
import { splitReleaseKey } from '../model/release.ts';
import { BUILTIN_SOURCE, commandId, type CommandName } from '../platform/ids.ts';
import type { Localizer } from '../platform/localizer.ts';
import type { PanelAction, PanelTrouble } from '../protocol/messages.ts';
import type { SourceState } from '../store/state.ts';

/** What is known of a release that no source tells of. */
export interface MissingInput {
  readonly releaseKey: string;
  readonly name: string;
  /** Null when it is not configured, or stopped. */
  readonly source: SourceState | null;
  /** The last output of a built-in service that does not stay up; null while nothing is wrong with it. */
  readonly builtinFailure: string | null;
}

interface Words {
  readonly l10n: Localizer;
  readonly translate: (message: Message) => string;
}

const action = (command: CommandName, label: string, title: string, tone: PanelAction['tone'] = 'secondary'): PanelAction => ({
  command: commandId(command),
  label,
  title,
  enabled: true,
  tone,
});

const showLog = (l10n: Localizer): PanelAction =>
  action('showLog', l10n.t('Show output'), l10n.t('What the extension did, and what it was answered'));

/** What helps against a source that does not answer: a token where it wants one, else another try. The built-in service knows its own token, and files take none. */
const remedies = (source: SourceState, l10n: Localizer): readonly PanelAction[] => {
  const refused = source.error?.kind === 'unauthorized' || source.error?.kind === 'forbidden';
  const token = refused && source.kind === 'http' && source.id !== BUILTIN_SOURCE;
  return [
    ...(token
      ? [action('enterToken', l10n.t('Enter token…'), l10n.t('Give the token that {source} asks for', { source: source.name }), 'primary')]
      : []),
    action('retry', l10n.t('Try again'), l10n.t('Ask {source} again now', { source: source.name }), token ? 'secondary' : 'primary'),
    showLog(l10n),
  ];
};

/** "Production does not answer: the token is not accepted" */
export const unanswered = (source: SourceState, { l10n, translate }: Words): string => {
  const of = { source: source.name };
  if (!source.error) return l10n.t('{source} does not answer.', of);
  const reason = translate(source.error.message);
  return source.kind === 'logs'
    ? l10n.t('{source} cannot be read: {reason}', { ...of, reason })
    : l10n.t('{source} does not answer: {reason}', { ...of, reason });
};

/** What is wrong with the source of a release that is shown, and what can be done about it; null while it answers. */
export const troubleOf = (source: SourceState | null, words: Words): PanelTrouble | null =>
  source && (source.status === 'failed' || source.status === 'stale')
    ? { text: unanswered(source, words), actions: remedies(source, words.l10n) }
    : null;

/** Why a release is not shown, and what can be done about it. */
export const whyMissing = ({ releaseKey, name, source, builtinFailure }: MissingInput, words: Words): PanelTrouble => {
  const { l10n } = words;
  if (source)
    switch (source.status) {
      case 'connecting':
        return { text: l10n.t('Waiting for {source} to answer…', { source: source.name }), actions: [] };
      case 'failed':
      case 'stale':
        return { text: unanswered(source, words), actions: remedies(source, l10n) };
      case 'connected':
        return {
          text: l10n.t('{source} does not know the release {release}. It may have been removed.', { source: source.name, release: name }),
          actions: [],
        };
    }
  if (splitReleaseKey(releaseKey)?.sourceId !== BUILTIN_SOURCE)
    return {
      text: l10n.t('The source of the release {release} is not configured here.', { release: name }),
      actions: [action('connect', l10n.t('Connect…'), l10n.t('Connect a service'), 'primary')],
    };
  const start = action('startBuiltin', l10n.t('Start built-in service'), l10n.t('Start it with all that it knew'), 'primary');
  return builtinFailure === null
    ? {
        text: l10n.t('The built-in service is stopped. Started again, it is back with what it knew of {release}.', { release: name }),
        actions: [start],
      }
    : {
        text: l10n.t('The built-in service does not stay up. Its last output: {output}', {
          output: builtinFailure.trim().split('\n').at(-1) ?? '',
        }),
        actions: [start, showLog(l10n)],
      };
};
