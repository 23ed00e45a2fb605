import * as vscode from 'vscode';
import type { Log } from '../base/log.ts';
import { CONTEXT_KEYS, type ContextValues } from './ids.ts';

/** The keys that `when` and `enablement` of package.json read. Only what changed is sent. */
export class ContextKeys {
  private readonly log: Log;
  private readonly sent = new Map<string, unknown>();

  constructor(log: Log) {
    this.log = log;
  }

  set(values: ContextValues): void {
    for (const key of CONTEXT_KEYS) {
      if (this.sent.has(key) && this.sent.get(key) === values[key]) continue;
      this.sent.set(key, values[key]);
      vscode.commands.executeCommand('setContext', `rolloutLens.${key}`, values[key]).then(undefined, (error: unknown) => {
        this.log.warn(`The menus may not fit what is shown: the editor did not take the state ${key}: ${String(error)}`);
      });
    }
  }

  /** For tests: what was last sent. */
  get current(): Readonly<Record<string, unknown>> {
    return Object.fromEntries(this.sent);
  }
}
