import * as vscode from 'vscode';
import { commandId } from '../platform/ids.ts';
import { fullTooltip, type TreeNode } from './treeNode.ts';

/** What the editor hands to commands of a row. One object per id for as long as the view lives, since the editor knows rows by identity. */
export interface TreeElement {
  readonly id: string;
  readonly key: TreeNode['key'];
  readonly sourceId: TreeNode['sourceId'];
  readonly stepIndex: TreeNode['stepIndex'];
}

/** Rows that show old data carry this scheme, and a decoration greys them. */
const STALE_SCHEME = 'rollout-lens-stale';

/**
 * The command of a click on this row. Each row has its own, without arguments: the editor keeps the arguments of a command only until the row
 * is drawn again, and rows are drawn again every few seconds, so that a click just then would end in an error.
 */
export const clickOf = (id: string): string => `_rolloutLens.row/${id}`;

/** What a row does when it is clicked. */
export const commandOf = (element: TreeElement, node: TreeNode): vscode.Command | undefined => {
  switch (node.command) {
    case null:
      return undefined;
    case 'showChart':
    case 'showLog':
    case 'clearFilter':
    case 'openSettings':
      return { command: commandId(node.command), title: '', arguments: [element] };
  }
};

export const toTreeItem = (element: TreeElement, node: TreeNode, open: boolean): vscode.TreeItem => {
  const state =
    // The editor keeps a row closed that had no children at first; one that opens by itself has to be open before they come.
    node.children.length === 0 && !open
      ? vscode.TreeItemCollapsibleState.None
      : open
        ? vscode.TreeItemCollapsibleState.Expanded
        : vscode.TreeItemCollapsibleState.Collapsed;
  const item = new vscode.TreeItem(node.label, state);
  item.id = node.id;
  item.description = node.description;
  item.contextValue = node.contextValue;
  item.accessibilityInformation = { label: node.spoken };
  if (node.icon) item.iconPath = new vscode.ThemeIcon(node.icon.id, node.icon.color ? new vscode.ThemeColor(node.icon.color) : undefined);
  if (node.stale) item.resourceUri = vscode.Uri.from({ scheme: STALE_SCHEME, path: `/${encodeURIComponent(node.id)}` });
  if (node.command) item.command = { command: clickOf(node.id), title: '' };
  return item;
};

/** The tooltip of a row, made when somebody rests on it, so that numbers that move do not draw the row again and close it.
 * It is not trusted: it has no links of ours, and runs none of others. */
export const tooltipOf = (node: TreeNode): vscode.MarkdownString => new vscode.MarkdownString(fullTooltip(node), true);

/** Greys the rows whose data is not true now. */
export const staleDecorations: vscode.FileDecorationProvider = {
  provideFileDecoration: (uri) =>
    uri.scheme === STALE_SCHEME ? new vscode.FileDecoration(undefined, undefined, new vscode.ThemeColor('disabledForeground')) : undefined,
};
