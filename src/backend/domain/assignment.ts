import murmur from 'murmurhash3js-revisited';
import type { VariantRole } from '../../model/release.ts';

export const BUCKETS = 100_000;

const utf8 = new TextEncoder();

/** The bucket of a user in a release, 0..99,999: murmur3 (x86, 32 bit, seed 0) of `salt/userId` in UTF-8, modulo the number of buckets. */
export const bucketOfUser = (salt: string, userId: string): number => murmur.x86.hash32(utf8.encode(`${salt}/${userId}`)) % BUCKETS;

/** How many buckets are on the canary. They are the lowest ones, so raising the ratio never moves a user back out. */
export const canaryBuckets = (ratio: number): number => Math.round(ratio * BUCKETS);

export const variantOfBucket = (bucket: number, ratio: number): VariantRole => (bucket < canaryBuckets(ratio) ? 'canary' : 'stable');
