import { message } from '../../model/message.ts';
import { INTENT_KINDS, type Ability, type IntentKind } from '../../model/release.ts';
import type { SourceMessageKey } from '../messages.ts';
import type { Role, WireRelease } from './wire.ts';

const CAN: Ability = { can: true };
const cannot = (key: SourceMessageKey): Ability => ({ can: false, why: message(key) });

/** What the service would take now, so that a refusal is told before the attempt. Its own state machine has the last word. */
export const abilitiesOf = (release: WireRelease, role: Role | null): Readonly<Record<IntentKind, Ability>> => {
  const entries = INTENT_KINDS.map(
    (kind) => [kind, role === 'viewer' ? cannot('source.cannot.viewer') : abilityOf(kind, release)] as const,
  );
  return Object.fromEntries(entries) as Record<IntentKind, Ability>;
};

const abilityOf = (kind: IntentKind, release: WireRelease): Ability => {
  const { phase, state, steps, stepIndex } = release;
  if (kind === 'retry' || kind === 'restart') return cannot('source.cannot.unsupported');
  if (phase === 'rolledBack') return cannot(state === 'aborted' ? 'source.cannot.aborted' : 'source.cannot.phaseRolledBack');
  if (phase === 'full') return kind === 'rollback' ? CAN : cannot('source.cannot.phaseFull');
  const begun = phase === 'gray';
  switch (kind) {
    case 'setRatio':
    case 'undo':
    case 'abort':
      return CAN;
    case 'jumpToStep':
      return steps.length > 0 ? CAN : cannot('source.cannot.noSteps');
    case 'nextStep':
      if (steps.length === 0) return cannot('source.cannot.noSteps');
      return stepIndex + 1 < steps.length ? CAN : cannot('source.cannot.lastStep');
    case 'promote':
      return begun || stepIndex + 1 < steps.length ? CAN : cannot('source.cannot.noSteps');
    case 'promoteFull':
    case 'rollback':
      return begun ? CAN : cannot('source.cannot.notBegun');
    case 'pause':
      if (!begun) return cannot('source.cannot.notBegun');
      return state === 'paused' ? cannot('source.cannot.alreadyPaused') : CAN;
    case 'resume':
      if (!begun) return cannot('source.cannot.notBegun');
      return state === 'paused' || state === 'degraded' ? CAN : cannot('source.cannot.notPaused');
  }
};
