import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Disposable } from '../base/disposable.ts';
import type { Log } from '../base/log.ts';
import { isActive, releaseKey, type ReleaseKey } from '../model/release.ts';
import type { Simulation } from '../sources/embedded/simulation.ts';
import { releaseOf } from '../store/select.ts';
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
  /** The traffic that is being started, by scenario: who asks again meanwhile waits, and finds it running. */
  private readonly starting = new Map<string, Promise<unknown>>();
  /** How often it was stopped: traffic that was being started just then is stopped too. */
  private stops = 0;
  private readonly end = new AbortController();
  private readonly listener: Disposable;

  constructor(deps: ExampleDeps) {
    this.deps = deps;
    this.listener = deps.builtin.onDidChange(({ status }) => {
      if (status === 'stopped') this.stop();
    });
  }

  private stop(): void {
    this.stops++;
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
        const scenario = scenarioOf(argument);
        progress.report({
          message: (await this.isOver(scenario))
            ? l10n.t('the last attempt is over; sending traffic to the next one…')
            : l10n.t('sending simulated traffic…'),
        });
        const simulation = await this.simulate(scenario, started.value.url, TRAFFIC.backfill);
        const release = await simulation.release;
        // Why it ended before it named one is told where it ends.
        if (release === null) return null;
        const key = releaseKey(BUILTIN_SOURCE, release);
        if (await this.shown(key, simulation)) {
          await this.deps.open(key);
          return key;
        }
        if (!this.end.signal.aborted) void toasts.warn(l10n.t('The simulated release {release} has not appeared in time.', { release }));
        return null;
      }),
    );
  }

  /** Whether the release that this window's traffic feeds is over, such as after a roll-back. */
  private async isOver(scenario: string): Promise<boolean> {
    const release = await this.running.get(scenario)?.release;
    const known = typeof release === 'string' ? releaseOf(this.deps.store.state, releaseKey(BUILTIN_SOURCE, release)) : undefined;
    return known !== undefined && !isActive(known.release);
  }

  /** The traffic that this window sent before it was loaded anew goes on; older traffic does not. */
  async resume(): Promise<void> {
    const { recent, builtin, log } = this.deps;
    const last = recent.last(Date.now());
    if (last === null) return;
    const [scenario, release] = last.split(' ');
    // A service that was not joined has ended: loading the window took longer than it stays without one.
    const started = await builtin.start();
    if (started.ok) await this.simulate(scenarioOf(scenario), started.value.url, RESUMED_BACKFILL, release);
    else log.error(`The built-in service could not be started: ${started.error.detail}`);
  }

  /**
   * The traffic that runs already, unless its release is over; else new traffic, for the release named or the scenario's next attempt.
   * A roll-back ends an attempt, not its traffic: that goes on, on the stable version, until the next one begins.
   */
  private simulate(scenario: string, url: string, backfill: number, release?: string): Promise<Simulation> {
    const start = (): Promise<Simulation> => this.simulateNext(scenario, url, backfill, release);
    const next = (this.starting.get(scenario) ?? Promise.resolve()).then(start, start);
    this.starting.set(scenario, next);
    return next;
  }

  private async simulateNext(scenario: string, url: string, backfill: number, release?: string): Promise<Simulation> {
    const { dataDir, backendPath, l10n, log } = this.deps;
    const { stops } = this;
    const known = this.running.get(scenario);
    if (known) {
      if (!(await this.isOver(scenario))) return known;
      this.meant.add(known);
      known.dispose();
      await known.ended;
    }
    const { startSimulation } = await import('../sources/embedded/simulation.ts');
    const simulation = startSimulation({
      execPath: process.execPath,
      backendPath,
      env: process.env,
      log,
      url,
      tokenFile: path.join(dataDir, 'service.json'),
      scenario,
      ...(release === undefined ? {} : { release }),
      ...TRAFFIC,
      backfill,
    });
    this.running.set(scenario, simulation);
    if (this.end.signal.aborted || this.stops !== stops) this.stop();
    this.deps.recent.inUse(scenario);
    void simulation.release.then((id) => {
      if (id !== null && this.running.get(scenario) === simulation) this.deps.recent.inUse(`${scenario} ${id}`);
    });
    void simulation.ended.then(({ code, output }) => {
      if (this.running.get(scenario) === simulation) this.running.delete(scenario);
      // Traffic that this window ended by closing is what a reload goes on with.
      if (!this.end.signal.aborted) this.deps.recent.ended();
      log.info(`The simulated traffic of the scenario ${scenario} ended with exit code ${String(code)}.`);
      if (code === 0 || this.meant.has(simulation)) return;
      log.error(`The last output of the simulated traffic of the scenario ${scenario}: ${output}`);
      void toasts.error(l10n.t('The simulated traffic ended: {why}', { why: output.trim().split('\n').at(-1) ?? '' }));
    });
    return simulation;
  }

  /** True once the built-in source shows the release; false after a while, or when the traffic ends before. */
  private shown(key: ReleaseKey, simulation: Simulation): Promise<boolean> {
    const { store } = this.deps;
    return new Promise((resolve) => {
      const has = (): boolean => store.state.releases.has(key);
      const finish = (): void => {
        clearTimeout(timer);
        listener.dispose();
        resolve(has());
      };
      const timer = setTimeout(finish, RELEASE_WITHIN_MS);
      const listener = store.onDidChange(() => {
        if (has()) finish();
      });
      void simulation.ended.then(finish);
      this.end.signal.addEventListener('abort', finish, { once: true });
      if (has()) finish();
    });
  }

  dispose(): void {
    this.end.abort();
    this.listener.dispose();
    this.stop();
  }
}
