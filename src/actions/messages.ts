/** Keys of the texts that actions produce; `platform/messages.ts` holds the text of each. */
export type ActionMessageKey =
  /** Args: age (seconds). */
  | 'action.warn.stale'
  /** Args: metric sentence is shown beside it; no args. */
  | 'action.warn.regressing'
  /** Args: step (ratio): the ratio of the next step. */
  | 'action.warn.aboveStep'
  | 'action.warn.notEnough'
  /** Args: from, to (ratio). */
  | 'action.warn.pending'
  | 'action.refused.unknownSource'
  | 'action.refused.goneRelease'
  /** Args: detail. */
  | 'action.refused.journal'
  | 'action.refused.nothingToUndo'
  /** Args: none. The release moved since the change that would be undone. */
  | 'action.refused.undoMoved'
  | 'action.refused.undoIrreversible'
  | 'action.refused.aborted';
