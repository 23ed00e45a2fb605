import { RANGES, type PanelState, type RangeMinutes } from '../../src/protocol/messages.ts';
import { element } from '../dom.ts';
import type { Say } from '../labels.ts';
import { createDropdown, createProgress } from '../ui/controls.ts';

/** Over which time the charts look, beside their title; a ring turns while another range is read. */
export class RangeChooser {
  readonly element: HTMLElement;
  private readonly busy = element('span', { class: 'busy', hidden: '' });
  private readonly dropdown;

  constructor(onRange: (minutes: RangeMinutes) => void) {
    this.dropdown = createDropdown('range', (value) => {
      const minutes = RANGES.find((range) => String(range) === value);
      if (minutes !== undefined) onRange(minutes);
    });
    this.element = element('div', { class: 'range' }, this.busy, this.dropdown.element);
  }

  update(state: PanelState, say: Say): void {
    this.dropdown.update(
      say('range.label'),
      RANGES.map((minutes) => ({ value: String(minutes), label: say(`range.${minutes}`) })),
      String(state.rangeMinutes),
    );
    // Without any chart yet the place of the charts says so, and more loudly.
    const loading = state.history.status === 'loading' && state.charts.length > 0;
    if (loading && this.busy.childElementCount === 0) this.busy.append(createProgress(say('loading')));
    this.busy.hidden = !loading;
  }
}
