import * as vscode from 'vscode';
import { Config } from '../platform/config.ts';
import { groupProblems, type SettingProblem } from '../platform/settingProblem.ts';
import { sourceOfArgument } from './releaseArgument.ts';

const SOURCES = 'rolloutLens.sources';

/** What of the settings a command was called for: a row that tells a problem, a source, else the list of sources. */
export const pathOfArgument = (argument: unknown, problems: readonly SettingProblem[]): SettingProblem['path'] => {
  if (typeof argument === 'object' && argument !== null && 'id' in argument) {
    const group = groupProblems(problems).find(({ root }) => argument.id === `config/${root}`);
    if (group) return group.first.path;
  }
  const sourceId = sourceOfArgument(argument);
  const index = sourceId === null ? -1 : Config.indexOf(sourceId);
  return index < 0 ? [SOURCES] : [SOURCES, index];
};

/** Puts the cursor on the place, if the file in front holds it. */
const select = async (path: SettingProblem['path']): Promise<boolean> => {
  const editor = vscode.window.activeTextEditor;
  if (!editor || !/settings\.json$|\.code-workspace$/.test(editor.document.uri.path)) return false;
  const { findPlace } = await import('../platform/settingsPlace.ts');
  const text = editor.document.getText();
  // In the file of a workspace the settings stand below a key of their own.
  const place = findPlace(text, path) ?? findPlace(text, ['settings', ...path]);
  if (!place) return false;
  const range = new vscode.Range(editor.document.positionAt(place.offset), editor.document.positionAt(place.offset + place.length));
  editor.selection = new vscode.Selection(range.start, range.start);
  editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  return true;
};

/** Opens the settings file that counts, at the place the argument names. */
export const openSettings = async (argument: unknown, { config }: { readonly config: Config }): Promise<void> => {
  const path = pathOfArgument(argument, config.current.problems);
  const file = Config.fileOf(String(path[0]));
  await vscode.commands.executeCommand(
    file === 'workspace' ? 'workbench.action.openWorkspaceSettingsFile' : 'workbench.action.openSettingsJson',
  );
  if ((await select(path)) || file !== 'user' || vscode.env.remoteName === undefined) return;
  // A remote machine has settings of its own, and they too are the user's.
  await vscode.commands.executeCommand('workbench.action.openRemoteSettingsFile');
  await select(path);
};
