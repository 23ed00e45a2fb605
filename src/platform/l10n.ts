import * as vscode from 'vscode';
import type { Localizer } from './localizer.ts';

/** The editor's own translation, from l10n/bundle.l10n.*.json. */
export const l10n: Localizer = {
  get locale() {
    return vscode.env.language;
  },
  t: (text, args) => (args ? vscode.l10n.t(text, { ...args }) : vscode.l10n.t(text)),
};
