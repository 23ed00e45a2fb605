/** Answers what an in-host test cannot click: message boxes, lists and input boxes. All else is the real editor. */
import * as vscode from 'vscode';

const KINDS = [
  'showWarningMessage',
  'showInformationMessage',
  'showErrorMessage',
  'showQuickPick',
  'showInputBox',
  'showOpenDialog',
] as const;
type Kind = (typeof KINDS)[number];

/** What was asked, each call with its arguments. */
export type Asked = Readonly<Record<Kind, unknown[][]>>;
/** Answers in order; a function gets the first argument. What is asked beyond them is dismissed. */
export type Answers = Partial<Record<Kind, readonly unknown[]>>;

export const answering = async <T>(answers: Answers, task: (asked: Asked) => T | Thenable<T>): Promise<T> => {
  const asked = Object.fromEntries(KINDS.map((kind) => [kind, [] as unknown[][]])) as unknown as Asked;
  const window = vscode.window as unknown as Record<Kind, (...args: unknown[]) => Promise<unknown>>;
  const real = KINDS.map((kind) => [kind, window[kind]] as const);
  for (const kind of KINDS) {
    const rest = [...(answers[kind] ?? [])];
    window[kind] = async (...args) => {
      asked[kind].push(args);
      const answer: unknown = rest.shift();
      return typeof answer === 'function' ? (answer as (first: unknown) => unknown)(await args[0]) : answer;
    };
  }
  try {
    return await task(asked);
  } finally {
    for (const [kind, original] of real) window[kind] = original;
  }
};
