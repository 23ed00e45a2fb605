import { formatTime } from '../model/format.ts';
import { needsMe, releasesOf, sourceOf } from '../store/select.ts';
import type { SourceState, State } from '../store/state.ts';
import { BUILTIN_SOURCE } from '../platform/ids.ts';
import type { Localizer } from '../platform/localizer.ts';
import type { SettingProblem } from '../platform/settingProblem.ts';
import { translate } from '../platform/translate.ts';
import { needsNode, releaseNode, type ReleaseNodeContext } from './releaseNode.ts';
import { settingNodes } from './settingNodes.ts';
import { countMatching, matchesFilter } from './treeFilter.ts';
import { escapeMarkdown, node, type TreeNode } from './treeNode.ts';
import { ageText, withinText } from './words.ts';

export interface TreeContext extends ReleaseNodeContext {
  readonly filter: string;
  /** What is wrong with the settings. */
  readonly settingProblems: readonly SettingProblem[];
}

/** Why nothing was ever read, in two words; the row below says all. A service that asks for a token was reached. */
const neverRead = (source: SourceState, l10n: Localizer): string => {
  if (source.kind === 'logs') return l10n.t('cannot be read');
  switch (source.error?.kind) {
    case 'unauthorized':
      return l10n.t('asks for a token');
    case 'forbidden':
      return l10n.t('not allowed to read');
    default:
      return l10n.t('cannot connect');
  }
};

const sourceDescription = (source: SourceState, context: TreeContext): string => {
  const { l10n } = context;
  const note = source.snapshot?.note ? translate(source.snapshot.note, l10n) : null;
  switch (source.status) {
    case 'connecting':
      return l10n.t('connecting…');
    case 'connected':
      // The files of a log are followed; how old its newest line is stands in its note.
      return source.kind === 'logs' || source.lastSuccessAt === null
        ? (note ?? l10n.t('connected'))
        : l10n.t('{note}, {age} ago', { note: note ?? l10n.t('connected'), age: withinText(context.now - source.lastSuccessAt, l10n) });
    case 'stale':
    case 'failed':
      return source.lastSuccessAt === null
        ? source.status === 'failed'
          ? neverRead(source, l10n)
          : l10n.t('no data')
        : l10n.t('no data for {age}', { age: ageText(context.now - source.lastSuccessAt, l10n) });
  }
};

const sourceIcon = (source: SourceState): TreeNode['icon'] => {
  switch (source.status) {
    case 'connecting':
      return { id: 'loading~spin', color: null };
    case 'connected':
      return { id: source.kind === 'logs' ? 'output' : 'server-environment', color: null };
    case 'stale':
      return { id: 'clock', color: 'editorWarning.foreground' };
    case 'failed':
      return {
        id: source.kind === 'logs' ? 'error' : source.error?.kind === 'unauthorized' ? 'key' : 'debug-disconnect',
        color: 'errorForeground',
      };
  }
};

const kindWord = (source: SourceState): string => (source.id === BUILTIN_SOURCE ? 'builtin' : source.kind);

/** The last failure with its time; it stays until the source answers again. */
const errorNode = (source: SourceState, { l10n, now }: TreeContext): TreeNode | null => {
  const { error } = source;
  if (!error) return null;
  const text = translate(error.message, l10n);
  const when = formatTime(error.at, l10n.locale, { seconds: true });
  return node({
    id: `error/${source.id}`,
    kind: 'sourceError',
    label: text,
    description: l10n.t('{age} ago', { age: ageText(now - error.at, l10n) }),
    tooltip: [escapeMarkdown(text), l10n.t('Last tried at {time}.', { time: when }), error.detail ? escapeMarkdown(error.detail) : null]
      .filter((line) => line !== null)
      .join('\n\n'),
    icon: { id: 'error', color: 'errorForeground' },
    contextValue: `sourceError kind-${error.kind} of-${kindWord(source)}`,
    command: 'showLog',
    sourceId: source.id,
  });
};

const sourceNode = (source: SourceState, state: State, context: TreeContext): TreeNode => {
  const { l10n } = context;
  const all = releasesOf(state, source.id);
  const releases = all.filter((release) => matchesFilter(release, context.filter, state, l10n));
  const error = errorNode(source, context);
  const stale = source.status === 'stale' || source.status === 'failed';
  const description = sourceDescription(source, context);
  const missing =
    all.length === 0 && source.status === 'connected'
      ? l10n.t('No releases yet')
      : all.length > 0 && releases.length === 0
        ? l10n.t('None of its releases matches the filter')
        : null;
  const nothing =
    missing === null
      ? []
      : [node({ id: `empty/${source.id}`, kind: 'note', label: missing, icon: { id: 'info', color: null }, sourceId: source.id })];
  return node({
    id: `source/${source.id}`,
    kind: 'source',
    label: source.name,
    description,
    spoken: `${source.name}, ${description}`,
    tooltip: [
      `**${escapeMarkdown(source.name)}**`,
      escapeMarkdown(description),
      source.lastSuccessAt === null
        ? null
        : l10n.t('answered at {time}', { time: formatTime(source.lastSuccessAt, l10n.locale, { seconds: true, zone: true }) }),
    ]
      .filter((line) => line !== null)
      .join('\n\n'),
    icon: sourceIcon(source),
    contextValue: [`source kind-${kindWord(source)}`, ...(source.status === 'failed' ? ['is-failed'] : [])].join(' '),
    expanded: true,
    stale,
    sourceId: source.id,
    children: [...(error ? [error] : []), ...releases.map((release) => releaseNode(release, source, context)), ...nothing],
  });
};

const builtinNode = (lastOutput: string, { l10n }: TreeContext): TreeNode =>
  node({
    id: 'builtinFailure',
    kind: 'builtinFailure',
    label: l10n.t('The built-in service does not stay up'),
    description: lastOutput.trim().split('\n').at(-1) ?? '',
    tooltip: `${l10n.t('It ended several times in a row. Its last output:')}\n\n~~~\n${lastOutput.trim().replaceAll('~~~', '~ ~ ~')}\n~~~`,
    icon: { id: 'error', color: 'errorForeground' },
    command: 'showLog',
  });

/** Names the filter and what it leaves, so that nobody takes a part for the whole. */
const filterRows = (state: State, { filter, l10n }: TreeContext): readonly TreeNode[] =>
  filter.trim() === ''
    ? []
    : [
        node({
          id: 'filter',
          kind: 'note',
          label: l10n.t('Filter "{filter}"', { filter: filter.trim() }),
          description: l10n.t('{shown} of {all} releases', { shown: countMatching(state, filter, l10n), all: state.releases.size }),
          tooltip: l10n.t(
            'Only releases that match the filter are shown below their source; what needs you is always shown. A click clears the filter.',
          ),
          icon: { id: 'filter', color: null },
          contextValue: 'filter',
          command: 'clearFilter',
        }),
      ];

/**
 * The tree as data: what waits for the person first, then what is wrong with the built-in service and the settings, then every source with its releases, worst first.
 * Empty when there is nothing to show; the welcome views then say what to do.
 */
export const buildTree = (state: State, context: TreeContext): readonly TreeNode[] => {
  const { l10n } = context;
  const wrong = settingNodes(context.settingProblems, l10n);
  // What needs the person is never filtered away.
  const needs = needsMe(state);
  const group =
    needs.length === 0
      ? []
      : [
          node({
            id: 'needs',
            kind: 'needs',
            label: l10n.t('Needs me'),
            description: String(needs.length),
            icon: { id: 'bell-dot', color: null },
            expanded: true,
            children: needs.map(({ release, since }) => needsNode(release, since, sourceOf(state, release.release.sourceId), context)),
          }),
        ];
  const sources = [...state.sources]
    .sort((a, b) => (a.name === b.name ? (a.id < b.id ? -1 : 1) : a.name < b.name ? -1 : 1))
    .map((source) => sourceNode(source, state, context));
  const broken = state.builtinFailure === null ? [] : [builtinNode(state.builtinFailure, context)];
  const rest = [...group, ...broken, ...wrong, ...sources];
  return [...(group.length + sources.length === 0 ? [] : filterRows(state, context)), ...rest];
};
