import type { ActionMessageKey } from '../actions/messages.ts';

/** What the actions say, in English. */
export const ACTION_TEXTS: Readonly<Record<ActionMessageKey, string>> = {
  'action.warn.stale': 'What is shown is {age} old: the release may have moved since.',
  'action.warn.regressing': 'The canary is regressing, and this gives it to more users.',
  'action.warn.aboveStep': 'This goes beyond the next step, which is {step}.',
  'action.warn.notEnough': 'The evidence does not show yet that the canary is healthy.',
  'action.warn.pending': 'An earlier change from {from} to {to} has not been seen yet.',
  'action.refused.unknownSource': 'The source of this release is not configured any more.',
  'action.refused.goneRelease': 'This release is not known (any more).',
  'action.refused.journal': 'Nothing was sent: the journal cannot be written ({detail}).',
  'action.refused.nothingToUndo': 'There is no change of yours that could be undone.',
  'action.refused.undoMoved': 'The release has moved since your change, so undoing it would undo more than that.',
  'action.refused.undoIrreversible': 'Your last change cannot be undone.',
  'action.refused.aborted': 'Cancelled; nothing was sent.',
};
