import type { PanelMissing } from '../../src/protocol/messages.ts';
import { element, setText } from '../dom.ts';
import { sayIn } from '../labels.ts';
import { ActionRow } from '../ui/actionRow.ts';
import { createProgress } from '../ui/controls.ts';

/** The page of a release that no source tells of: why, and what brings it back. */
export class Missing {
  readonly element = element('div', { class: 'content missing' });
  private readonly title = element('h1', { class: 'title' });
  private readonly waiting = element('div', { hidden: '' });
  private readonly notice = element('p', { class: 'notice', role: 'status' });
  private readonly actions: ActionRow;

  constructor(onAction: (command: string) => void, onRefused: (why: string) => void) {
    this.actions = new ActionRow(onAction, onRefused);
    this.element.append(this.title, this.waiting, this.notice, this.actions.element);
  }

  update(message: PanelMissing): void {
    const say = sayIn(message.labels);
    setText(this.title, message.title);
    if (message.waiting && this.waiting.childElementCount === 0) this.waiting.append(createProgress(say('loading')));
    this.waiting.hidden = !message.waiting;
    setText(this.notice, message.text);
    this.actions.update(say('actions.label'), message.actions);
    this.actions.element.hidden = message.actions.length === 0;
  }
}
