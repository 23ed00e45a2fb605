import type { ReleaseState, SourceState } from '../store/state.ts';
import { releaseIcon } from './releaseIcon.ts';
import { groupsOf } from './releaseGroups.ts';
import { needParts, releaseParts } from './releaseText.ts';
import { releaseTooltip } from './releaseTooltip.ts';
import { releaseWords, type Marks } from './releaseWords.ts';
import { isOld, standingOf } from './standing.ts';
import { row, type TreeNode } from './treeNode.ts';
import type { TextContext } from './releaseText.ts';

export interface ReleaseNodeContext extends TextContext, Marks {}

const face = (state: ReleaseState, source: SourceState | undefined, context: ReleaseNodeContext): Partial<TreeNode> => {
  const standing = standingOf(state, source);
  return {
    icon: releaseIcon(state, standing),
    tooltip: releaseTooltip(state, source, context.muted.has(state.key), context),
    contextValue: ['release', ...releaseWords(state, context)].join(' '),
    command: 'showChart',
    stale: isOld(standing),
    key: state.key,
    sourceId: state.release.sourceId,
  };
};

/** Rows and all below them, as what is known to be old. */
const greyed = (nodes: readonly TreeNode[]): readonly TreeNode[] =>
  nodes.map((row) => ({
    ...row,
    stale: true,
    icon: row.icon ? { ...row.icon, color: 'disabledForeground' } : row.icon,
    children: greyed(row.children),
  }));

/** A release under its source, with its groups. */
export const releaseNode = (state: ReleaseState, source: SourceState | undefined, context: ReleaseNodeContext): TreeNode => {
  const id = `release/${state.key}`;
  const old = isOld(standingOf(state, source));
  const groups = groupsOf(state, id, old, context);
  return row(id, 'release', state.release.name, releaseParts(state, source, context.muted.has(state.key), context), {
    ...face(state, source, context),
    children: old ? greyed(groups) : groups,
  });
};

/** The same release in the "Needs me" group: a row to act on, without children. */
export const needsNode = (
  state: ReleaseState,
  since: number | null,
  source: SourceState | undefined,
  context: ReleaseNodeContext,
): TreeNode =>
  row(
    `needs/${state.key}`,
    'release',
    state.release.name,
    needParts(state, since, source, context.muted.has(state.key), context),
    face(state, source, context),
  );
