import type * as vscode from 'vscode';
import type { ReleaseState } from '../store/state.ts';
import type { Localizer } from '../platform/localizer.ts';
import { prompts } from '../platform/prompts.ts';
import { ratioPart } from '../views/releaseText.ts';
import { exactRatioText } from '../views/words.ts';
import { movedText, parseRatio, suggestedRatios } from './ratioInput.ts';

interface RatioItem extends vscode.QuickPickItem {
  /** Null for a line that only says what is wrong with the input. */
  readonly ratio: number | null;
}

const itemFor = (state: ReleaseState, ratio: number, note: string | null, l10n: Localizer): RatioItem => ({
  label: exactRatioText(ratio, 'users', l10n),
  ...(note === null ? {} : { description: note }),
  detail: movedText(state, ratio, l10n),
  ratio,
  alwaysShow: true,
});

const itemsFor = (state: ReleaseState, typed: string, l10n: Localizer): readonly RatioItem[] => {
  const input = parseRatio(typed);
  switch (input.kind) {
    case 'empty':
      return suggestedRatios(state).map(({ ratio, step }) =>
        itemFor(state, ratio, step !== null ? l10n.t('step {step}', { step }) : ratio === 0 ? l10n.t('back to 0') : null, l10n),
      );
    case 'ratio':
      return [itemFor(state, input.ratio, input.ratio === state.release.ratio.desired ? l10n.t('as it is now') : null, l10n)];
    case 'notANumber':
      return [
        {
          label: l10n.t('Not a number: {text}', { text: typed.trim() }),
          detail: l10n.t('Type a share in per cent, for example 25 or 2.5.'),
          ratio: null,
          alwaysShow: true,
        },
      ];
    case 'tooSmall':
      return [
        {
          label: l10n.t('Too small: {text}', { text: typed.trim() }),
          detail: l10n.t('The smallest ratio is 0.001 %; type 0 for none.'),
          ratio: null,
          alwaysShow: true,
        },
      ];
    case 'outOfRange':
      return [
        {
          label: l10n.t('Out of range: {text}', { text: typed.trim() }),
          detail: l10n.t('A ratio lies between 0 and 100 %.'),
          ratio: null,
          alwaysShow: true,
        },
      ];
  }
};

/** Asks for a ratio: the steps to choose from, or any value typed, checked and told what it moves while it is typed. Null when given up. */
export const askRatio = (state: ReleaseState, l10n: Localizer): Promise<number | null> =>
  new Promise((resolve) => {
    const pick = prompts.list<RatioItem>();
    const { name } = state.release;
    pick.title = l10n.t('Set ratio of {name} (now {ratio})', { name, ratio: ratioPart(state, l10n).text });
    pick.placeholder = l10n.t('Type per cent, or choose');
    pick.items = itemsFor(state, '', l10n);
    let answer: number | null = null;
    pick.onDidChangeValue((typed) => {
      pick.items = itemsFor(state, typed, l10n);
    });
    pick.onDidAccept(() => {
      // What was typed counts: Enter may come before the line for it is there, and then nothing, or the line before it, is selected.
      const input = parseRatio(pick.value);
      const ratio = input.kind === 'ratio' ? input.ratio : input.kind === 'empty' ? (pick.selectedItems[0]?.ratio ?? null) : null;
      // A line that says what is wrong cannot be accepted; the box stays open.
      if (ratio === null) return;
      answer = ratio;
      pick.hide();
    });
    pick.onDidHide(() => {
      pick.dispose();
      resolve(answer);
    });
    pick.show();
  });
