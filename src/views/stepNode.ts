import { formatQuantity } from '../model/format.ts';
import type { Release } from '../model/release.ts';
import type { ReleaseState } from '../store/state.ts';
import { pauseLeftMs, type TextContext } from './releaseText.ts';
import { row, type Part, type TreeNode } from './treeNode.ts';
import { ageText, ratioText } from './words.ts';

/** Whether one can go to a step: to any but that whose ratio is in force. */
export const leadsElsewhere = ({ steps, ratio }: Release, index: number): boolean =>
  steps[index] !== undefined && steps[index].ratio !== ratio.desired;

/** A step: done, in force or to come, and what its pause does. */
export const stepNode = (state: ReleaseState, index: number, id: string, { l10n, now }: TextContext): TreeNode => {
  const { release } = state;
  const step = release.steps[index];
  const ratio = step ? ratioText(step.ratio, release.ratio.unit, l10n) : '';
  const done = index < release.stepIndex || release.phase === 'full';
  const current = index === release.stepIndex && release.phase === 'gray';
  // A ratio set by hand stands beside the steps: none of them is in force.
  const beside = current && step !== undefined && release.ratio.desired !== null && release.ratio.desired !== step.ratio;
  const left = current ? pauseLeftMs(release, now) : null;
  const pause = step?.pauseSeconds ?? null;
  const parts: Part[] = [
    {
      text: done
        ? l10n.t('done')
        : beside
          ? l10n.t('passed: {ratio} in force', { ratio: ratioText(release.ratio.desired, release.ratio.unit, l10n) })
          : current
            ? l10n.t('in force')
            : l10n.t('to come'),
    },
    {
      text:
        left !== null
          ? l10n.t('pause, {time} left', { time: ageText(left, l10n) })
          : pause === null
            ? l10n.t('then waits for a person')
            : l10n.t('then pauses {time}', { time: formatQuantity({ value: pause, unit: 'seconds' }, l10n.locale) }),
    },
  ];
  return row(`${id}/step/${index}`, 'step', ratio, done ? parts.slice(0, 1) : parts, {
    icon: { id: done ? 'check' : current ? 'arrow-right' : 'circle-outline', color: null },
    key: state.key,
    stepIndex: index,
    contextValue: release.abilities.jumpToStep.can && leadsElsewhere(release, index) ? 'step can-jumpToStep' : 'step',
  });
};
