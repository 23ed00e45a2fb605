import * as vscode from 'vscode';
import type { Disposable } from '../base/disposable.ts';
import type { Log } from '../base/log.ts';
import { maskedLine } from '../sources/mask.ts';

export interface OutputLog extends Log, Disposable {
  show(): void;
}

/** The output channel "Rollout Lens": what the extension itself did, tokens masked. Its level follows the editor's. */
export const createLog = (): OutputLog => {
  const channel = vscode.window.createOutputChannel('Rollout Lens', { log: true });
  return {
    debug: (text) => channel.debug(maskedLine(text)),
    info: (text) => channel.info(maskedLine(text)),
    warn: (text) => channel.warn(maskedLine(text)),
    error: (text) => channel.error(maskedLine(text)),
    show: () => channel.show(true),
    dispose: () => channel.dispose(),
  };
};
