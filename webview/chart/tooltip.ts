import { element } from '../dom.ts';
import { changeSwatch, markerSwatch, swatch } from '../icons.ts';
import type { Say } from '../labels.ts';
import { changeText, type Readout } from './readout.ts';

/** The box that follows the cross-hair. Hidden from screen readers: the cursor tells them the same. */
export class Tooltip {
  readonly element = element('div', { class: 'tooltip', 'aria-hidden': 'true', hidden: '' });

  hide(): void {
    this.element.hidden = true;
  }

  /** `x` is the cross-hair, `width` the plot's; the box goes to the side that has room. */
  show(readout: Readout, hidden: ReadonlySet<string>, x: number, width: number, say: Say): void {
    const rows = readout.readings
      .filter((reading) => !hidden.has(reading.column.id))
      .toReversed()
      .map((reading) =>
        element(
          'div',
          { class: 'tooltip-row' },
          swatch(reading.column.tone),
          element('span', { class: 'tooltip-name' }, reading.column.label),
          element('span', { class: 'tooltip-value' }, reading.text),
          element('span', { class: 'tooltip-detail' }, reading.detail),
        ),
      );
    const notes = [
      ...readout.markers.map((marker) =>
        element('div', { class: 'tooltip-note' }, markerSwatch(marker.severity), element('span', {}, marker.text)),
      ),
      ...readout.events.map((event) =>
        element('div', { class: 'tooltip-note' }, changeSwatch(), element('span', {}, changeText(event, say))),
      ),
    ];
    this.element.replaceChildren(
      element('div', { class: 'tooltip-time' }, readout.timeText),
      element('div', { class: 'tooltip-rows' }, ...rows),
      ...notes,
    );
    this.element.hidden = false;
    const box = this.element.offsetWidth;
    const right = x + 12 + box <= width;
    this.element.style.left = `${String(Math.max(0, right ? x + 12 : x - 12 - box))}px`;
  }
}
