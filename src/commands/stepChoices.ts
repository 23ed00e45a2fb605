import { formatQuantity } from '../model/format.ts';
import type { ReleaseState } from '../store/state.ts';
import type { Localizer } from '../platform/localizer.ts';
import { leadsElsewhere } from '../views/stepNode.ts';
import { exactRatioText } from '../views/words.ts';
import { movedText } from './ratioInput.ts';

export interface StepChoice {
  /** "step 2: 20% of users" */
  readonly label: string;
  /** What its pause does. */
  readonly description: string;
  readonly detail: string;
  readonly stepIndex: number;
}

/** The steps that a release can jump to: all but the one whose ratio is in force. */
export const stepChoices = (state: ReleaseState, l10n: Localizer): readonly StepChoice[] =>
  state.release.steps.flatMap(({ ratio, pauseSeconds }, stepIndex) =>
    !leadsElsewhere(state.release, stepIndex)
      ? []
      : [
          {
            label: l10n.t('step {step}: {ratio}', { step: stepIndex + 1, ratio: exactRatioText(ratio, state.release.ratio.unit, l10n) }),
            description:
              pauseSeconds === null
                ? l10n.t('then waits for a person')
                : l10n.t('then pauses {time}', { time: formatQuantity({ value: pauseSeconds, unit: 'seconds' }, l10n.locale) }),
            detail: movedText(state, ratio, l10n),
            stepIndex,
          },
        ],
  );
