import { readVarints, VarintWriter } from './varint.ts';

/** Added to bucket numbers so that none is negative: the smallest bucket is that of 0.001 ms, -319. */
const OFFSET = 320;

/** Sparse bucket counts as pairs (distance to the bucket before, count), rising. */
export const encodeLatency = (buckets: ReadonlyMap<number, number>): Uint8Array => {
  const writer = new VarintWriter();
  let previous = -OFFSET;
  for (const [bucket, count] of [...buckets].sort(([a], [b]) => a - b)) {
    writer.push(bucket - previous);
    writer.push(count);
    previous = bucket;
  }
  return writer.take();
};

/** Adds what is stored to `buckets`. */
export const addLatency = (blob: Uint8Array, buckets: Map<number, number>): void => {
  let bucket = -OFFSET;
  let isCount = false;
  readVarints(blob, (value) => {
    if (isCount) buckets.set(bucket, (buckets.get(bucket) ?? 0) + value);
    else bucket += value;
    isCount = !isCount;
  });
};
