import * as vscode from 'vscode';
import type { Disposable } from '../base/disposable.ts';
import type { Log } from '../base/log.ts';
import { maskShapes } from '../sources/mask.ts';

export interface OutputLog extends Log, Disposable {
  show(): void;
}

/** The output channel "Rollout Lens": what the extension itself did, tokens masked. Its level follows the editor's. */
export const createLog = (): OutputLog => {
  const channel = vscode.window.createOutputChannel('Rollout Lens', { log: true });
  return {
    debug: (text) => channel.debug(maskShapes(text)),
    info: (text) => channel.info(maskShapes(text)),
    warn: (text) => channel.warn(maskShapes(text)),
    error: (text) => channel.error(maskShapes(text)),
    show: () => channel.show(true),
    dispose: () => channel.dispose(),
  };
};
