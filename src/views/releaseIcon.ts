import { needOf } from '../store/select.ts';
import type { ReleaseState } from '../store/state.ts';
import type { TreeNode } from './treeNode.ts';

type Icon = NonNullable<TreeNode['icon']>;

const shapeOf = (state: ReleaseState): Icon => {
  switch (needOf(state)) {
    case 'regressing':
      return { id: 'warning', color: 'errorForeground' };
    case 'degraded':
      return { id: 'error', color: 'errorForeground' };
    case 'waiting':
      return { id: 'watch', color: 'editorWarning.foreground' };
    case null:
      break;
  }
  const { release, assessment } = state;
  switch (release.phase) {
    case 'preparation':
      return { id: 'circle-outline', color: null };
    case 'full':
      return { id: 'pass-filled', color: 'testing.iconPassed' };
    case 'rolledBack':
      return { id: 'discard', color: null };
    case 'gray':
      break;
  }
  if (release.state === 'paused') return { id: 'debug-pause', color: null };
  if (release.state === 'aborted') return { id: 'circle-slash', color: null };
  if (assessment?.verdict === 'healthy') return { id: 'pass', color: 'testing.iconPassed' };
  return { id: assessment?.verdict === 'inconclusive' ? 'question' : 'circle-large-outline', color: null };
};

/** The icon repeats what the words beside it say; without fresh data it loses its colour, never its shape. */
export const releaseIcon = (state: ReleaseState, stale: boolean): Icon => {
  const icon = shapeOf(state);
  return stale ? { ...icon, color: 'disabledForeground' } : icon;
};
