import * as vscode from 'vscode';
import { PANEL_TYPE } from '../platform/ids.ts';

/** The editor's own commands: its API can neither show a tab nor focus a group. In the order of the view columns. */
const FOCUS_GROUP = ['First', 'Second', 'Third', 'Fourth', 'Fifth', 'Sixth', 'Seventh', 'Eighth'].map(
  (nth) => `workbench.action.focus${nth}EditorGroup`,
);

/** A tab of an editor group. */
export interface Place {
  readonly viewColumn: number;
  readonly index: number;
}

/** Where the window has tabs of a release's panel, restored ones that were never shown included. `label` decides by the tab's title. */
export const panelTabs = (label: (title: string) => boolean = () => true): readonly Place[] =>
  vscode.window.tabGroups.all.flatMap(({ viewColumn, tabs }) =>
    tabs.flatMap(({ input, label: title }, index) =>
      input instanceof vscode.TabInputWebview && input.viewType.endsWith(PANEL_TYPE) && label(title) ? [{ viewColumn, index }] : [],
    ),
  );

/** Brings a tab to the front; the editor then gives a restored panel back to its serializer. */
export const showTab = async ({ viewColumn, index }: Place): Promise<void> => {
  const focus = FOCUS_GROUP[viewColumn - 1];
  if (focus === undefined) return;
  await vscode.commands.executeCommand(focus);
  await vscode.commands.executeCommand('workbench.action.openEditorAtIndex', index);
};
