import type * as vscode from 'vscode';

/** A memento that holds `stored` under every key that was not written yet. */
export const aMemento = (stored?: unknown): vscode.Memento => {
  const kept = new Map<string, unknown>();
  return {
    keys: () => [...kept.keys()],
    get: (key: string) => (kept.has(key) ? kept.get(key) : stored),
    update: (key: string, value: unknown) => {
      // As the editor keeps it: by value.
      kept.set(key, value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown));
      return Promise.resolve();
    },
  } as vscode.Memento;
};
