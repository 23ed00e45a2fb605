import { existsSync } from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { RolloutActions } from './actions/actions.ts';
import { faultText } from './base/log.ts';
import { DisposableStore } from './base/disposable.ts';
import { Acts } from './commands/act.ts';
import { Filter } from './commands/filter.ts';
import { createHandlers } from './commands/handlers.ts';
import { ReleaseLinks } from './commands/links.ts';
import { registerCommands } from './commands/register.ts';
import { Example } from './commands/tryExample.ts';
import { Journal } from './journal/journal.ts';
import { createActionsWorld } from './platform/actionsWorld.ts';
import { WorkerAssessor } from './platform/assessor.ts';
import { Builtin, otherVersion } from './platform/builtin.ts';
import { Config } from './platform/config.ts';
import { ContextKeys } from './platform/contextKeys.ts';
import { welcomeFor } from './platform/guidance.ts';
import { BUILTIN_SOURCE, commandId } from './platform/ids.ts';
import { IncidentLedger } from './platform/incidentLedger.ts';
import { JournalDocuments } from './platform/journalDocument.ts';
import { l10n } from './platform/l10n.ts';
import { createLog } from './platform/log.ts';
import { Monitor } from './platform/monitor.ts';
import { Mutes } from './platform/mutes.ts';
import { networkFace, openHttp, openSource } from './platform/openSource.ts';
import { Tokens } from './platform/secrets.ts';
import { Recent } from './platform/recent.ts';
import { SourceProblems } from './platform/sourceProblems.ts';
import { SourceRegistry } from './platform/sourceRegistry.ts';
import { systemClock } from './platform/systemClock.ts';
import { translate } from './platform/translate.ts';
import { TreeMemory } from './platform/treeMemory.ts';
import { Undoable } from './platform/undoable.ts';
import { EMPTY_STATE } from './store/state.ts';
import { Store } from './store/store.ts';
import { ChartPanels } from './views/chartPanel.ts';
import { Notifications } from './views/notification.ts';
import { StatusBar } from './views/statusBar.ts';
import { releaseContext, type ReleaseContext } from './views/releaseWords.ts';
import { ReleaseTree } from './views/tree.ts';

/** What the tests inside a real editor look at. There is no other interface: what is outside sees nothing. */
export interface TestApi {
  readonly store: Store;
  readonly tree: ReleaseTree;
  readonly contextKeys: ContextKeys;
  readonly journalFile: string;
}

/** Builds everything by hand, in the order in which one thing needs another; nothing here starts until a source exists. */
export const activate = (context: vscode.ExtensionContext): TestApi | undefined => {
  const owned = new DisposableStore();
  context.subscriptions.push(owned);
  const clock = systemClock;
  const end = new AbortController();
  owned.add({ dispose: () => end.abort() });
  const log = owned.add(createLog());
  const storage = context.globalStorageUri.fsPath;
  const dist = path.join(context.extensionUri.fsPath, 'dist');
  const backendPath = path.join(dist, 'backend.js');
  const serviceDir = path.join(storage, 'service');
  const version = String((context.extension.packageJSON as { readonly version?: unknown }).version);

  const store = owned.add(
    new Store(EMPTY_STATE, (fault) => log.error(`A view did not take the news, a fault of this extension: ${faultText(fault)}`)),
  );
  const config = owned.add(new Config());
  const tokens = new Tokens(context.secrets);
  const mutes = new Mutes(context.globalState);
  const filter = owned.add(new Filter(context.workspaceState));
  const assessor = owned.add(new WorkerAssessor(new URL('./analysisWorker.js', import.meta.url), log));
  const monitor = owned.add(new Monitor({ store, assessor, clock, log }));
  const journal = new Journal(path.join(storage, 'journal.jsonl'), (problem) => log.warn(problem));
  const actions = new RolloutActions(createActionsWorld({ store, monitor, clock, log }), journal, clock);
  const journalDocuments = owned.add(
    new JournalDocuments({ journal, store, source: (id) => monitor.source(id), clock, l10n, signal: end.signal }),
  );
  const undoable = new Undoable(actions, store, log, end.signal);

  const problems = new SourceProblems(store, clock);
  const registry = owned.add(
    new SourceRegistry({
      open: (setting, pollIntervalMs) => openSource(setting, pollIntervalMs, { tokens, clock, log }),
      attach: (source) => monitor.attach(source),
      onProblem: (setting, problem) => problems.report(setting, config.current.pollIntervalMs, problem),
      log,
    }),
  );
  const builtin = owned.add(
    new Builtin({
      create: async () => {
        const { EmbeddedService } = await import('./sources/embedded/embeddedService.ts');
        return new EmbeddedService({ dataDir: serviceDir, backendPath, execPath: process.execPath, env: process.env, log, clock, version });
      },
      lives: async () => {
        // Without the file nothing is loaded at all.
        if (!existsSync(path.join(serviceDir, 'service.json'))) return false;
        const { findLivingService, readServiceFile, wasEnded } = await import('./sources/embedded/serviceFile.ts');
        const known = await readServiceFile(serviceDir);
        return known !== null && !(await wasEnded(serviceDir, known)) && (await findLivingService(serviceDir, end.signal)) !== null;
      },
      open: (info) =>
        openHttp(
          {
            id: BUILTIN_SOURCE,
            name: l10n.t('Built-in service'),
            url: info()?.url ?? '',
            ca: [],
            movesPort: true,
            remark: () => otherVersion(info()?.version ?? null, version),
          },
          () => Promise.resolve(info()?.token ?? null),
          config.current.pollIntervalMs,
          { tokens, clock, log },
        ),
      openedWith: () => `${String(config.current.pollIntervalMs)} ${networkFace()}`,
      attach: (source) => monitor.attach(source),
      onFailure: (lastOutput) => store.dispatch(lastOutput === null ? { type: 'builtinRecovered' } : { type: 'builtinFailed', lastOutput }),
      log,
    }),
  );

  const recentBuiltin = owned.add(new Recent(context.workspaceState, 'builtin', log));
  owned.add(
    builtin.onDidChange(({ status }) => {
      if (status === 'running') recentBuiltin.inUse('service');
      else if (status !== 'starting') recentBuiltin.ended();
    }),
  );

  const contextKeys = new ContextKeys(log);
  const tree = owned.add(
    new ReleaseTree(
      store,
      {
        filter: () => filter.text,
        muted: () => mutes.all,
        undoable: () => undoable.all,
        settingProblems: () => config.current.problems,
      },
      new TreeMemory(context.workspaceState, log),
      clock,
      l10n,
    ),
  );
  const statusBar = owned.add(new StatusBar(store, () => mutes.all, clock, l10n));
  const panels = owned.add(
    new ChartPanels({
      extensionUri: context.extensionUri,
      store,
      undoable,
      translate: (message) => translate(message, l10n),
      loadHistory: (key, from, to, stepMs, signal) => monitor.loadHistory(key, from, to, stepMs, signal),
      log: (text) => log.warn(text),
    }),
  );
  const run = (name: Parameters<typeof commandId>[0], argument: unknown): Thenable<unknown> =>
    vscode.commands.executeCommand(commandId(name), argument);
  const ledger = new IncidentLedger(path.join(storage, 'incidents'), clock, log);
  const notifications = owned.add(
    new Notifications({
      store,
      ledger,
      muted: () => mutes.all,
      enabled: () => config.current.notify,
      acts: { show: (key) => run('showChart', { key }), pause: (key) => run('pause', { key }), mute: (key) => run('mute', { key }) },
      clock,
      l10n,
      log,
    }),
  );
  const acts = new Acts({ actions, store, l10n, log, signal: end.signal, onActed: () => undoable.update(true) });
  const links = owned.add(new ReleaseLinks({ store, reveal: (key) => tree.reveal(key), show: (key) => panels.show(key), l10n, log }));
  owned.add(vscode.window.registerUriHandler(links));
  const recentExample = owned.add(new Recent(context.workspaceState, 'example', log));
  const example = owned.add(
    new Example({
      builtin,
      store,
      dataDir: serviceDir,
      backendPath,
      open: (key) => links.open(key),
      recent: recentExample,
      l10n,
      log,
    }),
  );

  const releaseKeys = (): ReleaseContext => releaseContext(store.state, panels.activeKey, { muted: mutes.all, undoable: undoable.all });
  const refresh = (): void => {
    contextKeys.set({
      hasSources: store.state.sources.length > 0,
      hasReleases: store.state.releases.size > 0,
      ...releaseKeys(),
      configured: [...new Set(config.current.sources.map(({ type }) => type))].sort().join(' '),
      filtered: filter.text !== '',
      builtin: builtin.state.status,
      welcome: welcomeFor(store.state, { settingProblems: config.current.problems.length }),
    });
    tree.update();
    statusBar.update();
  };
  owned.add(
    store.onDidChange(() => {
      undoable.update();
      notifications.update();
      refresh();
    }),
  );
  for (const event of [filter.onDidChange, mutes.onDidChange, undoable.onDidChange, builtin.onDidChange, panels.onDidChangeActive])
    owned.add(event(refresh));
  owned.add(
    config.onDidChange((settings) => {
      registry.apply(settings, networkFace());
      builtin.update();
      notifications.update();
      refresh();
    }),
  );
  owned.add(tokens.onDidChange(() => monitor.refresh()));
  owned.add(
    registerCommands(
      createHandlers({
        store,
        config,
        tokens,
        mutes,
        filter,
        monitor,
        registry,
        builtin,
        acts,
        undoable,
        example,
        links,
        panels,
        log,
        l10n,
        clock,
        journal: journalDocuments,
        signal: end.signal,
      }),
      log,
      l10n,
    ),
  );

  registry.apply(config.current, networkFace());
  refresh();
  // `npm start` opens on the example; a window that is loaded anew goes on with what it had open.
  const reloaded = recentExample.last(clock.now()) !== null && panels.any;
  if (process.env['ROLLOUT_LENS_EXAMPLE'] && !reloaded) void run('tryExample', undefined);
  else if (config.current.autoStart) void run('startBuiltin', undefined);
  else
    (recentBuiltin.last(clock.now()) === null ? builtin.join() : builtin.start())
      .then(() => example.resume())
      .catch((error: unknown) => log.warn(`The built-in service that may run already could not be joined: ${String(error)}`));
  // A service that another window started meanwhile is joined when one comes back to this window.
  owned.add(
    vscode.window.onDidChangeWindowState(({ focused }) => {
      if (focused && builtin.state.status === 'stopped')
        builtin
          .join()
          .catch((error: unknown) => log.warn(`The built-in service that may run already could not be joined: ${String(error)}`));
    }),
  );
  log.info(`Rollout Lens ${version} is active.`);
  return context.extensionMode === vscode.ExtensionMode.Test ? { store, tree, contextKeys, journalFile: journal.file } : undefined;
};

export const deactivate = (): void => undefined;
