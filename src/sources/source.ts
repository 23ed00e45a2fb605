import type { AbortSignalLike } from '../base/abort.ts';
import type { Result } from '../base/result.ts';
import type { AuditEntry } from '../model/audit.ts';
import type { Evidence } from '../model/evidence.ts';
import type { Message } from '../model/message.ts';
import type { Facts, Intent, Refusal } from '../model/intent.ts';
import type { Release, VariantRole } from '../model/release.ts';
import type { History } from '../model/series.ts';

export type SourceKind = 'http' | 'logs';

/** A complete picture of what a source knows. Never a delta. */
export interface SourceSnapshot {
  readonly type: 'snapshot';
  readonly sourceId: string;
  /** Rises with every snapshot of this source in this session. */
  readonly sequence: number;
  /** When the backend said this, epoch milliseconds on this machine's clock. */
  readonly at: number;
  readonly releases: readonly Release[];
  /** One short line about the connection: following 3 files, live, asks every 5 s. */
  readonly note: Message | null;
}

export type SourceErrorKind =
  'unreachable' | 'timeout' | 'unauthorized' | 'forbidden' | 'notFound' | 'invalid' | 'tooLarge' | 'server' | 'aborted';

/** Why a source has no answer. `message` is for a person; `detail` is the technical rest, tokens masked. */
export interface SourceError {
  readonly type: 'error';
  readonly sourceId: string;
  readonly kind: SourceErrorKind;
  readonly at: number;
  readonly message: Message;
  readonly detail: string;
}

export interface HistoryQuery {
  readonly releaseId: string;
  readonly from: number;
  readonly to: number;
  readonly stepMs: number;
}

export interface EvidenceQuery {
  readonly releaseId: string;
  readonly from: number;
  readonly to: number;
}

export interface PlannedRequest {
  readonly method: string;
  readonly url: string;
  /** Headers worth seeing, secrets masked. */
  readonly headers: Readonly<Record<string, string>>;
  /** The exact body, or null for none. */
  readonly body: string | null;
}

/** What will be sent, to what, on which facts. Nothing has been sent yet. */
export interface Plan {
  readonly id: string;
  readonly sourceId: string;
  readonly releaseId: string;
  readonly intent: Intent;
  readonly target: string;
  readonly revision: string;
  readonly request: PlannedRequest;
  /** Why, in the person's words: part of the request where the backend keeps reasons. */
  readonly reason: string | null;
  readonly facts: Facts;
  readonly from: number | null;
  readonly to: number | null;
  /** The ratio that the backend then goes on to by itself, 1 for everyone; null where it stands still. */
  readonly goesOnTo: number | null;
  readonly consequences: readonly Message[];
  readonly irreversible: readonly Message[];
  /** Asks in a modal dialog before it is sent. */
  readonly dangerous: boolean;
  /** What undoes it, while it still applies; null where nothing does. */
  readonly inverse: Intent | null;
}

/** The backend took the request. */
export interface Receipt {
  readonly at: number;
  readonly revision: string;
  readonly release: Release;
}

export interface Assignment {
  readonly userId: string;
  readonly variant: VariantRole;
  /** How the answer came about, for a support engineer: bucket 8,123 of 100,000, on the canary below 10,000. */
  readonly because: Message;
}

/** One configured connection or log set. Implementations dispose by the signal they were given. */
export interface Source {
  readonly id: string;
  readonly kind: SourceKind;
  /** As the person named it. */
  readonly name: string;
  /** Between two reads when nothing pushes; a source without news for three of these is stale. */
  readonly pollIntervalMs: number;
  /** Ends when the signal aborts. An error does not end it: the next item is a snapshot once the source answers again. */
  watch(signal: AbortSignalLike): AsyncIterable<SourceSnapshot | SourceError>;
  /** Makes a waiting `watch` read at once. */
  refresh(): void;
  history(query: HistoryQuery, signal: AbortSignalLike): Promise<Result<History, SourceError>>;
  evidence(query: EvidenceQuery, signal: AbortSignalLike): Promise<Result<Evidence, SourceError>>;
  /** What anybody did to the release, newest last; absent where the source keeps no such history. */
  audit?(releaseId: string, signal: AbortSignalLike): Promise<Result<readonly AuditEntry[], SourceError>>;
  /**
   * Of that history what can be this act: same person, same act, same end. For an act whose answer was lost.
   */
  auditOf?(
    act: { readonly releaseId: string; readonly intent: Intent; readonly to: number | null; readonly time: number },
    signal: AbortSignalLike,
  ): Promise<Result<readonly AuditEntry[], SourceError>>;
  plan(release: Release, intent: Intent, signal: AbortSignalLike): Promise<Result<Plan, Refusal>>;
  /** The same plan with a reason, and with it in the request, for the backend's own audit where it has one. */
  withReason(plan: Plan, reason: string | null): Plan;
  /**
   * Reads again, compares the plan's facts, sends the planned method, address and body as they are, with the revision as
   * precondition. Never sends twice blindly.
   */
  apply(plan: Plan, signal: AbortSignalLike): Promise<Result<Receipt, Refusal>>;
  /** Whether a request to this address went to what this source reads now: a setting may have come to name another service since. */
  reaches(url: string): boolean;
  /** Which variant a user gets; `unsupported` where the source cannot know. */
  assignment(releaseId: string, userId: string, signal: AbortSignalLike): Promise<Result<Assignment, Refusal>>;
}
