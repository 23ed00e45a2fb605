/** What the service does by itself: ends timed pauses, watches guardrails, forgets what has aged out. */
import type { Disposable } from '../base/disposable.ts';
import { actionOf, checkGuardrails, describeBroken, type GuardrailReport } from './domain/guardrail.ts';
import type { ServiceRelease } from './domain/release.ts';
import type { Act } from './domain/transition.ts';
import { readCells } from './measure/evidence.ts';
import { metricOf } from './measure/metricValue.ts';
import { knownWindow } from './measure/window.ts';
import { THE_SERVICE, type Service } from './service.ts';

const TICK_MS = 250;
const GUARD_EVERY_MS = 1000;
const PRUNE_EVERY_MS = 60_000;

export class Keeper implements Disposable {
  private readonly service: Service;
  private readonly onError: (error: unknown) => void;
  private readonly end = new AbortController();
  private readonly subscriptions: readonly Disposable[];
  /** Releases in the gray phase, as they are on the disk. */
  private readonly gray = new Map<string, ServiceRelease>();
  /** Releases with news since their guardrails were last looked at. */
  private readonly unguarded = new Set<string>();
  /** By the clock's `elapsed`, as the next. */
  private guardedAt = -Infinity;
  private prunedAt = -Infinity;
  private tickedAt = 0;
  /** When the clock was last set back, by the clock as it is since then. */
  private setBackAt = 0;
  private disposed = false;

  constructor(service: Service, onError: (error: unknown) => void) {
    this.service = service;
    this.onError = onError;
    for (const release of service.list()) this.follow(release);
    this.subscriptions = [
      service.onDidChange(({ release }) => {
        this.follow(release);
      }),
      service.onDidCount((counted) => {
        for (const { release } of counted) this.unguarded.add(release);
      }),
    ];
    void this.ticks();
  }

  dispose(): void {
    this.disposed = true;
    this.end.abort();
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private follow(release: ServiceRelease): void {
    if (release.phase === 'gray') this.gray.set(release.id, release);
    else this.gray.delete(release.id);
    this.unguarded.add(release.id);
  }

  private async ticks(): Promise<void> {
    const { clock } = this.service;
    while (!this.isDisposed()) {
      await clock.delay(TICK_MS, this.end.signal);
      if (this.isDisposed()) return;
      try {
        await this.tick();
      } catch (error) {
        // Closing the service under a tick is no failure of it.
        if (!this.isDisposed()) this.onError(error);
      }
    }
  }

  // A call hides from the compiler what was so before an await.
  private isDisposed(): boolean {
    return this.disposed;
  }

  private async tick(): Promise<void> {
    const { clock } = this.service;
    const now = clock.now();
    const passed = clock.elapsed();
    // A clock that is set back must not make the guardrails wait until it is where it was.
    if (now < this.tickedAt) this.setBackAt = now;
    this.tickedAt = now;
    for (const release of [...this.gray.values()]) {
      if (release.pauseEndsAt !== null && release.pauseEndsAt <= now) await this.advance(release);
    }
    if (passed - this.guardedAt >= GUARD_EVERY_MS) {
      this.guardedAt = passed;
      await this.guard(now);
    }
    if (passed - this.prunedAt >= PRUNE_EVERY_MS) {
      this.prunedAt = passed;
      await this.service.prune();
    }
  }

  private async advance(release: ServiceRelease): Promise<void> {
    const reason = `the pause of step ${String(release.stepIndex + 1)} of ${String(release.steps.length)} is over`;
    await this.act(release, [{ kind: 'advance' }], reason);
  }

  private async guard(now: number): Promise<void> {
    const ids = [...this.unguarded];
    this.unguarded.clear();
    for (const id of ids) {
      const release = this.gray.get(id);
      if (release === undefined || release.guardrails.length === 0) continue;
      const report = this.check(release, now);
      const acts = actsFor(release, report);
      if (acts.length === 0) continue;
      const reason = report.broken.length > 0 ? describeBroken(report.broken) : 'every guardrail is kept again';
      await this.act(release, acts, reason);
    }
  }

  private check(release: ServiceRelease, now: number): GuardrailReport {
    return checkGuardrails(release.guardrails, (guardrail) => {
      // Since a moment that has not come yet: the clock was set back after it.
      const since = release.guardedSince > now ? this.setBackAt : release.guardedSince;
      const from = Math.max(since, now - guardrail.windowSeconds * 1000);
      const value = this.service.measure(release.id, (rollups, key) => {
        // The second in which the ratio changed belongs to both ratios: it is left out.
        const window = knownWindow(Math.ceil(from / 1000) * 1000, now, now);
        const { canary } = readCells(rollups, key, window.from, window.to);
        return metricOf(guardrail.metric, canary, Math.max(1, window.to - window.from));
      });
      return value ?? { value: null, count: 0, interval: null };
    });
  }

  /** Only on the revision that was looked at: a person who was faster wins. */
  private async act(release: ServiceRelease, acts: readonly Act[], reason: string): Promise<void> {
    const done = await this.service.act({ id: release.id, acts, revisions: [release.revision], by: THE_SERVICE, reason });
    if (!done.ok && done.error.kind === 'impossible') this.onError(new Error(`${release.id}: ${done.error.why}`));
  }
}

const actsFor = (release: ServiceRelease, { broken, unknown }: GuardrailReport): readonly Act[] => {
  if (broken.length === 0) return release.state === 'degraded' && !unknown ? [{ kind: 'recover' }] : [];
  const stopped = release.state === 'degraded' || release.state === 'paused';
  const degrade: readonly Act[] = stopped ? [] : [{ kind: 'degrade' }];
  const action = actionOf(broken);
  if (action === 'abort') return [...degrade, { kind: 'abort' }];
  if (action === 'pause' && release.state !== 'paused') return [...degrade, { kind: 'pause' }];
  return degrade;
};
