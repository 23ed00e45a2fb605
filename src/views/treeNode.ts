import type { ReleaseKey } from '../model/release.ts';

type TreeNodeKind =
  | 'needs'
  | 'source'
  | 'sourceError'
  | 'configError'
  | 'builtinFailure'
  | 'release'
  | 'group'
  | 'variant'
  | 'metric'
  | 'anomaly'
  | 'step'
  | 'note';

export type ThemeColorId =
  'errorForeground' | 'editorWarning.foreground' | 'testing.iconPassed' | 'disabledForeground' | 'charts.blue' | 'charts.orange';

/** One row of the tree, complete and without the editor's types, so that what a person reads can be tested as text. */
export interface TreeNode {
  /** Stable over updates: selection, expansion and focus hang on it. */
  readonly id: string;
  readonly kind: TreeNodeKind;
  readonly label: string;
  readonly description: string;
  /** Markdown, complete. */
  readonly tooltip: string;
  /** What a screen reader says: words, no glyphs. */
  readonly spoken: string;
  readonly icon: { readonly id: string; readonly color: ThemeColorId | null } | null;
  /** Words that `viewItem` of package.json matches. */
  readonly contextValue: string;
  /** True when it is open at first. */
  readonly expanded: boolean;
  /** Not true now: greyed. */
  readonly stale: boolean;
  /** What a click does, with this node's key or source. */
  readonly command: 'showChart' | 'openSettings' | 'showLog' | 'clearFilter' | null;
  readonly key: ReleaseKey | null;
  readonly sourceId: string | null;
  /** Of a step's row: which step of the release it is, from 0. */
  readonly stepIndex: number | null;
  readonly children: readonly TreeNode[];
}

export const node = (given: Pick<TreeNode, 'id' | 'kind' | 'label'> & Partial<TreeNode>): TreeNode => ({
  description: '',
  tooltip: '',
  spoken: given.description ? `${given.label}, ${given.description}` : given.label,
  icon: null,
  contextValue: given.kind,
  expanded: false,
  stale: false,
  command: null,
  key: null,
  sourceId: null,
  stepIndex: null,
  children: [],
  ...given,
});

/** One thing a description says, as written and as spoken. */
export interface Part {
  readonly text: string;
  readonly spoken?: string;
}
export const written = (parts: readonly Part[]): string => parts.map((part) => part.text).join(' · ');
const spoken = (label: string, parts: readonly Part[]): string => [label, ...parts.map((part) => part.spoken ?? part.text)].join(', ');

/** A row that says its parts, written and spoken. */
export const row = (id: string, kind: TreeNodeKind, label: string, parts: readonly Part[], rest: Partial<TreeNode>): TreeNode =>
  node({ id, kind, label, description: written(parts), spoken: spoken(label, parts), ...rest });

/** Text that Markdown must not read as its own, on one line. */
export const escapeMarkdown = (text: string): string =>
  text.replace(/[\\`*_{}[\]()#+\-.!|~<>]/g, '\\$&').replace(/\s+/g, (gap) => (/[\r\n\u2028\u2029]/.test(gap) ? ' ' : gap));

/** The tooltip of a row: first its whole text, since a narrow side bar cuts the row, then what the row has no place for. */
export const fullTooltip = ({ label, description, tooltip }: Pick<TreeNode, 'label' | 'description' | 'tooltip'>): string => {
  const said = new Set(['', `**${escapeMarkdown(label)}**`, escapeMarkdown(label), escapeMarkdown(description)]);
  return [
    [`**${escapeMarkdown(label)}**`, escapeMarkdown(description)].filter(Boolean).join(' '),
    ...tooltip.split('\n\n').filter((paragraph) => !said.has(paragraph)),
  ].join('\n\n');
};
