import { needOf } from '../store/select.ts';
import type { ReleaseState } from '../store/state.ts';
import { isOld, type Standing } from './standing.ts';
import type { TreeNode } from './treeNode.ts';

type Icon = NonNullable<TreeNode['icon']>;

const shapeOf = (state: ReleaseState, standing: Standing): Icon => {
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
      // Only the canary in a log may be a success or a file of its own: nobody says which.
      if (release.owner.kind === 'logs') return { id: 'circle-filled', color: null };
      return { id: 'pass-filled', color: 'testing.iconPassed' };
    case 'rolledBack':
      return { id: 'discard', color: null };
    case 'gray':
      break;
  }
  if (release.state === 'paused') return { id: 'debug-pause', color: null };
  if (release.state === 'aborted') return { id: 'circle-slash', color: null };
  if (standing.kind === 'past') return { id: 'history', color: null };
  if (isOld(standing)) return { id: 'circle-large-outline', color: null };
  if (assessment?.verdict === 'healthy') return { id: 'pass', color: 'testing.iconPassed' };
  return { id: assessment?.verdict === 'inconclusive' ? 'question' : 'circle-large-outline', color: null };
};

/** The icon repeats what the words beside it say; without fresh data it loses its colour, and never tells that all is well. */
export const releaseIcon = (state: ReleaseState, standing: Standing): Icon => {
  const icon = shapeOf(state, standing);
  return isOld(standing) ? { ...icon, color: 'disabledForeground' } : icon;
};
