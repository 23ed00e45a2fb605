import { bucketOfUser, variantOfBucket } from '../../src/backend/domain/assignment.ts';
import type { VariantRole } from '../../src/model/release.ts';

/** A full hour, as second 0 of a scenario. */
export const SCENARIO_START = Date.UTC(2026, 0, 5, 9);

/** The service's assignment at a constant ratio. */
export const assignAt =
  (salt: string, ratio: number) =>
  (userId: string): VariantRole =>
    variantOfBucket(bucketOfUser(salt, userId), ratio);
