import type { PanelAction } from '../../src/protocol/messages.ts';
import { arrange, element, setAttributes } from '../dom.ts';
import { createButton, type Button } from './controls.ts';

/** A row of buttons, one a command. They keep their elements over updates, so that focus stays where it was. */
export class ActionRow {
  readonly element = element('div', { class: 'actions', role: 'group' });
  private readonly buttons = new Map<string, Button>();
  private readonly onAction: (command: string) => void;
  private readonly onRefused: (why: string) => void;

  constructor(onAction: (command: string) => void, onRefused: (why: string) => void) {
    this.onAction = onAction;
    this.onRefused = onRefused;
  }

  update(label: string, actions: readonly PanelAction[]): void {
    setAttributes(this.element, { 'aria-label': label });
    arrange(
      this.element,
      actions.map((action) => {
        const button =
          this.buttons.get(action.command) ??
          createButton(() => {
            this.onAction(action.command);
          }, this.onRefused);
        this.buttons.set(action.command, button);
        button.update({ label: action.label, title: action.title, enabled: action.enabled, primary: action.tone === 'primary' });
        setAttributes(button.element, { 'data-command': action.command });
        return button.element;
      }),
    );
  }
}
