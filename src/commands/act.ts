import * as vscode from 'vscode';
import type { RolloutActions } from '../actions/actions.ts';
import type { Preview } from '../actions/preview.ts';
import type { Result } from '../base/result.ts';
import { formatQuantity } from '../model/format.ts';
import type { Intent, Refusal } from '../model/intent.ts';
import { exactRatio } from '../model/quantity.ts';
import type { IntentKind, ReleaseKey } from '../model/release.ts';
import { releaseOf } from '../store/select.ts';
import type { State } from '../store/state.ts';
import { BUILTIN_SOURCE, commandId, type CommandName } from '../platform/ids.ts';
import type { Localizer } from '../platform/localizer.ts';
import { refusalLine } from '../platform/logLines.ts';
import { toasts } from '../platform/toasts.ts';
import type { Log } from '../base/log.ts';
import { exactRatioText, stateWord, phaseWord } from '../views/words.ts';
import { confirm } from './confirm.ts';
import { refusalText } from './previewText.ts';

/** How an act ended, for who called the command. */
export type ActOutcome = 'seen' | 'unseen' | 'refused' | 'cancelled';

export interface ActDeps {
  readonly actions: RolloutActions;
  readonly store: { readonly state: State };
  readonly l10n: Localizer;
  readonly log: Log;
  /** Ends what is under way when the extension is switched off. */
  readonly signal: AbortSignal;
  /** A change was made or undone. */
  readonly onActed: () => void;
}

/** Every change goes this way: plan, show, ask, send, see, tell. */
export class Acts {
  private readonly deps: ActDeps;

  constructor(deps: ActDeps) {
    this.deps = deps;
  }

  perform(key: ReleaseKey, intent: Intent): Promise<ActOutcome> {
    return this.run(key, intent.kind, () => this.deps.actions.plan(key, intent, this.deps.signal));
  }

  undo(key: ReleaseKey): Promise<ActOutcome> {
    return this.run(key, 'undo', () => this.deps.actions.planUndo(key, this.deps.signal));
  }

  private nameOf(key: ReleaseKey): string {
    return releaseOf(this.deps.store.state, key)?.release.name ?? key;
  }

  private progress<T>(title: string, task: () => Promise<T>): Thenable<T> {
    return vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, task);
  }

  private async run(key: ReleaseKey, what: IntentKind, plan: () => Promise<Result<Preview, Refusal>>): Promise<ActOutcome> {
    const { actions, store, l10n, log, signal } = this.deps;
    const preview = await plan();
    if (!preview.ok) return this.refused(key, what, preview.error);
    const unit = releaseOf(store.state, key)?.release.ratio.unit ?? 'users';
    const confirmed = await confirm(preview.value, unit, l10n, (shown, reason) => actions.withReason(shown, reason));
    if (!confirmed) return 'cancelled';
    const { method, url } = confirmed.plan.request;
    log.info(`The act ${what} on the release ${key} was confirmed and is sent: ${method} ${url}`);
    const name = confirmed.releaseName;
    const applied = await this.progress(l10n.t('Sending to {source}…', { source: confirmed.sourceName }), () =>
      actions.apply(confirmed, signal),
    );
    this.deps.onActed();
    if (!applied.ok) return this.refused(key, what, applied.error);
    const seen = await this.progress(l10n.t('{name}: waiting to see the change…', { name }), () => applied.value.effect);
    this.deps.onActed();
    log.info(`The act ${what} on the release ${key} was taken, and its effect ${seen ? 'is seen' : 'was not seen in time'}.`);
    if (signal.aborted) return seen ? 'seen' : 'unseen';
    if (seen)
      this.told(
        key,
        this.doneText(key, preview.value),
        preview.value.plan.inverse !== null && preview.value.undoOf === null ? ['undo', 'showChart'] : ['showChart'],
      );
    else
      this.told(
        key,
        l10n.t('{name}: the service took the change, but it has not shown in time.', { name }),
        ['refresh', 'showChart'],
        'warning',
      );
    return seen ? 'seen' : 'unseen';
  }

  /** What holds now, as the source says it. */
  private doneText(key: ReleaseKey, { plan, releaseName: name }: Preview): string {
    const { store, l10n } = this.deps;
    const release = releaseOf(store.state, key)?.release;
    if (plan.from !== null && plan.to !== null && plan.from !== plan.to) {
      const from = formatQuantity(exactRatio(plan.from), l10n.locale);
      const to = exactRatioText(release?.ratio.desired ?? plan.to, release?.ratio.unit ?? 'users', l10n);
      return l10n.t('{name}: {from} → {to}', { name, from, to });
    }
    if (!release) return l10n.t('{name}: done', { name });
    return l10n.t('{name}: {phase}, {state}', { name, phase: phaseWord(release.phase, l10n), state: stateWord(release.state, l10n) });
  }

  private refused(key: ReleaseKey, what: IntentKind, refusal: Refusal): ActOutcome {
    const { l10n, log } = this.deps;
    if (refusal.kind === 'aborted' && this.deps.signal.aborted) return 'cancelled';
    const text = l10n.t('{name}: {text}', { name: this.nameOf(key), text: refusalText(refusal, l10n) });
    log.warn(refusalLine(what, key, text, refusal.detail));
    const sourceId = releaseOf(this.deps.store.state, key)?.release.sourceId;
    const next: readonly CommandName[] =
      refusal.kind === 'unauthorized' || refusal.kind === 'forbidden'
        ? sourceId === BUILTIN_SOURCE // It knows its own token.
          ? ['showLog']
          : ['enterToken']
        : refusal.kind === 'unreachable' || refusal.kind === 'unknownOutcome'
          ? ['refresh', 'showLog']
          : ['showChart'];
    this.told(key, text, next, refusal.kind === 'unsupported' ? 'info' : 'warning');
    return 'refused';
  }

  private labelOf(command: CommandName): string {
    const { l10n } = this.deps;
    switch (command) {
      case 'undo':
        return l10n.t('Undo…');
      case 'showChart':
        return l10n.t('Show Chart');
      case 'refresh':
        return l10n.t('Refresh');
      case 'enterToken':
        return l10n.t('Enter Token…');
      case 'showLog':
        return l10n.t('Show Output');
      default:
        return command;
    }
  }

  /** A message that waits for nobody; its buttons are commands on the release. */
  private told(key: ReleaseKey, text: string, commands: readonly CommandName[], severity: 'info' | 'warning' = 'info'): void {
    const buttons = commands.map((command) => this.labelOf(command));
    const shown = severity === 'info' ? toasts.info(text, ...buttons) : toasts.warn(text, ...buttons);
    shown
      .then((choice) => {
        const command = commands[buttons.indexOf(choice ?? '')];
        const sourceId = releaseOf(this.deps.store.state, key)?.release.sourceId;
        return command
          ? vscode.commands.executeCommand(commandId(command), { key, ...(sourceId === undefined ? {} : { sourceId }) })
          : undefined;
      })
      .then(undefined, (error: unknown) => this.deps.log.error(`A message could not be shown: ${String(error)}`));
  }
}
