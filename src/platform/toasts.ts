import * as vscode from 'vscode';
import { toastText } from './toastText.ts';

/** Messages of the editor, the only place that shows them: none has a link in it, whatever the names and reasons in it hold. */
export const toasts = {
  info: (text: string, ...buttons: readonly string[]): Thenable<string | undefined> =>
    vscode.window.showInformationMessage(toastText(text), ...buttons),
  warn: (text: string, ...buttons: readonly string[]): Thenable<string | undefined> =>
    vscode.window.showWarningMessage(toastText(text), ...buttons),
  error: (text: string, ...buttons: readonly string[]): Thenable<string | undefined> =>
    vscode.window.showErrorMessage(toastText(text), ...buttons),
  /** A dialog that has to be answered; `undefined` for Cancel. */
  ask: (severity: 'info' | 'warning', text: string, detail: string, ...buttons: readonly string[]): Thenable<string | undefined> => {
    const options = { modal: true, detail: toastText(detail) };
    return severity === 'info'
      ? vscode.window.showInformationMessage(toastText(text), options, ...buttons)
      : vscode.window.showWarningMessage(toastText(text), options, ...buttons);
  },
} as const;
