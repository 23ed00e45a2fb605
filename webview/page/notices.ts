import type { PanelState } from '../../src/protocol/messages.ts';
import { element, setOptionalText, setText } from '../dom.ts';
import type { Say } from '../labels.ts';
import { ActionRow } from '../ui/actionRow.ts';
import { coverageText } from './standing.ts';

/** Over the answer, while the source does not answer: why, and what can be done about it. */
export class Trouble {
  readonly element = element('div', { class: 'trouble', role: 'alert', hidden: '' });
  private readonly text = element('span');
  private readonly actions: ActionRow;

  constructor(onAction: (command: string) => void, onRefused: (why: string) => void) {
    this.actions = new ActionRow(onAction, onRefused);
    this.element.append(this.text, this.actions.element);
  }

  update({ trouble }: PanelState, say: Say): void {
    this.element.hidden = trouble === null;
    setText(this.text, trouble?.text ?? '');
    this.actions.update(say('actions.label'), trouble?.actions ?? []);
  }
}

/** Over the charts, while they end before now although the source answers. */
export class Coverage {
  readonly element = element('p', { class: 'coverage', hidden: '' });

  update(state: PanelState, say: Say): void {
    setOptionalText(this.element, coverageText(state, say));
  }
}
