import type { PanelChart } from '../../src/protocol/messages.ts';
import { element, setAttributes, setText } from '../dom.ts';
import { verdictIcon } from '../icons.ts';
import type { Say } from '../labels.ts';
import { CursorControl } from './cursorControl.ts';
import { nearestIndex } from './decimate.ts';
import type { Cursor, Frame } from './frame.ts';
import { Legend } from './legend.ts';
import { Plot } from './plot.ts';
import { lastReading, legendCaption, momentsOf, readingsAt, readoutAt, readoutText } from './readout.ts';
import { Tooltip } from './tooltip.ts';

export interface CardEvents {
  readonly onCursor: (cursor: Cursor | null) => void;
  readonly onToggle: (metric: PanelChart['metric'], columnId: string) => void;
}

/** One chart with its title, legend, cursor and read-out. */
export class Card {
  readonly element: HTMLElement;
  readonly metric: PanelChart['metric'];
  private readonly title = element('h3', { class: 'chart-title' });
  private readonly verdict = element('span', { class: 'chart-verdict' });
  private readonly canvas = element('canvas', { role: 'img' });
  private readonly body: HTMLElement;
  private readonly legend: Legend;
  private readonly tooltip = new Tooltip();
  private readonly control: CursorControl;
  private readonly events: CardEvents;
  private plot: Plot | null = null;
  private chart: PanelChart;
  private frame: Frame;
  private say: Say = (id) => id;
  private hidden: ReadonlySet<string> = new Set();
  private moments: Float64Array = new Float64Array(0);
  private cursor: Cursor | null = null;
  private selected: string | null = null;
  private shownVerdict: string | null = null;

  constructor(chart: PanelChart, frame: Frame, events: CardEvents) {
    this.chart = chart;
    this.frame = frame;
    this.metric = chart.metric;
    this.events = events;
    this.legend = new Legend((columnId) => {
      events.onToggle(chart.metric, columnId);
    });
    this.control = new CursorControl(
      (time) => {
        events.onCursor(time === null ? null : { time, metric: chart.metric });
      },
      (pixel) => this.plot?.timeAt(pixel) ?? this.frame.from,
    );
    this.body = element('div', { class: 'plot' }, this.canvas, this.control.element, this.tooltip.element);
    this.element = element(
      'section',
      { class: chart.metric === 'ratio' ? 'card ribbon' : 'card', 'data-metric': chart.metric },
      element('header', { class: 'chart-head' }, element('div', { class: 'chart-name' }, this.title, this.verdict), this.legend.element),
      this.body,
    );
  }

  dispose(): void {
    this.plot?.destroy();
  }

  update(chart: PanelChart, frame: Frame, hidden: ReadonlySet<string>, say: Say): void {
    this.chart = chart;
    this.frame = frame;
    this.hidden = hidden;
    this.say = say;
    this.moments = momentsOf(chart, frame.from, frame.to);
    setText(this.title, chart.title);
    this.showVerdict();
    setAttributes(this.canvas, { 'aria-label': chart.summary });
    const landmarks = [...chart.markers.map((marker) => marker.at), ...frame.events.map((event) => event.time)];
    this.control.update(say('cursor.label', { name: chart.title }), say('cursor.hint'), {
      moments: this.moments,
      landmarks: landmarks.sort((a, b) => a - b),
    });
    // Made only now, when the canvas is in the page and has a size.
    this.plot ??= new Plot(this.canvas, chart, frame);
    this.plot.update(chart, frame, hidden);
    this.tell();
  }

  point(cursor: Cursor | null, selected: string | null): void {
    if (cursor === this.cursor && selected === this.selected) return;
    this.cursor = cursor;
    this.selected = selected;
    this.plot?.point(cursor, selected);
    this.tell();
  }

  /** Brings the chart into view and the keyboard to it. */
  reveal(): void {
    this.element.scrollIntoView({ block: 'center', behavior: 'instant' });
    this.control.element.focus({ preventScroll: true });
  }

  /** The moment of a marker that can be pointed at; null when the marker is outside the range. */
  timeOf(markerId: string): number | null {
    const marker = this.chart.markers.find((item) => item.id === markerId);
    return marker ? (this.moments[nearestIndex(this.moments, marker.at)] ?? null) : null;
  }

  private showVerdict(): void {
    const { verdict, verdictLabel } = this.chart;
    // A chart is marked when something is wrong with it; "healthy" on seven charts would drown that.
    const marked = verdict === 'regressing' ? verdict : null;
    if (marked !== this.shownVerdict)
      this.verdict.replaceChildren(...(marked ? [verdictIcon(marked), element('span', {}, verdictLabel ?? '')] : []));
    this.shownVerdict = marked;
    setAttributes(this.element, { 'data-verdict': marked });
  }

  /** Legend, tooltip and the cursor's spoken value. */
  private tell(): void {
    const { chart, frame, say, cursor } = this;
    const readings = cursor
      ? readingsAt(chart, cursor.time, frame.locale, say)
      : chart.columns.map((column) => lastReading(column, chart, frame.locale, say));
    const caption = legendCaption(chart, cursor?.time ?? null, frame.measuredTo, frame.locale, say);
    this.legend.update(chart, readings, this.hidden, caption, say);
    if (!cursor || cursor.metric !== this.metric || !this.plot) {
      this.tooltip.hide();
      this.control.point(null, chart.summary);
      return;
    }
    // Half a step to either side belongs to the moment pointed at.
    const step = this.moments.length > 1 ? ((this.moments.at(-1) ?? 0) - (this.moments[0] ?? 0)) / (this.moments.length - 1) : 0;
    const pixels = Math.abs(this.plot.timeAt(4) - this.plot.timeAt(0));
    const readout = readoutAt(chart, frame.events, cursor.time, Math.max(step / 2, pixels), frame.locale, say);
    this.tooltip.show(readout, this.hidden, this.plot.pixelOf(cursor.time), this.body.clientWidth, say);
    this.control.point(cursor.time, readoutText(readout, this.hidden, say));
  }
}
