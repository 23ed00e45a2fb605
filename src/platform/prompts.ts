import * as vscode from 'vscode';
import { unlinked } from './unlinked.ts';

type Note = string | vscode.InputBoxValidationMessage | null;

export interface InputOptions extends Omit<vscode.InputBoxOptions, 'validateInput'> {
  /** What is wrong with the text, or to be known of it; null for nothing. */
  readonly validateInput?: (value: string) => Note;
}

const plainNote = (note: Note): Note =>
  note === null ? null : typeof note === 'string' ? unlinked(note) : { ...note, message: unlinked(note.message) };

/** Questions at the top of the editor, the only place that asks them: none has a link in it, whatever the names and values in it hold. */
export const prompts = {
  input: ({ prompt, validateInput, ...rest }: InputOptions): Thenable<string | undefined> =>
    vscode.window.showInputBox({
      ...rest,
      ...(prompt === undefined ? {} : { prompt: unlinked(prompt) }),
      ...(validateInput === undefined ? {} : { validateInput: (value: string) => plainNote(validateInput(value)) }),
    }),
  pick: <T extends vscode.QuickPickItem>(items: readonly T[], options: vscode.QuickPickOptions): Thenable<T | undefined> =>
    vscode.window.showQuickPick(items, options),
  pickMany: <T extends vscode.QuickPickItem>(items: readonly T[], options: vscode.QuickPickOptions): Thenable<T[] | undefined> =>
    vscode.window.showQuickPick(items, { ...options, canPickMany: true }),
  /** A list that changes while one types. */
  list: <T extends vscode.QuickPickItem>(): vscode.QuickPick<T> => vscode.window.createQuickPick<T>(),
  /** A line that acts while one types; without what could hold a link. */
  line: (): Omit<vscode.InputBox, 'prompt' | 'validationMessage'> => vscode.window.createInputBox(),
} as const;
