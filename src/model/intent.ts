import type { Message } from './message.ts';
import type { IntentKind } from './release.ts';

/** What a person wants done to a release. */
export type Intent =
  /** `paused`: it is paused there, whatever it was before; what undoes an act that ended a pause. */
  | { readonly kind: 'setRatio'; readonly ratio: number; readonly paused?: true }
  | { readonly kind: 'jumpToStep'; readonly stepIndex: number }
  | { readonly kind: Exclude<IntentKind, 'setRatio' | 'jumpToStep' | 'undo'> };

/** What a plan rests on, as shown to a person when one of them moved. */
export type Facts = Readonly<Record<string, string | number | boolean | null>>;

/** `unknownOutcome`: the request may or may not have been carried out; the release was read again and is in `current`. */
export type RefusalKind =
  | 'conflict'
  | 'preconditionRequired'
  | 'forbidden'
  | 'unauthorized'
  | 'unreachable'
  | 'unsupported'
  | 'invalid'
  | 'gone'
  | 'unknownOutcome'
  | 'aborted';

export interface Refusal {
  readonly kind: RefusalKind;
  readonly message: Message;
  readonly detail: string;
  /** What the plan rested on and what holds now; null where the source could not be read. */
  readonly expected: Facts | null;
  readonly current: Facts | null;
}
