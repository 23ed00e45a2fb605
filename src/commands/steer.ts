import type { IntentKind } from '../model/release.ts';
import { releaseOf } from '../store/select.ts';
import type { ReleaseState } from '../store/state.ts';
import type { Acts, ActOutcome } from './act.ts';
import { askRatio } from './askRatio.ts';
import { askStep } from './askStep.ts';
import { pickRelease, type PickDeps } from './releaseArgument.ts';

export interface SteerDeps extends PickDeps {
  readonly acts: Acts;
}

const can =
  (kind: IntentKind) =>
  (state: ReleaseState): boolean =>
    state.release.abilities[kind].can;

/** An optional ratio (0..1) given with the command, as another extension or a key binding may. */
const ratioOf = (argument: unknown): number | null =>
  typeof argument === 'object' && argument !== null && 'ratio' in argument && typeof argument.ratio === 'number' ? argument.ratio : null;

export const setRatio = async (argument: unknown, deps: SteerDeps): Promise<ActOutcome> => {
  const key = await pickRelease(argument, deps, deps.l10n.t('Set Ratio'), can('setRatio'));
  const state = key ? releaseOf(deps.store.state, key) : undefined;
  if (!key) return 'cancelled';
  // What cannot be set is refused with its reason before anybody types a number.
  if (!state || !can('setRatio')(state)) return deps.acts.perform(key, { kind: 'setRatio', ratio: 0 });
  const ratio = ratioOf(argument) ?? (await askRatio(state, deps.l10n));
  return ratio === null ? 'cancelled' : deps.acts.perform(key, { kind: 'setRatio', ratio });
};

/** An optional index of a step given with the command. */
const stepOf = (argument: unknown): number | null =>
  typeof argument === 'object' && argument !== null && 'stepIndex' in argument && typeof argument.stepIndex === 'number'
    ? argument.stepIndex
    : null;

export const jumpToStep = async (argument: unknown, deps: SteerDeps): Promise<ActOutcome> => {
  const key = await pickRelease(argument, deps, deps.l10n.t('Jump to Step'), can('jumpToStep'));
  const state = key ? releaseOf(deps.store.state, key) : undefined;
  if (!key) return 'cancelled';
  // As with a ratio: why not is said before anybody chooses.
  if (!state || !can('jumpToStep')(state)) return deps.acts.perform(key, { kind: 'jumpToStep', stepIndex: 0 });
  const stepIndex = stepOf(argument) ?? (await askStep(state, deps.l10n));
  return stepIndex === null ? 'cancelled' : deps.acts.perform(key, { kind: 'jumpToStep', stepIndex });
};

export type Verb = 'nextStep' | 'promote' | 'promoteFull' | 'pause' | 'resume' | 'abort' | 'rollback';

const titleOf = (verb: Verb, { l10n }: SteerDeps): string => {
  switch (verb) {
    case 'nextStep':
      return l10n.t('Next Step');
    case 'promote':
      return l10n.t('Promote');
    case 'promoteFull':
      return l10n.t('Promote to Full');
    case 'pause':
      return l10n.t('Pause');
    case 'resume':
      return l10n.t('Resume');
    case 'abort':
      return l10n.t('Abort');
    case 'rollback':
      return l10n.t('Roll Back');
  }
};

export const steer = async (verb: Verb, argument: unknown, deps: SteerDeps): Promise<ActOutcome> => {
  const key = await pickRelease(argument, deps, titleOf(verb, deps), can(verb));
  return key ? deps.acts.perform(key, { kind: verb }) : 'cancelled';
};

export const undo = async (argument: unknown, undoable: ReadonlySet<string>, deps: SteerDeps): Promise<ActOutcome> => {
  const key = await pickRelease(argument, deps, deps.l10n.t('Undo My Last Change'), (state) => undoable.has(state.key));
  return key ? deps.acts.undo(key) : 'cancelled';
};
