import * as vscode from 'vscode';
import type { Localizer } from './localizer.ts';
import { singular } from './singular.ts';

/** The editor's own translation, from l10n/bundle.l10n.*.json. */
export const l10n: Localizer = {
  get locale() {
    return vscode.env.language;
  },
  t: (text, args) => {
    if (!args) return vscode.l10n.t(text);
    // English is what is written in the code: nothing is looked up by it.
    return vscode.l10n.t(vscode.env.language.startsWith('en') ? singular(text, args) : text, { ...args });
  },
};
