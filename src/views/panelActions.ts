import { commandId } from '../platform/ids.ts';
import type { Localizer } from '../platform/localizer.ts';
import type { Message } from '../model/message.ts';
import type { Ability, IntentKind, Release } from '../model/release.ts';
import type { PanelAction } from '../protocol/messages.ts';

/** The verbs that have a button. Promote has none: at a step it is Next step, after the last one Promote to full. */
const VERBS = [
  'nextStep',
  'setRatio',
  'promoteFull',
  'pause',
  'resume',
  'undo',
  'rollback',
  'abort',
] as const satisfies readonly IntentKind[];
type Verb = (typeof VERBS)[number];

/** Buttons end in "…" when they ask before they do something. */
const labelOf = (verb: Verb, l10n: Localizer): string => {
  switch (verb) {
    case 'nextStep':
      return l10n.t('Next step…');
    case 'setRatio':
      return l10n.t('Set ratio…');
    case 'promoteFull':
      return l10n.t('Promote to full…');
    case 'pause':
      return l10n.t('Pause…');
    case 'resume':
      return l10n.t('Resume…');
    case 'undo':
      return l10n.t('Undo…');
    case 'rollback':
      return l10n.t('Roll back…');
    case 'abort':
      return l10n.t('Abort…');
  }
};

const purposeOf = (verb: Verb, l10n: Localizer): string => {
  switch (verb) {
    case 'nextStep':
      return l10n.t('Go to the next step of this release');
    case 'setRatio':
      return l10n.t('Choose the share of traffic on the canary');
    case 'promoteFull':
      return l10n.t('Send all traffic to the canary');
    case 'pause':
      return l10n.t('Stay at the present ratio until resumed');
    case 'resume':
      return l10n.t('Go on with the steps');
    case 'undo':
      return l10n.t('Take back your last change of this release');
    case 'rollback':
      return l10n.t('Return all traffic to the stable version');
    case 'abort':
      return l10n.t('Stop the roll-out and return all traffic to the stable version');
  }
};

/** Always there, so that the place of a button can be learnt; the others only while they can be used. */
const ALWAYS: readonly Verb[] = ['nextStep', 'setRatio', 'rollback'];
/** What leads on, the likeliest first: the first that can be done is the primary button. */
const ONWARD: readonly Verb[] = ['nextStep', 'resume', 'promoteFull'];

/** What bears on the buttons besides the release itself. */
export interface ActionContext {
  readonly regressing: boolean;
  /** The reader's own last change of it can be taken back now. */
  readonly undoable: boolean;
  /** Nothing new is known of it. */
  readonly old: boolean;
  /** Why nothing can be sent now; null while its source answers. */
  readonly unreachable: string | null;
}

/**
 * The buttons of the panel. What hurts comes last. What leads on is primary, or the roll-back that is recommended while it regresses or its guardrail is broken; nothing is where
 * nothing new is known. While its source fails nothing can be pressed, and every button says why.
 */
export const panelActions = (
  release: Release,
  { regressing, undoable, old, unreachable }: ActionContext,
  l10n: Localizer,
  translate: (message: Message) => string,
): readonly PanelAction[] => {
  const can = (verb: Verb): Ability => release.abilities[verb];
  const pauseOrResume: Verb = can('resume').can ? 'resume' : 'pause';
  const shown = VERBS.filter((verb) => {
    if (ALWAYS.includes(verb) || verb === pauseOrResume) return true;
    return verb !== 'pause' && can(verb).can && (verb !== 'undo' || undoable);
  });
  const likely: readonly Verb[] = regressing || release.state === 'degraded' ? ['rollback'] : ONWARD;
  const primary = old || unreachable !== null ? undefined : likely.find((verb) => shown.includes(verb) && can(verb).can);
  const verbs: PanelAction[] = shown.map((verb) => {
    const ability = can(verb);
    return {
      command: commandId(verb),
      label: labelOf(verb, l10n),
      enabled: ability.can && unreachable === null,
      title: ability.can ? (unreachable ?? purposeOf(verb, l10n)) : translate(ability.why),
      tone: verb === primary ? 'primary' : 'secondary',
    };
  });
  return [
    ...verbs,
    {
      command: commandId('showJournal'),
      label: l10n.t('Journal'),
      enabled: true,
      title: l10n.t('What was done, by whom and why'),
      tone: 'secondary',
    },
  ];
};
