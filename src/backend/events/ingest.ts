import { err, ok, type Result } from '../../base/result.ts';
import type { VariantRole } from '../../model/release.ts';
import { bucketOfUser, variantOfBucket } from '../domain/assignment.ts';
import type { Releases, StoredRelease } from '../storage/releases.ts';
import type { Rollups } from '../storage/rollups.ts';
import type { SeenIds } from '../storage/seenIds.ts';
import { countEvent } from './cell.ts';
import { parseEvent, type IncomingEvent } from './event.ts';

export const LINES_MAX = 50_000;
/** A batch in which everything is wrong must not answer with a book. */
const REASONS_MAX = 1000;

export interface Counted {
  readonly event: IncomingEvent;
  readonly release: string;
  readonly variant: VariantRole;
}

export interface IngestAnswer {
  readonly accepted: number;
  readonly duplicate: number;
  /** Lines count from 1. Only the first 1,000 are listed. */
  readonly rejected: readonly { readonly line: number; readonly reason: string }[];
}

export interface Ingested {
  readonly answer: IngestAnswer;
  readonly counted: readonly Counted[];
}

export interface ParsedLine {
  readonly line: number;
  readonly event: Result<IncomingEvent, string>;
}

const REPLACEMENT = '\uFFFD';

/** The text of a body; what is not UTF-8 in it is U+FFFD, and `clean` says whether there was such. */
const decodeUtf8 = (body: Uint8Array): { readonly text: string; readonly clean: boolean } => {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(body), clean: true };
  } catch {
    return { text: new TextDecoder().decode(body), clean: false };
  }
};

/** The lines of an NDJSON body; empty lines are skipped. An error when there are too many. */
export const parseBatch = (body: Uint8Array, now: number): Result<readonly ParsedLine[], 'tooManyLines'> => {
  const { text, clean } = decodeUtf8(body);
  const lines: ParsedLine[] = [];
  let number = 0;
  for (const line of text.split('\n')) {
    number += 1;
    if (line.trim() === '') continue;
    if (lines.length === LINES_MAX) return err('tooManyLines');
    // Different ids would become the same.
    const broken = !clean && line.includes(REPLACEMENT);
    lines.push({ line: number, event: broken ? err('not UTF-8') : parseEvent(line, now) });
  }
  return ok(lines);
};

/** Counts a batch. Runs as a job of the group commit: nothing of it is there if it throws. */
export class Ingestor {
  private readonly releases: Releases;
  private readonly seen: SeenIds;
  private readonly rollups: Rollups;

  constructor(releases: Releases, seen: SeenIds, rollups: Rollups) {
    this.releases = releases;
    this.seen = seen;
    this.rollups = rollups;
  }

  ingest(lines: readonly ParsedLine[], now: number): Ingested {
    const known = new Map<string, StoredRelease | null>();
    const counted: (Counted & { readonly key: number })[] = [];
    const rejected: { line: number; reason: string }[] = [];
    let duplicate = 0;
    const reject = (line: number, reason: string): void => {
      if (rejected.length < REASONS_MAX) rejected.push({ line, reason });
    };
    for (const { line, event: parsed } of lines) {
      if (!parsed.ok) {
        reject(line, parsed.error);
        continue;
      }
      const event = parsed.value;
      let stored = known.get(event.release);
      if (stored === undefined) known.set(event.release, (stored = this.releases.find(event.release)));
      if (stored === null) reject(line, `$.release: there is no release ${JSON.stringify(event.release.slice(0, 100))}`);
      else if (!this.seen.add(event.id, now)) duplicate += 1;
      else counted.push({ event, key: stored.key, release: event.release, variant: variantOf(stored, event) });
    }
    // Last, and without a statement that could fail: what is gathered belongs to the commit.
    for (const { event, key, variant } of counted) {
      countEvent(this.rollups.pendingCell(key, Math.floor(event.time / 1000), variant), event);
    }
    return { answer: { accepted: counted.length, duplicate, rejected }, counted };
  }
}

/** Assigned at the ratio that holds when the event arrives. */
const variantOf = ({ release }: StoredRelease, event: IncomingEvent): VariantRole =>
  event.variant ?? variantOfBucket(bucketOfUser(release.salt, event.userId ?? ''), release.ratio);
