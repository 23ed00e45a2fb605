import type { Localizer } from '../platform/localizer.ts';
import { groupProblems, isError, placeOf, type ProblemGroup, type SettingProblem } from '../platform/settingProblem.ts';
import { faultText, keyText } from '../platform/settingTexts.ts';
import { escapeMarkdown, node, type TreeNode } from './treeNode.ts';

/** So much of a source's name that the key beside it still stands within the first twenty characters. */
const NAME_LENGTH = 11;

/** Cuts between what a reader sees as letters. */
const letters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const clipped = (name: string): string => {
  const parts = [...letters.segment(name)].map(({ segment }) => segment);
  return parts.length <= NAME_LENGTH
    ? name
    : `${parts
        .slice(0, NAME_LENGTH - 1)
        .join('')
        .trimEnd()}…`;
};

const consequence = (group: ProblemGroup, l10n: Localizer): string => {
  if (typeof group.first.path[1] !== 'number') return l10n.t('The default is used instead.');
  return isError(group) ? l10n.t('This source is not read until that is mended.') : l10n.t('The source is read without it.');
};

const rowOf = (group: ProblemGroup, l10n: Localizer): TreeNode => {
  const { first, others, root } = group;
  const [, index] = first.path;
  const key = keyText(first, l10n);
  const name = first.source ?? (typeof index === 'number' ? l10n.t('source {number}', { number: index + 1 }) : key);
  const fault = faultText(first, l10n);
  const description = others.length === 0 ? fault : l10n.t('{fault} (and {count} more)', { fault, count: others.length });
  return node({
    id: `config/${root}`,
    kind: 'configError',
    label: name === key ? key : `${clipped(name)} · ${key}`,
    description,
    spoken: [...new Set([name, key, description])].join(', '),
    tooltip: [
      ...(clipped(name) === name ? [] : [`**${escapeMarkdown(name)}**`]),
      ...[first, ...others].map((problem) => `${escapeMarkdown(placeOf(problem.path))}: ${escapeMarkdown(faultText(problem, l10n))}`),
      consequence(group, l10n),
      l10n.t('A click opens the place in the settings.'),
    ].join('\n\n'),
    icon: isError(group) ? { id: 'error', color: 'errorForeground' } : { id: 'warning', color: 'editorWarning.foreground' },
    command: 'openSettings',
  });
};

/** One row for each source (or other setting) in which something is wrong: those that take it out first, then those that do not. */
export const settingNodes = (problems: readonly SettingProblem[], l10n: Localizer): readonly TreeNode[] =>
  groupProblems(problems).map((group) => rowOf(group, l10n));
