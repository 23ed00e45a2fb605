import type { TreeNode } from './treeNode.ts';

/** What the editor shows of a row by itself; the tooltip is asked for when somebody rests on the row. */
const sameFace = (a: TreeNode, b: TreeNode): boolean =>
  a.label === b.label &&
  a.description === b.description &&
  a.spoken === b.spoken &&
  a.contextValue === b.contextValue &&
  a.stale === b.stale &&
  a.icon?.id === b.icon?.id &&
  a.icon?.color === b.icon?.color &&
  a.command === b.command &&
  a.children.length > 0 === b.children.length > 0;

const sameIds = (a: readonly TreeNode[], b: readonly TreeNode[]): boolean =>
  a.length === b.length && a.every((item, index) => item.id === b[index]?.id);

/**
 * The nodes to draw again, by id, topmost only (a node is drawn with what is below it); `all` when the roots themselves changed.
 * What did not change is left alone, so that nothing moves under the pointer.
 */
export const changedNodes = (before: readonly TreeNode[], after: readonly TreeNode[]): 'all' | readonly string[] => {
  if (!sameIds(before, after)) return 'all';
  const changed: string[] = [];
  const visit = (olds: readonly TreeNode[], news: readonly TreeNode[]): void => {
    for (const [index, now] of news.entries()) {
      const was = olds[index];
      if (!was || was === now) continue;
      if (!sameFace(was, now) || !sameIds(was.children, now.children)) changed.push(now.id);
      else visit(was.children, now.children);
    }
  };
  visit(before, after);
  return changed;
};

/**
 * The rows of the editor to draw again for that; `undefined` is its word for the whole tree. A row that it never asked for is inside one that is
 * closed: it is asked for when that is opened, and there is nothing to draw now.
 */
export const rowsToDraw = <T>(changed: ReturnType<typeof changedNodes>, known: ReadonlyMap<string, T>): readonly (T | undefined)[] =>
  changed === 'all' ? [undefined] : changed.flatMap((id) => known.get(id) ?? []);
