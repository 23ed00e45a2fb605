import type { PanelChart, PanelState } from '../../src/protocol/messages.ts';
import { arrange, element, setOptionalText, setText } from '../dom.ts';
import { bandSwatch, changeSwatch, markerSwatch } from '../icons.ts';
import type { Say } from '../labels.ts';
import type { ViewStateKeeper } from '../state.ts';
import { Card } from './card.ts';
import type { Cursor, Frame } from './frame.ts';
import { readTheme } from './theme.ts';

/** All charts of the page: the ribbon, then a grid of one a metric, with one cross-hair over all. */
export class ChartsView {
  readonly element = element('div', { class: 'charts' });
  private readonly keeper: ViewStateKeeper;
  private readonly cards = new Map<PanelChart['metric'], Card>();
  private readonly grid = element('div', { class: 'chart-grid' });
  private readonly ribbon = element('div', { class: 'chart-ribbon' });
  private readonly empty = element('p', { class: 'notice' });
  private readonly key = element('div', { class: 'chart-key' });
  private readonly words = { band: element('span'), minor: element('span'), major: element('span'), change: element('span') };
  private theme = readTheme();
  private shown: { readonly state: PanelState; readonly say: Say } | null = null;
  private cursor: Cursor | null = null;
  private selected: string | null = null;

  constructor(keeper: ViewStateKeeper) {
    this.keeper = keeper;
    const { band, minor, major, change } = this.words;
    this.key.append(
      element('span', { class: 'key-item' }, bandSwatch(), band),
      element('span', { class: 'key-item' }, markerSwatch('minor'), minor),
      element('span', { class: 'key-item' }, markerSwatch('major'), major),
      element('span', { class: 'key-item' }, changeSwatch(), change),
    );
    this.element.append(this.ribbon, this.key, this.grid, this.empty);
  }

  update(state: PanelState, say: Say): void {
    this.shown = { state, say };
    const { from, to, measuredTo, locale, events } = state;
    const frame: Frame = { from, to, measuredTo, locale, events, theme: this.theme };
    const wanted = new Set(state.charts.map((chart) => chart.metric));
    for (const [metric, card] of this.cards)
      if (!wanted.has(metric)) {
        card.dispose();
        this.cards.delete(metric);
      }
    const cards = state.charts.map((chart) => this.cardOf(chart, frame));
    arrange(
      this.ribbon,
      cards.filter((card) => card.metric === 'ratio').map((card) => card.element),
    );
    arrange(
      this.grid,
      cards.filter((card) => card.metric !== 'ratio').map((card) => card.element),
    );
    for (const chart of state.charts) this.cards.get(chart.metric)?.update(chart, frame, this.hiddenOf(chart.metric), say);
    const metrics = state.charts.some((chart) => chart.metric !== 'ratio');
    this.key.hidden = !metrics;
    setOptionalText(this.empty, metrics || state.history.status !== 'ready' ? null : say('charts.empty'));
    setText(this.words.band, say('charts.key.band'));
    setText(this.words.minor, say('charts.key.anomaly'));
    setText(this.words.major, say('charts.key.major'));
    setText(this.words.change, say('charts.key.change'));
  }

  /** Draws all again in the colours of the new theme. */
  rethink(): void {
    this.theme = readTheme();
    if (this.shown) this.update(this.shown.state, this.shown.say);
  }

  focusMarker(metric: PanelChart['metric'], markerId: string): void {
    const card = this.cards.get(metric);
    if (!card) return;
    // Focus first: the chart that loses it lets go of the cross-hair and the selection.
    card.reveal();
    this.selected = markerId;
    const time = card.timeOf(markerId);
    this.point(time === null ? null : { time, metric });
  }

  private cardOf(chart: PanelChart, frame: Frame): Card {
    const known = this.cards.get(chart.metric);
    if (known) return known;
    const card = new Card(chart, frame, {
      onCursor: (cursor) => {
        this.point(cursor);
      },
      onToggle: (metric, columnId) => {
        this.toggle(metric, columnId);
      },
    });
    this.cards.set(chart.metric, card);
    return card;
  }

  private point(cursor: Cursor | null): void {
    if (cursor === null) this.selected = null;
    this.cursor = cursor;
    for (const card of this.cards.values()) card.point(this.cursor, this.selected);
  }

  private hiddenOf(metric: PanelChart['metric']): ReadonlySet<string> {
    const prefix = `${metric}/`;
    return new Set(this.keeper.value.hidden.filter((id) => id.startsWith(prefix)).map((id) => id.slice(prefix.length)));
  }

  private toggle(metric: PanelChart['metric'], columnId: string): void {
    const id = `${metric}/${columnId}`;
    const { hidden } = this.keeper.value;
    this.keeper.update({ hidden: hidden.includes(id) ? hidden.filter((other) => other !== id) : [...hidden, id] });
    if (this.shown) this.update(this.shown.state, this.shown.say);
  }
}
