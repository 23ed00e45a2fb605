import type { PanelChart } from '../../src/protocol/messages.ts';
import { arrange, element, setAttributes, setText } from '../dom.ts';
import { swatch } from '../icons.ts';
import type { Say } from '../labels.ts';
import type { Reading } from './readout.ts';

interface Item {
  readonly button: HTMLButtonElement;
  readonly name: HTMLElement;
  readonly value: HTMLElement;
}

/** Which line is which, what it says now or at the cross-hair, and a switch for each. */
export class Legend {
  readonly element = element('div', { class: 'legend', role: 'group' });
  private readonly caption = element('span', { class: 'legend-caption' });
  private readonly items = new Map<string, Item>();
  private readonly onToggle: (columnId: string) => void;

  constructor(onToggle: (columnId: string) => void) {
    this.onToggle = onToggle;
  }

  /** `caption`: of when the values are. */
  update(chart: PanelChart, readings: readonly Reading[], hidden: ReadonlySet<string>, caption: string, say: Say): void {
    setAttributes(this.element, { 'aria-label': chart.title });
    const buttons = readings.toReversed().map(({ column, text }) => {
      const item = this.items.get(column.id) ?? this.add(column.id, column.tone);
      const isHidden = hidden.has(column.id);
      setText(item.name, column.label);
      setText(item.value, text);
      const action = say(isHidden ? 'legend.show' : 'legend.hide', { name: column.label });
      setAttributes(item.button, { 'aria-pressed': String(!isHidden), title: action });
      return item.button;
    });
    setText(this.caption, caption);
    arrange(this.element, [this.caption, ...buttons]);
  }

  private add(id: string, tone: PanelChart['columns'][number]['tone']): Item {
    const name = element('span', { class: 'legend-name' });
    const value = element('span', { class: 'legend-value' });
    const button = element('button', { type: 'button', class: 'legend-item', 'data-column': id });
    button.append(swatch(tone), name, ' ', value);
    button.addEventListener('click', () => {
      this.onToggle(id);
    });
    const item = { button, name, value };
    this.items.set(id, item);
    return item;
  }
}
