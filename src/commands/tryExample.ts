import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Disposable } from '../base/disposable.ts';
import type { Log } from '../base/log.ts';
import type { ReleaseKey } from '../model/release.ts';
import type { Simulation } from '../sources/embedded/simulation.ts';
import type { Store } from '../store/store.ts';
import { BUILTIN_SOURCE } from '../platform/ids.ts';
import type { Builtin } from '../platform/builtin.ts';
import type { Localizer } from '../platform/localizer.ts';
import type { Recent } from '../platform/recent.ts';
import { toasts } from '../platform/toasts.ts';
import { translate } from '../platform/translate.ts';

export interface ExampleDeps {
  readonly builtin: Builtin;
  readonly store: Store;
  readonly dataDir: string;
  readonly backendPath: string;
  readonly open: (key: ReleaseKey) => Promise<void>;
  readonly recent: Recent;
  readonly l10n: Localizer;
  readonly log: Log;
}

const SCENARIOS = ['finance', 'commerce', 'medical'] as const;
const RELEASE_WITHIN_MS = 30_000;
/** Two hours of traffic, of which the first 55 minutes are told at once, so that there is something to see and to judge. */
const TRAFFIC = { duration: 7_200, speed: 900, backfill: 3_300 } as const;
/** After a reload the same story goes on where it was; what is sent twice counts once. */
const RESUMED_BACKFILL = 300;

const scenarioOf = (argument: unknown): (typeof SCENARIOS)[number] => {
  const wanted = typeof argument === 'object' && argument !== null && 'scenario' in argument ? argument.scenario : argument;
  return SCENARIOS.find((scenario) => scenario === wanted) ?? 'finance';
};

/** The built-in service with simulated traffic, in one step. The traffic belongs to this window and ends with it. */
export class Example implements Disposable {
  private readonly deps: ExampleDeps;
  private readonly running = new Map<string, Simulation>();
  /** Traffic that was ended on purpose; its end is no news. */
  private readonly meant = new WeakSet<Simulation>();
  private readonly end = new AbortController();
  private readonly listener: Disposable;

  constructor(deps: ExampleDeps) {
    this.deps = deps;
    this.listener = deps.builtin.onDidChange(({ status }) => {
      if (status === 'stopped') this.stop();
    });
  }

  private stop(): void {
    for (const simulation of this.running.values()) {
      this.meant.add(simulation);
      simulation.dispose();
    }
  }

  run(argument: unknown): Promise<ReleaseKey | null> {
    const { l10n } = this.deps;
    return Promise.resolve(
      vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: l10n.t('Live example') }, async (progress) => {
        progress.report({ message: l10n.t('starting the built-in service…') });
        const started = await this.deps.builtin.start();
        if (!started.ok) {
          void toasts.error(translate(started.error.message, l10n));
          return null;
        }
        progress.report({ message: l10n.t('sending simulated traffic…') });
        const scenario = scenarioOf(argument);
        const ended = await this.simulate(scenario, started.value.url, TRAFFIC.backfill);
        const key = await this.shown(ended);
        if (key) await this.deps.open(key);
        return key;
      }),
    );
  }

  /** The traffic that this window sent before it was loaded anew goes on; older traffic does not. */
  async resume(): Promise<void> {
    const { recent, builtin, log } = this.deps;
    const scenario = recent.last(Date.now());
    if (scenario === null) return;
    // A service that was not joined has ended: loading the window took longer than it stays without one.
    const started = await builtin.start();
    if (started.ok) await this.simulate(scenarioOf(scenario), started.value.url, RESUMED_BACKFILL);
    else log.error(`built-in service: ${started.error.detail}`);
  }

  /** Starts the traffic unless it runs already; what is returned aborts when it ends. */
  private async simulate(scenario: string, url: string, backfill: number): Promise<AbortSignal> {
    const { dataDir, backendPath, l10n, log } = this.deps;
    const over = new AbortController();
    const known = this.running.get(scenario);
    if (known) return over.signal;
    const { startSimulation } = await import('../sources/embedded/simulation.ts');
    const simulation = startSimulation({
      execPath: process.execPath,
      backendPath,
      env: process.env,
      log,
      url,
      tokenFile: path.join(dataDir, 'service.json'),
      scenario,
      ...TRAFFIC,
      backfill,
    });
    this.running.set(scenario, simulation);
    if (this.end.signal.aborted) this.stop();
    this.deps.recent.inUse(scenario);
    void simulation.ended.then(({ code, output }) => {
      this.running.delete(scenario);
      // Traffic that this window ended by closing is what a reload goes on with.
      if (!this.end.signal.aborted) this.deps.recent.ended();
      over.abort();
      log.info(`simulation ${scenario} ended with code ${String(code)}`);
      if (code === 0 || this.meant.has(simulation)) return;
      log.error(`simulation ${scenario}: ${output}`);
      void toasts.error(l10n.t('The simulated traffic ended: {why}', { why: output.trim().split('\n').at(-1) ?? '' }));
    });
    return over.signal;
  }

  /** The simulated release, once the built-in source shows one. */
  private shown(over: AbortSignal): Promise<ReleaseKey | null> {
    const { store } = this.deps;
    const find = (): ReleaseKey | null =>
      [...store.state.releases.values()]
        .filter(({ release }) => release.sourceId === BUILTIN_SOURCE && release.simulated)
        .sort((a, b) => (b.release.createdAt ?? 0) - (a.release.createdAt ?? 0))[0]?.key ?? null;
    return new Promise((resolve) => {
      const found = find();
      if (found) {
        resolve(found);
        return;
      }
      const finish = (key: ReleaseKey | null): void => {
        clearTimeout(timer);
        listener.dispose();
        resolve(key);
      };
      const timer = setTimeout(() => finish(null), RELEASE_WITHIN_MS);
      const listener = store.onDidChange(() => {
        const key = find();
        if (key) finish(key);
      });
      over.addEventListener('abort', () => finish(find()), { once: true });
      this.end.signal.addEventListener('abort', () => finish(null), { once: true });
    });
  }

  dispose(): void {
    this.end.abort();
    this.listener.dispose();
    this.stop();
  }
}
