import type { AssignedShare } from '../model/assessment.ts';
import type { Evidence } from '../model/evidence.ts';
import type { Release } from '../model/release.ts';
import { wilson } from './stats/wilson.ts';

/**
 * The share counted on the canary, in the unit of the release's ratio where the evidence has it (users need ids), else in requests. It is held
 * against the desired ratio only in the same unit and while that ratio held over the whole window; requests of one user are no
 * independent draws of a ratio of users. Null without any traffic.
 */
export const assignedShareOf = (release: Release, evidence: Evidence, ratioChanged: boolean, confidence: number): AssignedShare | null => {
  const { stable, canary } = evidence.variants;
  const users = release.ratio.unit !== 'requests' && stable.users !== null && canary.users !== null ? [canary.users, stable.users] : null;
  const unit = users ? 'users' : 'requests';
  const [counted = 0, others = 0] = users ?? [canary.requests, stable.requests];
  const total = counted + others;
  if (total === 0) return null;
  const interval = wilson(counted, total, confidence);
  const { desired } = release.ratio;
  const comparable = desired !== null && !ratioChanged && unit === release.ratio.unit;
  return {
    from: evidence.from,
    to: evidence.to,
    unit,
    canary: counted,
    total,
    share: counted / total,
    interval,
    confidence,
    offTarget: comparable ? desired < interval.low || desired > interval.high : null,
  };
};
