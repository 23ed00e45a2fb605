import { isActive } from '../model/release.ts';
import type { History } from '../model/series.ts';
import { ABSENT_MS, lastRequest } from '../model/traffic.ts';
import type { ReleaseState, SourceState } from '../store/state.ts';

/** Measurements end before now although their source answers: at `until`, epoch milliseconds. */
export interface Coverage {
  readonly until: number;
  /** They come in faster than time passes. */
  readonly catchingUp: boolean;
}

/** Measurements of so many seconds in one second are those of a past that is being told. */
const FASTER = 1.5;

/**
 * Whether the data of one release reaches now, and whether it is on its way: that is seen only from one measurement to the next. Of a log it is not
 * asked: its newest line is named beside its name.
 */
export class CoverageTracker {
  private last: { readonly until: number; readonly to: number } | null = null;
  private catchingUp = false;

  /** `shown`: what the charts were read from, which may be newer than what was measured. */
  of({ history, release, measureError }: ReleaseState, source: SourceState | null, shown: History | null): Coverage | null {
    if (!history || !isActive(release) || release.owner.kind === 'logs' || source?.status !== 'connected' || measureError) return null;
    const until = Math.max(lastRequest(history) ?? -Infinity, (shown && lastRequest(shown)) ?? -Infinity);
    if (!Number.isFinite(until)) return null;
    const { to } = history;
    if (to !== this.last?.to) {
      this.catchingUp = this.last
        ? until - this.last.until > FASTER * (to - this.last.to) + history.stepMs
        : // Data from before the release itself is told afterwards.
          release.createdAt !== null && until < release.createdAt;
      this.last = { until, to };
    }
    return to - until > ABSENT_MS ? { until, catchingUp: this.catchingUp } : null;
  }
}
