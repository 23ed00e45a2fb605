import { setTimeout as delay } from 'node:timers/promises';
import type { VariantRole } from '../../model/release.ts';
import { bucketOfUser, variantOfBucket } from '../domain/assignment.ts';
import type { ClientError, ServiceClient } from './client.ts';
import { readRelease, type FollowedRelease } from './release.ts';

const POLL_MS = 500;

/** Keeps the release current while traffic is sent, so that what an operator does moves the traffic within a second. */
export class FollowedRatio {
  private held: FollowedRelease;
  private lost: ClientError | null = null;
  /** Buckets by user, so that a returning user is hashed once. Bounded: it is emptied when it grows too large. */
  private readonly buckets = new Map<string, number>();
  private static readonly REMEMBERED = 50_000;

  constructor(release: FollowedRelease) {
    this.held = release;
  }

  get release(): FollowedRelease {
    return this.held;
  }

  /** Why it can be followed no more; null while it can. */
  get failure(): ClientError | null {
    return this.lost;
  }

  readonly assign = (userId: string): VariantRole => {
    let bucket = this.buckets.get(userId);
    if (bucket === undefined) {
      if (this.buckets.size >= FollowedRatio.REMEMBERED) this.buckets.clear();
      bucket = bucketOfUser(this.held.salt, userId);
      this.buckets.set(userId, bucket);
    }
    return variantOfBucket(bucket, this.held.ratio);
  };

  /** A variant without traffic does not run: the canary is not up before its start and after a rollback, the stable not after full. */
  readonly running = (variant: VariantRole): boolean => (variant === 'canary' ? this.held.ratio > 0 : this.held.ratio < 1);

  /** Ends when the signal aborts or the release is gone. */
  async follow(client: ServiceClient, onChange: (from: FollowedRelease, to: FollowedRelease) => void, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await delay(POLL_MS, undefined, { signal }).catch(() => undefined);
      const read = await readRelease(client, this.held.id, signal);
      if (!read.ok) {
        // An outage is told and timed by the sending side; what the service refuses for good ends the run.
        if (read.error.kind !== 'refused') continue;
        this.lost = read.error;
        return;
      }
      if (read.value === null) {
        this.lost = { kind: 'refused', status: 404, detail: `the release ${JSON.stringify(this.held.id)} is gone` };
        return;
      }
      const before = this.held;
      this.held = read.value;
      if (read.value.revision !== before.revision) onChange(before, read.value);
    }
  }
}
