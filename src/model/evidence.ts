import type { Histogram } from './histogram.ts';
import type { VariantRole } from './release.ts';

/** What was counted of one variant in one window. Nulls are things the source cannot know, not zeros. */
export interface Tally {
  readonly requests: number;
  /** Requests that failed by the source's error rule (default: status 500 and above). */
  readonly errors: number;
  /** 4xx and 499: kept apart, never held against the canary. */
  readonly clientErrors: number;
  /** Distinct users seen in the window. */
  readonly users: number | null;
  readonly predictions: number;
  readonly correct: number;
  readonly ratings: number;
  readonly ratingSum: number;
  /** Response times in milliseconds. */
  readonly latency: Histogram;
  /** Means over the window's samples; NaN is never used, null is none. */
  readonly cpu: number | null;
  readonly memoryBytes: number | null;
}

/** Both variants over one stretch `[from, to)` of a window, epoch milliseconds, in which the ratio held. */
export interface EvidenceStratum {
  readonly from: number;
  readonly to: number;
  readonly variants: Readonly<Record<VariantRole, Tally>>;
}

/** Canary and stable over the same window `[from, to)`, epoch milliseconds. */
export interface Evidence extends EvidenceStratum {
  /**
   * The same window cut where the ratio moved, in order: without that a bad hour weighs more on the side that had more traffic in it.
   * Absent or empty: one stretch. Strata need not cover the whole window.
   */
  readonly strata?: readonly EvidenceStratum[];
}

export const EMPTY_TALLY: Tally = {
  requests: 0,
  errors: 0,
  clientErrors: 0,
  users: null,
  predictions: 0,
  correct: 0,
  ratings: 0,
  ratingSum: 0,
  latency: { first: 0, counts: [] },
  cpu: null,
  memoryBytes: null,
};
