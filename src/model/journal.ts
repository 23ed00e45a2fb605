import type { Intent, Refusal } from './intent.ts';
import type { ReleaseKey } from './release.ts';

/** What was about to be sent, written before it was: a crash in between leaves this line without an outcome, which is the truth. */
export interface JournalAct {
  readonly type: 'act';
  readonly id: string;
  /** Epoch milliseconds. */
  readonly time: number;
  readonly who: string;
  readonly release: ReleaseKey;
  readonly releaseName: string;
  readonly sourceName: string;
  readonly intent: Intent;
  readonly from: number | null;
  readonly to: number | null;
  readonly reason: string | null;
  /** The act that this one undoes. */
  readonly undoOf: string | null;
  readonly revision: string;
  readonly request: { readonly method: string; readonly url: string; readonly body: string | null };
  /** What undoes it, by itself; null where nothing does. */
  readonly inverse: Intent | null;
}

/** How an act ended. `done`: the backend took it; `seen`: its effect was in a later snapshot; `unseen`: it was not, in time. */
export interface JournalOutcome {
  readonly type: 'outcome';
  readonly of: string;
  readonly time: number;
  readonly result: 'done' | 'seen' | 'unseen' | 'refused' | 'unknown';
  /** The release's revision after it; null where it is not known. */
  readonly revision: string | null;
  readonly refusal: Refusal['kind'] | null;
  readonly detail: string;
}

export type JournalLine = JournalAct | JournalOutcome;

/** An act with everything that is known of how it ended, newest outcome last. */
export interface JournalEntry {
  readonly act: JournalAct;
  readonly outcomes: readonly JournalOutcome[];
}

/** The acts in the order they were written, each with its outcomes. An outcome without its act is left out. */
export const replay = (lines: Iterable<JournalLine>): readonly JournalEntry[] => {
  const acts = new Map<string, { act: JournalAct; outcomes: JournalOutcome[] }>();
  for (const line of lines) {
    if (line.type === 'act') {
      if (!acts.has(line.id)) acts.set(line.id, { act: line, outcomes: [] });
    } else acts.get(line.of)?.outcomes.push(line);
  }
  return [...acts.values()];
};
