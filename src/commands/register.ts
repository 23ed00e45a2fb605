import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../base/disposable.ts';
import type { Log } from '../base/log.ts';
import { commandId, COMMANDS, LINKED, linkId, type CommandName } from '../platform/ids.ts';
import type { Localizer } from '../platform/localizer.ts';
import { toasts } from '../platform/toasts.ts';
import { keyOfArgument } from './releaseArgument.ts';

/** One handler a command; a missing or superfluous one does not compile. */
export type Handlers = Readonly<Record<CommandName, (argument: unknown) => unknown>>;

/** Registers every command. What a handler throws is told and logged; it never goes unhandled. */
export const registerCommands = (handlers: Handlers, log: Log, l10n: Localizer): Disposable => {
  const owned = new DisposableStore();
  for (const name of COMMANDS) {
    const run = async (argument: unknown): Promise<unknown> => {
      try {
        return await handlers[name](argument);
      } catch (error) {
        log.error(
          `The command ${commandId(name)} failed, a fault of this extension: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
        );
        const show = l10n.t('Show Output');
        toasts
          .error(
            l10n.t('Rollout Lens could not do that: {problem}', { problem: error instanceof Error ? error.message : String(error) }),
            show,
          )
          .then(
            (choice) => (choice === show ? vscode.commands.executeCommand(commandId('showLog')) : undefined),
            () => undefined,
          );
        return undefined;
      }
    };
    owned.add(vscode.commands.registerCommand(commandId(name), run));
  }
  for (const name of LINKED)
    owned.add(
      vscode.commands.registerCommand(linkId(name), (argument: unknown) => {
        if (keyOfArgument(argument) !== null) return vscode.commands.executeCommand(commandId(name), argument);
        log.warn(`A link to the command ${commandId(name)} names no release, and does nothing.`);
        return toasts.warn(l10n.t('This is no link to a release.'));
      }),
    );
  return owned;
};
