import type { AbortSignalLike } from '../base/abort.ts';
import type { Result } from '../base/result.ts';
import type { JournalEntry, JournalLine } from '../model/journal.ts';
import type { ReleaseKey } from '../model/release.ts';
import type { Source } from '../sources/source.ts';
import type { ReleaseContext } from './preview.ts';

/** The append-only history. `append` answers after the line is on disk, or with what the system said. */
export interface JournalPort {
  append(line: JournalLine): Promise<Result<void, string>>;
  read(): Promise<Result<readonly JournalEntry[], string>>;
}

/** What actions see of the rest. */
export interface ActionsWorld {
  source(sourceId: string): Source | undefined;
  context(key: ReleaseKey): ReleaseContext | undefined;
  /** The ratio was asked for: shown as wanted until a snapshot says otherwise. */
  requested(key: ReleaseKey, from: number | null, to: number): void;
  /** The request was refused: what was shown as wanted is taken back. */
  settled(key: ReleaseKey): void;
  /** Resolves true once `when` holds for the release, false after `timeoutMs` or abort. */
  seen(key: ReleaseKey, when: (context: ReleaseContext) => boolean, timeoutMs: number, signal: AbortSignalLike): Promise<boolean>;
  /** Who acts, as the journal and the backend's audit name them. */
  who(): string;
  newId(): string;
  /** Something went wrong that no answer carries: it goes to the output channel. */
  problem(detail: string): void;
}
