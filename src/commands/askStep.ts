import type { ReleaseState } from '../store/state.ts';
import type { Localizer } from '../platform/localizer.ts';
import { prompts } from '../platform/prompts.ts';
import { ratioPart } from '../views/releaseText.ts';
import { stepChoices } from './stepChoices.ts';

/** Asks for a step; each says its ratio and what going there moves. The index of the step, null when given up. */
export const askStep = async (state: ReleaseState, l10n: Localizer): Promise<number | null> => {
  const { name } = state.release;
  const choice = await prompts.pick([...stepChoices(state, l10n)], {
    title: l10n.t('Jump to a step of {name} (now {ratio})', { name, ratio: ratioPart(state, l10n).text }),
    placeHolder: l10n.t('Which step?'),
    matchOnDescription: true,
  });
  return choice?.stepIndex ?? null;
};
