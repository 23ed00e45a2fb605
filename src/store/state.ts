import type { Assessment } from '../model/assessment.ts';
import type { Evidence } from '../model/evidence.ts';
import type { Message } from '../model/message.ts';
import type { Release, ReleaseKey } from '../model/release.ts';
import type { History } from '../model/series.ts';
import type { SourceError, SourceKind, SourceSnapshot } from '../sources/source.ts';

/** `stale`: no news for three poll intervals. `failed`: the last attempt ended in an error; what was known is kept and dated. */
export type SourceStatus = 'connecting' | 'connected' | 'stale' | 'failed';

export interface SourceState {
  readonly id: string;
  readonly kind: SourceKind;
  readonly name: string;
  readonly pollIntervalMs: number;
  readonly status: SourceStatus;
  readonly snapshot: SourceSnapshot | null;
  readonly error: SourceError | null;
  /** When the source last answered, epoch milliseconds; null before the first answer. */
  readonly lastSuccessAt: number | null;
  /** The same by the clock's `elapsed`, which nobody sets back. */
  readonly lastSuccessElapsed: number | null;
}

/** What has been asked for and is not yet seen in a snapshot. */
export interface PendingRatio {
  readonly from: number | null;
  readonly to: number;
  readonly at: number;
}

/** Measuring or judging a release failed although its source answers: what is known of it is old from `since` on. */
export interface MeasureError {
  /** When it last failed, and when it failed first since it last worked; epoch milliseconds. */
  readonly at: number;
  readonly since: number;
  readonly message: Message;
}

export interface ReleaseState {
  readonly key: ReleaseKey;
  readonly release: Release;
  readonly evidence: Evidence | null;
  readonly history: History | null;
  readonly assessment: Assessment | null;
  /** Since when it regresses without a break, as far as the data tells; epoch milliseconds, null while it does not. */
  readonly regressingSince: number | null;
  readonly pending: PendingRatio | null;
  /** Null while evidence, history and assessment are as fresh as their source. */
  readonly measureError: MeasureError | null;
}

/** Everything the views show. Immutable and complete: a new object for every change, never a delta. */
export interface State {
  readonly sources: readonly SourceState[];
  readonly releases: ReadonlyMap<ReleaseKey, ReleaseState>;
  /** The built-in service could not be kept alive: its last output, for a tree item. */
  readonly builtinFailure: string | null;
}

export const EMPTY_STATE: State = { sources: [], releases: new Map(), builtinFailure: null };
