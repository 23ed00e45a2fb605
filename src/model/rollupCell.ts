import { bucketOf, EMPTY_HISTOGRAM, type Histogram } from './histogram.ts';

/**
 * What became of a request. `error`: failed by the source's rule (default: status 500 and above). `clientError`: 4xx and 499,
 * kept apart.
 */
export type Outcome = 'ok' | 'error' | 'clientError';

/** Response times above this (11 days) are refused as nonsense. */
const LONGEST_MS = 1e9;
/** Latency columns grow by this many buckets (half an octave), so that a growing range is not copied each time. */
const GROWTH = 16;

/** Sums over one variant and one second, minute, hour or step. Mutable: it is an accumulator. */
export class RollupCell {
  requests = 0;
  errors = 0;
  clientErrors = 0;
  predictions = 0;
  correct = 0;
  ratings = 0;
  ratingSum = 0;
  cpuSamples = 0;
  cpuSum = 0;
  memorySamples = 0;
  memorySum = 0;
  latencies = 0;
  private first = 0;
  private counts: Float64Array | null = null;

  addOutcome(outcome: Outcome): void {
    this.requests++;
    if (outcome === 'error') this.errors++;
    else if (outcome === 'clientError') this.clientErrors++;
  }

  /** Milliseconds; a value that is no time (NaN, negative, over 11 days) is refused with false. */
  addLatency(ms: number): boolean {
    if (!(ms >= 0 && ms <= LONGEST_MS)) return false;
    this.addBucket(bucketOf(ms), 1);
    return true;
  }

  add(other: RollupCell): void {
    this.requests += other.requests;
    this.errors += other.errors;
    this.clientErrors += other.clientErrors;
    this.predictions += other.predictions;
    this.correct += other.correct;
    this.ratings += other.ratings;
    this.ratingSum += other.ratingSum;
    this.cpuSamples += other.cpuSamples;
    this.cpuSum += other.cpuSum;
    this.memorySamples += other.memorySamples;
    this.memorySum += other.memorySum;
    if (other.counts === null) return;
    for (let k = 0; k < other.counts.length; k++) {
      const count = other.counts[k] ?? 0;
      if (count > 0) this.addBucket(other.first + k, count);
    }
  }

  get latency(): Histogram {
    if (this.counts === null) return EMPTY_HISTOGRAM;
    let from = 0;
    let to = this.counts.length;
    while (this.counts[from] === 0) from++;
    while (this.counts[to - 1] === 0) to--;
    return { first: this.first + from, counts: Array.from(this.counts.subarray(from, to)) };
  }

  private addBucket(bucket: number, count: number): void {
    let counts = this.counts;
    if (counts === null || bucket < this.first || bucket >= this.first + counts.length) counts = this.grow(bucket);
    const index = bucket - this.first;
    counts[index] = (counts[index] ?? 0) + count;
    this.latencies += count;
  }

  private grow(bucket: number): Float64Array {
    const old = this.counts;
    const low = Math.min(Math.floor(bucket / GROWTH) * GROWTH, old === null ? Infinity : this.first);
    const high = Math.max(Math.floor(bucket / GROWTH) * GROWTH + GROWTH, old === null ? -Infinity : this.first + old.length);
    const counts = new Float64Array(high - low);
    if (old !== null) counts.set(old, this.first - low);
    this.first = low;
    this.counts = counts;
    return counts;
  }
}
