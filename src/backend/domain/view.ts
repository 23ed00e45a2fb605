import { BUCKETS, canaryBuckets } from './assignment.ts';
import type { ReleaseView, ServiceRelease } from './release.ts';

export const viewOf = (release: ServiceRelease): ReleaseView => {
  const { pauseLeftMs: _left, guardedSince: _guarded, ...shown } = release;
  const actualRatio = canaryBuckets(release.ratio) / BUCKETS;
  return {
    ...shown,
    actualRatio,
    variants: {
      stable: { version: release.versions.stable, share: 1 - actualRatio },
      canary: { version: release.versions.canary, share: actualRatio },
    },
  };
};
