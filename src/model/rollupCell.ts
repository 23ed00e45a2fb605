import { bucketOf, EMPTY_HISTOGRAM, type Histogram } from './histogram.ts';

/**
 * What became of a request. `error`: failed by the source's rule (default: status 500 and above). `clientError`: 4xx and 499,
 * kept apart.
 */
export type Outcome = 'ok' | 'error' | 'clientError';

/** What one observation measured; each may be absent. It is a request when it has an outcome. */
export interface Measurements {
  readonly outcome?: Outcome | undefined;
  readonly latencyMs?: number | undefined;
  /** Whether a prediction turned out right. */
  readonly correct?: boolean | undefined;
  readonly rating?: number | undefined;
  /** Cores. */
  readonly cpu?: number | undefined;
  readonly memoryBytes?: number | undefined;
}

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
  /** Observations that name a user. */
  identified = 0;
  private first = 0;
  private counts: Float64Array | null = null;

  /** What is no number, and response times that are no time (negative, over 11 days), are left out. */
  observe({ outcome, latencyMs, correct, rating, cpu, memoryBytes }: Measurements): void {
    if (outcome !== undefined) {
      this.requests++;
      if (outcome === 'error') this.errors++;
      else if (outcome === 'clientError') this.clientErrors++;
    }
    if (latencyMs !== undefined && latencyMs >= 0 && latencyMs <= LONGEST_MS) this.addBucket(bucketOf(latencyMs), 1);
    if (correct !== undefined) {
      this.predictions++;
      if (correct) this.correct++;
    }
    if (rating !== undefined && Number.isFinite(rating)) {
      this.ratings++;
      this.ratingSum += rating;
    }
    if (cpu !== undefined && Number.isFinite(cpu)) {
      this.cpuSamples++;
      this.cpuSum += cpu;
    }
    if (memoryBytes !== undefined && Number.isFinite(memoryBytes)) {
      this.memorySamples++;
      this.memorySum += memoryBytes;
    }
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
    this.identified += other.identified;
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
