import * as vscode from 'vscode';
import { unlinked } from './unlinked.ts';

/** Messages of the editor, the only place that shows them: none has a link in it, whatever the names and reasons in it hold. */
export const toasts = {
  info: (text: string, ...buttons: readonly string[]): Thenable<string | undefined> =>
    vscode.window.showInformationMessage(unlinked(text), ...buttons),
  warn: (text: string, ...buttons: readonly string[]): Thenable<string | undefined> =>
    vscode.window.showWarningMessage(unlinked(text), ...buttons),
  error: (text: string, ...buttons: readonly string[]): Thenable<string | undefined> =>
    vscode.window.showErrorMessage(unlinked(text), ...buttons),
  /** A dialog that has to be answered; `undefined` for Cancel. */
  ask: (severity: 'info' | 'warning', text: string, detail: string, ...buttons: readonly string[]): Thenable<string | undefined> => {
    const options = { modal: true, detail: unlinked(detail) };
    return severity === 'info'
      ? vscode.window.showInformationMessage(unlinked(text), options, ...buttons)
      : vscode.window.showWarningMessage(unlinked(text), options, ...buttons);
  },
} as const;
