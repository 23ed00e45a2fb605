/**
 * A histogram with logarithmic buckets: bucket i counts the values v with `2^(i/32) <= v < 2^((i+1)/32)`, so each is 2.2 %
 * wide and no range has to be known before. It is what is kept of response times (milliseconds): mergeable, and enough for quantiles
 * and rank tests. `counts[k]` belongs to bucket `first + k`. Values below 0.001 count in the bucket of 0.001.
 */
export interface Histogram {
  readonly first: number;
  readonly counts: readonly number[];
}

export const BUCKETS_PER_OCTAVE = 32;
const SMALLEST = 0.001;

export const EMPTY_HISTOGRAM: Histogram = { first: 0, counts: [] };

/** The bucket of a value. NaN and negative values have none; the caller refuses them before. */
export const bucketOf = (value: number): number => Math.floor(Math.log2(Math.max(value, SMALLEST)) * BUCKETS_PER_OCTAVE);

/** The lower edge of a bucket. */
export const edgeOf = (bucket: number): number => 2 ** (bucket / BUCKETS_PER_OCTAVE);

/** The sum of bucket counts, given as sparse (bucket, count) pairs in any order. */
export const histogramOf = (buckets: Iterable<readonly [bucket: number, count: number]>): Histogram => {
  let first = Infinity;
  let last = -Infinity;
  const sparse = new Map<number, number>();
  for (const [bucket, count] of buckets) {
    if (count <= 0) continue;
    sparse.set(bucket, (sparse.get(bucket) ?? 0) + count);
    if (bucket < first) first = bucket;
    if (bucket > last) last = bucket;
  }
  if (first > last) return EMPTY_HISTOGRAM;
  const counts = new Array<number>(last - first + 1).fill(0);
  for (const [bucket, count] of sparse) counts[bucket - first] = count;
  return { first, counts };
};

export const total = (histogram: Histogram): number => histogram.counts.reduce((sum, count) => sum + count, 0);

/** The p-quantile (p in 0..1), geometrically interpolated inside its bucket; NaN when the histogram is empty. */
export const quantile = (histogram: Histogram, p: number): number => {
  const n = total(histogram);
  if (n === 0) return NaN;
  const rank = p * n;
  let below = 0;
  for (let k = 0; k < histogram.counts.length; k++) {
    const count = histogram.counts[k] ?? 0;
    if (count > 0 && below + count >= rank) return edgeOf(histogram.first + k + (rank - below) / count);
    below += count;
  }
  return edgeOf(histogram.first + histogram.counts.length);
};

export function* bucketsOf(histogram: Histogram): Iterable<readonly [bucket: number, count: number]> {
  for (let k = 0; k < histogram.counts.length; k++) {
    const count = histogram.counts[k] ?? 0;
    if (count > 0) yield [histogram.first + k, count];
  }
}

export const merge = (a: Histogram, b: Histogram): Histogram => histogramOf([...bucketsOf(a), ...bucketsOf(b)]);
