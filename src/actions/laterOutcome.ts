import type { JournalAct, JournalEntry } from '../model/journal.ts';
import type { AuditEntry } from '../model/audit.ts';

/** A request is under way no longer than this, and no service carries it out later. */
export const UNDER_WAY_MS = 2 * 60_000;
/** What two clocks may differ by unnoticed. */
const CLOCK_SLACK_MS = 60_000;
/** An act whose end did not show itself for so long is not asked for any more. */
const LOOKED_FOR_MS = 60 * 60_000;

/** The acts of late whose end is not known: the answer was lost, or the window ended before one came. `now` in epoch milliseconds. */
export const unclearActs = (entries: readonly JournalEntry[], now: number): readonly JournalAct[] =>
  entries
    .filter(({ act, outcomes }) => {
      const age = now - act.time;
      const last = outcomes.at(-1);
      return age < LOOKED_FOR_MS && (last === undefined ? age > UNDER_WAY_MS : last.result === 'unknown');
    })
    .map(({ act }) => act);

/**
 * The revision that an act left behind, by the service's audit entries that look like it. One that another act of the journal is known to have made is
 * not this one's. Null where there is none, or where it could be more than one: then nobody knows.
 */
export const revisionMadeBy = (act: JournalAct, entries: readonly JournalEntry[], audited: readonly AuditEntry[]): string | null => {
  const known = new Set(
    entries.filter((entry) => entry.act.release === act.release).flatMap(({ outcomes }) => outcomes.map(({ revision }) => revision)),
  );
  const alike = audited.filter(
    ({ time, revision }) =>
      time >= act.time - CLOCK_SLACK_MS &&
      time <= act.time + UNDER_WAY_MS + CLOCK_SLACK_MS &&
      revision !== act.revision &&
      !known.has(revision),
  );
  const [only] = alike;
  return only && alike.length === 1 ? only.revision : null;
};
