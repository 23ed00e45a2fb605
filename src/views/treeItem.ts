import * as vscode from 'vscode';
import { commandId } from '../platform/ids.ts';
import type { TreeNode } from './treeNode.ts';

/** What the editor hands to commands of a row. One object per id for as long as the view lives, since the editor knows rows by identity. */
export interface TreeElement {
  readonly id: string;
  readonly key: TreeNode['key'];
  readonly sourceId: TreeNode['sourceId'];
}

/** Rows that show old data carry this scheme, and a decoration greys them. */
const STALE_SCHEME = 'rollout-lens-stale';

const trustedCommands = ['showChart', 'showJournal'] as const;

const commandOf = (element: TreeElement, node: TreeNode): vscode.Command | undefined => {
  switch (node.command) {
    case null:
      return undefined;
    case 'openSettings':
      return { command: 'workbench.action.openSettings', title: '', arguments: ['rolloutLens.sources'] };
    case 'showChart':
    case 'showLog':
      return { command: commandId(node.command), title: '', arguments: [element] };
  }
};

export const toTreeItem = (element: TreeElement, node: TreeNode): vscode.TreeItem => {
  const state =
    // The editor keeps a row closed that had no children at first; one that opens by itself has to be open before they come.
    node.children.length === 0 && !node.expanded
      ? vscode.TreeItemCollapsibleState.None
      : node.expanded
        ? vscode.TreeItemCollapsibleState.Expanded
        : vscode.TreeItemCollapsibleState.Collapsed;
  const item = new vscode.TreeItem(node.label, state);
  item.id = node.id;
  item.description = node.description;
  item.contextValue = node.contextValue;
  item.accessibilityInformation = { label: node.spoken };
  if (node.icon) item.iconPath = new vscode.ThemeIcon(node.icon.id, node.icon.color ? new vscode.ThemeColor(node.icon.color) : undefined);
  if (node.tooltip) {
    const tooltip = new vscode.MarkdownString(node.tooltip, true);
    tooltip.isTrusted = { enabledCommands: trustedCommands.map(commandId) };
    item.tooltip = tooltip;
  }
  if (node.stale) item.resourceUri = vscode.Uri.from({ scheme: STALE_SCHEME, path: `/${encodeURIComponent(node.id)}` });
  const command = commandOf(element, node);
  if (command) item.command = command;
  return item;
};

/** Greys the rows whose data is not true now. */
export const staleDecorations: vscode.FileDecorationProvider = {
  provideFileDecoration: (uri) =>
    uri.scheme === STALE_SCHEME ? new vscode.FileDecoration(undefined, undefined, new vscode.ThemeColor('disabledForeground')) : undefined,
};
