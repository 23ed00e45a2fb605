import { BUCKETS, canaryBuckets } from './assignment.ts';
import type { ReleaseView, ServiceRelease } from './release.ts';

/** What everybody may see of a release. */
export const viewOf = (release: ServiceRelease): ReleaseView => {
  const actualRatio = canaryBuckets(release.ratio) / BUCKETS;
  return {
    id: release.id,
    name: release.name,
    service: release.service,
    phase: release.phase,
    state: release.state,
    ratio: release.ratio,
    actualRatio,
    steps: release.steps,
    stepIndex: release.stepIndex,
    guardrails: release.guardrails,
    versions: release.versions,
    variants: {
      stable: { version: release.versions.stable, share: 1 - actualRatio },
      canary: { version: release.versions.canary, share: actualRatio },
    },
    salt: release.salt,
    revision: release.revision,
    createdAt: release.createdAt,
    updatedAt: release.updatedAt,
    ratioSince: release.ratioSince,
    stateSince: release.stateSince,
    pauseEndsAt: release.pauseEndsAt,
    pauseLeftMs: release.pauseLeftMs,
    simulated: release.simulated,
    metadata: release.metadata,
  };
};
