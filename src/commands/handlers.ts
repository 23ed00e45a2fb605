import * as vscode from 'vscode';
import type { Clock } from '../base/clock.ts';
import type { ReleaseKey } from '../model/release.ts';
import { summary } from '../store/select.ts';
import type { Store } from '../store/store.ts';
import type { Builtin } from '../platform/builtin.ts';
import type { Config } from '../platform/config.ts';
import type { Localizer } from '../platform/localizer.ts';
import type { OutputLog } from '../platform/log.ts';
import type { Monitor } from '../platform/monitor.ts';
import type { Mutes } from '../platform/mutes.ts';
import { contactService } from '../platform/openSource.ts';
import type { Tokens } from '../platform/secrets.ts';
import type { SourceRegistry } from '../platform/sourceRegistry.ts';
import { toasts } from '../platform/toasts.ts';
import { translate } from '../platform/translate.ts';
import type { Undoable } from '../platform/undoable.ts';
import type { Acts } from './act.ts';
import { addLogSource } from './addLogSource.ts';
import { Connecting } from './connect.ts';
import { enterToken } from './enterToken.ts';
import type { Filter } from './filter.ts';
import { copyLink, type ReleaseLinks } from './links.ts';
import { openSettings } from './openSettings.ts';
import type { Handlers } from './register.ts';
import { keyOfArgument, pickRelease, sourceOfArgument } from './releaseArgument.ts';
import { jumpToStep, setRatio, steer, undo, type Verb } from './steer.ts';
import type { Example } from './tryExample.ts';
import { removeSource } from './removeSource.ts';
import { whichVariant } from './whichVariant.ts';

/** What the commands work with; each is handed on to its own file with what it needs of it. */
export interface HandlerDeps {
  readonly store: Store;
  readonly config: Config;
  readonly tokens: Tokens;
  readonly mutes: Mutes;
  readonly filter: Filter;
  readonly monitor: Monitor;
  readonly registry: SourceRegistry;
  readonly builtin: Builtin;
  readonly acts: Acts;
  readonly undoable: Undoable;
  readonly example: Example;
  readonly links: ReleaseLinks;
  readonly panels: { show(key: ReleaseKey): void; readonly activeKey: ReleaseKey | null };
  readonly journal: { show(key: ReleaseKey | null): Promise<void> };
  readonly log: OutputLog;
  readonly l10n: Localizer;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

export const createHandlers = (deps: HandlerDeps): Handlers => {
  const { store, config, tokens, mutes, filter, monitor, registry, builtin, acts, undoable, example, links, panels, log, l10n, signal } =
    deps;
  const pick = { store, activeKey: () => panels.activeKey, l10n, now: () => deps.clock.now() };
  const steering = { ...pick, acts };
  const sources = {
    config,
    tokens,
    l10n,
    signal,
    builtinUrl: () => (builtin.state.status === 'running' ? builtin.state.url : null),
    contact: (target: Parameters<typeof contactService>[0], until: AbortSignal) =>
      contactService(target, until, { clock: deps.clock, log }),
  };
  const connecting = new Connecting(sources);
  const verb = (name: Verb) => (argument: unknown) => steer(name, argument, steering);
  const mute = async (argument: unknown, muted: boolean): Promise<void> => {
    const title = muted ? l10n.t('Mute Alerts') : l10n.t('Unmute Alerts');
    const all = mutes.all;
    const key = await pickRelease(argument, pick, title, (state) => all.has(state.key) !== muted);
    if (!key) return;
    await mutes.set(key, muted);
    const name = store.state.releases.get(key)?.release.name ?? key;
    const text = muted
      ? l10n.t('Alerts of {name} are muted until you choose "{command}"', { name, command: l10n.t('Unmute Alerts of Release') })
      : l10n.t('Alerts of {name} are on again', { name });
    vscode.window.setStatusBarMessage(text, 10_000);
  };
  const refresh = (argument: unknown): void => {
    registry.retry();
    monitor.refresh(sourceOfArgument(argument) ?? undefined);
  };
  return {
    setRatio: (argument) => setRatio(argument, steering),
    nextStep: verb('nextStep'),
    jumpToStep: (argument) => jumpToStep(argument, steering),
    promote: verb('promote'),
    promoteFull: verb('promoteFull'),
    pause: verb('pause'),
    resume: verb('resume'),
    abort: verb('abort'),
    rollback: verb('rollback'),
    undo: (argument) => undo(argument, undoable.all, steering),
    connect: () => connecting.run(),
    addLogSource: () => addLogSource(sources),
    removeSource: (argument) => removeSource(sourceOfArgument(argument), sources),
    enterToken: (argument) => enterToken(sourceOfArgument(argument), sources),
    openSettings: (argument) => openSettings(argument, sources),
    refresh,
    retry: refresh,
    showChart: async (argument) => {
      const key = await pickRelease(argument, { ...pick, activeKey: () => null }, l10n.t('Show Chart'));
      if (key) panels.show(key);
    },
    showLog: () => log.show(),
    // Without a release it is that of all, whatever panel is in front.
    showJournal: (argument) => deps.journal.show(keyOfArgument(argument)),
    startBuiltin: async () => {
      const started = await vscode.window.withProgress(
        { location: vscode.ProgressLocation.Window, title: l10n.t('Starting the built-in service…') },
        () => builtin.start(),
      );
      if (started.ok) return started.value.url;
      log.error(`The built-in service could not be started: ${started.error.detail}`);
      void toasts.error(translate(started.error.message, l10n));
      return null;
    },
    stopBuiltin: () => builtin.stop(),
    tryExample: (argument) => example.run(argument),
    whichVariant: (argument) => whichVariant(argument, { ...pick, source: (id) => monitor.source(id), signal }),
    copyLink: (argument) => copyLink(argument, pick),
    openLink: (argument) => links.ask(argument),
    filter: (argument) => (typeof argument === 'string' ? filter.set(argument) : filter.ask(l10n)),
    clearFilter: () => filter.set(''),
    openWorst: async () => {
      const worst = summary(store.state).worst;
      if (worst) await links.open(worst);
      else void toasts.info(l10n.t('No release needs you now.'));
    },
    mute: (argument) => mute(argument, true),
    unmute: (argument) => mute(argument, false),
  };
};
