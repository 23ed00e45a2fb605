import murmur from 'murmurhash3js-revisited';
import { readVarints, VarintWriter } from './varint.ts';

const utf8 = new TextEncoder();

/**
 * What stands for a user in a set: 32 bits of murmur3 with another seed than the assignment's. Two users share one with odds of
 * n² / 2^33 for n users: a count of 10,000 is one too small once in a hundred such counts.
 */
export const userMark = (userId: string): number => murmur.x86.hash32(utf8.encode(userId), 0x7573_6572);

/** A set of marks, as rising distances. */
export const encodeUsers = (marks: ReadonlySet<number>): Uint8Array => {
  const writer = new VarintWriter();
  let previous = 0;
  for (const mark of Uint32Array.from(marks).sort()) {
    writer.push(mark - previous);
    previous = mark;
  }
  return writer.take();
};

/** Calls `each` with every mark of a stored set, rising. */
export const readUsers = (blob: Uint8Array, each: (mark: number) => void): void => {
  let mark = 0;
  readVarints(blob, (distance) => {
    mark += distance;
    each(mark);
  });
};

/** How many different marks there are. Sorting numbers in place is several times faster than a set of a million. */
export const countDistinct = (marks: readonly number[]): number => {
  const sorted = Uint32Array.from(marks).sort();
  let distinct = 0;
  for (let i = 0; i < sorted.length; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) distinct += 1;
  return distinct;
};
