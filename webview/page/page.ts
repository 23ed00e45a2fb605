import type { HostMessage, PanelMissing, PanelState, WebviewMessage } from '../../src/protocol/messages.ts';
import type { ChartsView } from '../chart/chartsView.ts';
import { element, setAttributes, setOptionalText, setText } from '../dom.ts';
import { markerSwatch, verdictIcon } from '../icons.ts';
import { sayIn, type Say } from '../labels.ts';
import type { ViewStateKeeper } from '../state.ts';
import { createButton, createProgress } from '../ui/controls.ts';
import { Answer } from './answer.ts';
import { Header } from './header.ts';
import { Missing } from './missing.ts';
import { Coverage, Trouble } from './notices.ts';
import { RangeChooser } from './rangeChooser.ts';
import { markOf, standingText } from './standing.ts';
import { Table } from './table.ts';

/** The whole page. It shows what the last message said and keeps nothing else. */
export class Page {
  private readonly root: HTMLElement;
  private readonly keeper: ViewStateKeeper;
  private readonly header: Header;
  private readonly range: RangeChooser;
  private readonly answer = new Answer();
  private readonly missing: Missing;
  private readonly trouble: Trouble;
  private readonly coverage = new Coverage();
  private readonly failure = element('div', { class: 'failure', role: 'alert', hidden: '' });
  private readonly failureText = element('span');
  private readonly retry;
  private readonly reading = element('div', { class: 'reading', hidden: '' });
  /** Comes a moment after the rest of the page: the answer is not kept waiting for it. */
  private charts: ChartsView | null = null;
  private readonly chartsPlace = element('div');
  private latest: PanelState | null = null;
  private readonly chartsTitle = element('h2', { class: 'section-title' });
  private readonly evidence: Table;
  private readonly anomalies: Table;
  private readonly content: HTMLElement;
  private readonly announcer = element('div', { class: 'visually-hidden', role: 'status', 'aria-live': 'polite' });
  private announced: string | null = null;
  private scrolled = false;

  constructor(root: HTMLElement, keeper: ViewStateKeeper, post: (message: WebviewMessage) => void) {
    this.root = root;
    this.keeper = keeper;
    const announce = (text: string): void => {
      setText(this.announcer, text);
    };
    const onAction = (command: string): void => {
      post({ type: 'action', command });
    };
    this.missing = new Missing(onAction, announce);
    this.trouble = new Trouble(onAction, announce);
    this.header = new Header({
      onAction,
      onRefused: announce,
    });
    this.range = new RangeChooser((minutes) => {
      keeper.update({ rangeMinutes: minutes });
      post({ type: 'range', minutes });
    });
    this.retry = createButton(() => {
      post({ type: 'retry' });
    }, announce);
    this.failure.append(this.failureText, this.retry.element);
    this.evidence = new Table('evidence', keeper.value.evidenceSort, (evidenceSort) => {
      keeper.update({ evidenceSort });
    });
    this.anomalies = new Table('anomalies', keeper.value.anomalySort, (anomalySort) => {
      keeper.update({ anomalySort });
    });
    const measurements = element(
      'section',
      { class: 'measurements', 'aria-labelledby': 'charts-title' },
      element('div', { class: 'section-head' }, this.chartsTitle, this.coverage.element, this.range.element),
      this.failure,
      this.reading,
      this.chartsPlace,
    );
    setAttributes(this.chartsTitle, { id: 'charts-title' });
    this.content = element(
      'div',
      { class: 'content' },
      this.header.element,
      this.trouble.element,
      this.answer.element,
      measurements,
      this.evidence.element,
      this.anomalies.element,
    );
  }

  show(message: HostMessage): void {
    document.documentElement.lang = message.locale;
    document.title = message.title;
    if (this.keeper.value.releaseKey !== message.releaseKey) this.keeper.update({ releaseKey: message.releaseKey });
    if (message.type === 'missing') this.showMissing(message);
    else this.showState(message);
  }

  addCharts(charts: ChartsView): void {
    this.charts = charts;
    this.chartsPlace.replaceWith(charts.element);
    if (this.latest) this.showState(this.latest);
  }

  /** The theme has changed: style sheets follow by themselves, canvases do not. */
  rethink(): void {
    this.charts?.rethink();
  }

  private showMissing(message: PanelMissing): void {
    this.missing.update(message);
    if (!this.missing.element.isConnected) this.root.replaceChildren(this.missing.element, this.announcer);
  }

  private showState(state: PanelState): void {
    const say = sayIn(state.labels);
    if (!this.content.isConnected) this.root.replaceChildren(this.content, this.announcer);
    setAttributes(this.content, {
      'data-freshness': state.freshness.status,
      'data-standing': state.standing.status,
      'data-history': state.history.status,
    });
    if (this.keeper.value.rangeMinutes !== state.rangeMinutes) this.keeper.update({ rangeMinutes: state.rangeMinutes });
    this.header.update(state, say);
    this.range.update(state, say);
    this.trouble.update(state, say);
    this.answer.update(state, say);
    this.coverage.update(state, say);
    setText(this.chartsTitle, say('charts.title'));
    this.failure.hidden = state.history.status !== 'failed';
    setText(this.failureText, state.history.text ?? '');
    this.retry.update({ label: say('history.retry'), title: say('history.retry'), enabled: true, primary: false });
    this.showReading(state, say);
    this.latest = state;
    this.charts?.update(state, say);
    this.showTables(state, say);
    this.announceVerdict(state, say);
    if (!this.scrolled && this.charts && state.history.status !== 'loading') {
      this.scrolled = true;
      window.scrollTo(0, this.keeper.value.scroll);
    }
  }

  private showReading(state: PanelState, say: Say): void {
    const first = this.charts === null || (state.history.status === 'loading' && state.charts.length === 0);
    this.reading.hidden = !first;
    if (first && this.reading.childElementCount === 0)
      this.reading.append(createProgress(say('loading')), element('span', {}, say('loading')));
  }

  private showTables(state: PanelState, say: Say): void {
    this.evidence.update(
      {
        title: say('evidence.title'),
        empty: say('evidence.empty'),
        openLabel: '',
        header: state.evidenceHeader,
        locale: state.locale,
        rows: state.evidence.map((row) => ({
          id: row.metric,
          cells: row.cells,
          icon: () => verdictIcon(markOf(state, row.verdict)),
          open: null,
        })),
      },
      say,
    );
    const severities = new Map(state.charts.flatMap((chart) => chart.markers.map((marker) => [marker.id, marker.severity] as const)));
    this.anomalies.update(
      {
        title: say('anomalies.title'),
        // Nothing was looked for before there is a verdict.
        empty: say(state.evidenceWindow ? 'anomalies.empty' : 'anomalies.unjudged'),
        openLabel: say('anomalies.show'),
        header: state.anomalyHeader,
        locale: state.locale,
        rows: state.anomalies.map((row) => {
          const severity = severities.get(row.markerId);
          return {
            id: row.markerId,
            cells: row.cells,
            icon: severity ? () => markerSwatch(severity) : null,
            open: () => {
              this.charts?.focusMarker(row.metric, row.markerId);
            },
          };
        }),
      },
      say,
    );
  }

  /** A screen reader hears when the verdict changes or comes to be old, not each time a number in its sentence does. */
  private announceVerdict(state: PanelState, say: Say): void {
    const verdict = `${state.verdict} ${state.standing.status}`;
    if (this.announced !== null && this.announced !== verdict)
      setOptionalText(this.announcer, `${state.title}: ${state.verdictLabel}. ${standingText(state, say) ?? ''} ${state.sentence}`);
    this.announced = verdict;
  }
}
