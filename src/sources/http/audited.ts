import type { Intent } from '../../model/intent.ts';

/** What was asked for, as far as an audit tells one act from another. */
export interface Asked {
  readonly intent: Intent;
  readonly to: number | null;
}

interface Entry {
  readonly actor: string | null;
  readonly action: string;
  readonly to: number | null;
}

/** Same person, same act, same end. `actor` null: the requests name nobody. */
export const isOurs = (actor: string | null, asked: Asked, entry: Entry): boolean =>
  (asked.to === null || entry.to === asked.to) && isActionOf(asked.intent, entry.action) && (actor === null || entry.actor === actor);

/** The audit names a full promotion and a step apart; both are the same route. */
const isActionOf = (intent: Intent, action: string): boolean => {
  switch (intent.kind) {
    case 'setRatio':
    case 'jumpToStep':
      return action === 'setRatio';
    case 'nextStep':
    case 'promote':
      return action === 'promote' || action === 'nextStep';
    case 'promoteFull':
      return action === 'promoteFull' || action === 'promote';
    case 'pause':
    case 'resume':
    case 'abort':
    case 'rollback':
    case 'retry':
    case 'restart':
      return action === intent.kind;
  }
};
