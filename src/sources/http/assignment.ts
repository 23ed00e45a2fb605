import type { Decoded } from '../../base/decode.ts';
import { message, type Message } from '../../model/message.ts';
import type { SourceMessageKey } from '../messages.ts';
import type { decodeAssignment, WireRelease } from './wire.ts';

/** The service counts users into this many buckets; the lowest ones are on the canary. */
const BUCKETS = 100_000;

/** How a user's variant came about. */
export const assignmentReason = (
  release: WireRelease,
  { variant, bucket }: Decoded<typeof decodeAssignment>,
): Message<SourceMessageKey> => {
  if (release.phase !== 'gray') return message('source.assignment.everyone', { phase: release.phase });
  const below = Math.round((release.actualRatio ?? release.ratio) * BUCKETS);
  return message(variant === 'canary' ? 'source.assignment.canary' : 'source.assignment.stable', { bucket, buckets: BUCKETS, below });
};
