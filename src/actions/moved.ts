import type { Evidence } from '../model/evidence.ts';
import { knownChanges } from '../model/ratioChanges.ts';
import type { Release } from '../model/release.ts';
import type { History } from '../model/series.ts';
import { rateOf, seenSeconds } from '../model/traffic.ts';

/** What changes sides with the ratio; negative: back to stable. Each names the time it was counted in, in seconds. */
export interface Moved {
  /**
   * Distinct users seen in that time. `atMost`: some of them may have been seen on both sides (the ratio moved meanwhile, or it is no share
   * of users), and are counted twice. Null where users are unknown.
   */
  readonly users: { readonly count: number; readonly atMost: boolean; readonly seconds: number } | null;
  /** At the traffic of late. Null where that is unknown. */
  readonly requests: { readonly perMinute: number; readonly seconds: number } | null;
}

export const NOTHING_MOVED: Moved = { users: null, requests: null };

/** What was measured of a release. */
export interface MeasuredRelease {
  readonly release: Release;
  readonly evidence: Evidence | null;
  readonly history: History | null;
}

/** What moves when the ratio goes from → to; nothing where either is unknown, the ratio stays, or no request was seen: none measured is not none there. */
export const movedBy = ({ release, evidence, history }: MeasuredRelease, from: number | null, to: number | null): Moved => {
  if (!evidence || from === null || to === null || from === to) return NOTHING_MOVED;
  const share = to - from;
  const { stable, canary } = evidence.variants;
  if (stable.requests + canary.requests === 0) return NOTHING_MOVED;
  const rate = rateOf(evidence, history, 'both');
  const seconds = seenSeconds(evidence, history);
  return {
    users:
      stable.users === null || canary.users === null
        ? null
        : {
            count: Math.round((stable.users + canary.users) * share),
            atMost: release.ratio.unit !== 'users' || knownChanges(release, evidence, history).length > 0,
            seconds,
          },
    requests: rate ? { perMinute: Math.round(rate.perMinute * share), seconds: rate.seconds } : null,
  };
};
