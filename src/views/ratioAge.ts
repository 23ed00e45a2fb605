import type { ReleaseState } from '../store/state.ts';

/** Since when the ratio has been as it is, epoch milliseconds. `atLeast`: as far back as is known it was never another. */
export interface RatioAge {
  readonly since: number;
  readonly atLeast: boolean;
}

/**
 * As the owner says it. Of what is only seen in logs nobody says it: it is read off the evidence, whose last stretch begins where the canary's share of the
 * requests last moved. Null where neither is known.
 */
export const ratioAge = ({ release, evidence }: Pick<ReleaseState, 'release' | 'evidence'>): RatioAge | null => {
  const { since } = release.ratio;
  if (since !== null) return { since, atLeast: false };
  if (release.owner.kind !== 'logs' || release.phase !== 'gray' || release.ratio.actual === null || !evidence) return null;
  const strata = evidence.strata ?? [];
  const last = strata.at(-1);
  if (last && strata.length > 1) return { since: last.from, atLeast: false };
  return { since: Math.max(evidence.from, release.createdAt ?? evidence.from), atLeast: true };
};
