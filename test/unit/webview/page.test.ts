import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { aPanel } from '../../fakes/panel.ts';
import { moveBy } from '../../../webview/chart/cursorControl.ts';
import { legendCaption, momentsOf, readoutAt, readoutText } from '../../../webview/chart/readout.ts';
import { valueRange } from '../../../webview/chart/valueRange.ts';
import { missingLabels, sayIn } from '../../../webview/labels.ts';
import { decodeViewState, INITIAL, ViewStateKeeper } from '../../../webview/state.ts';
import { nextSorting, sortRows } from '../../../webview/tableSort.ts';

const panel = aPanel();
const chartOf = (metric: string) => {
  const chart = panel.charts.find((item) => item.metric === metric);
  assert.ok(chart);
  return chart;
};
const NOTHING_HIDDEN: ReadonlySet<string> = new Set();

describe('sorting a table', () => {
  const row = (...sort: (number | string | null)[]) => ({ cells: sort.map((value) => ({ text: String(value), sort: value, time: null })) });
  const rows = [row(3, 'b'), row(null, 'c'), row(20, 'a'), row(3, 'd')];
  const order = (column: number, descending: boolean): readonly string[] =>
    sortRows(rows, { column, descending }, 'en').map((item) => item.cells[1]?.text ?? '');

  it('sorts numbers by size and keeps equal rows in their order, missing values last both ways', () => {
    assert.deepEqual(order(0, false), ['b', 'd', 'a', 'c']);
    assert.deepEqual(order(0, true), ['a', 'b', 'd', 'c']);
  });
  it('sorts texts by the locale, and leaves the order alone without a sorting', () => {
    assert.deepEqual(order(1, true), ['d', 'c', 'b', 'a']);
    assert.equal(sortRows(rows, null, 'en'), rows);
  });
  it('goes up, down, and back to how it came', () => {
    const up = nextSorting(null, 2);
    const down = nextSorting(up, 2);
    assert.deepEqual([up, down, nextSorting(down, 2)], [{ column: 2, descending: false }, { column: 2, descending: true }, null]);
    assert.deepEqual(nextSorting(down, 1), { column: 1, descending: false });
  });
});

describe('the cursor along time', () => {
  const target = { moments: Float64Array.of(0, 10, 20, 30, 40), landmarks: [12, 31] };
  it('starts at the newest moment and stays inside', () => {
    assert.equal(moveBy('ArrowLeft', null, target), 40);
    assert.equal(moveBy('ArrowLeft', 40, target), 30);
    assert.equal(moveBy('ArrowRight', 40, target), 40);
    assert.equal(moveBy('Home', 20, target), 0);
  });
  it('jumps to the next landmark and stays where there is none', () => {
    assert.equal(moveBy('PageUp', 40, target), 30);
    assert.equal(moveBy('PageUp', 30, target), 10);
    assert.equal(moveBy('PageUp', 10, target), 10);
    assert.equal(moveBy('PageDown', 0, target), 10);
  });
  it('leaves other keys to the page, and does nothing without data', () => {
    assert.equal(moveBy('Tab', 10, target), null);
    assert.equal(moveBy('Home', null, { moments: new Float64Array(0), landmarks: [] }), null);
  });
});

describe('the read-out', () => {
  const say = sayIn(panel.labels);
  const chart = chartOf('errorRate');
  it('tells value, interval, observations, the anomaly with what was expected, and the change of ratio', () => {
    const marker = chart.markers[0];
    assert.ok(marker);
    const text = readoutText(readoutAt(chart, panel.events, marker.time, 1, 'en', say), NOTHING_HIDDEN, say);
    assert.match(text, /canary [\d.]+% \([\d.]+% … [\d.]+%, n = 240\)/);
    assert.match(text, /error rate of canary 4\.1%, expected 0\.6% … 1\.4%, at \d\d:45:30 \(from \d\d:45:00 to \d\d:46:00\)/);
    const change = panel.events[0];
    assert.ok(change);
    assert.match(
      readoutText(readoutAt(chart, panel.events, change.time, 1, 'en', say), NOTHING_HIDDEN, say),
      /10% → 20% \(ann: errors are flat\)/,
    );
  });
  it('says that there is no data in a gap, and does not speak of what is hidden', () => {
    const canary = chart.columns.find((column) => column.id === 'canary');
    const gap = canary?.times[canary.values.findIndex((value) => Number.isNaN(value))] ?? 0;
    assert.match(readoutText(readoutAt(chart, [], gap, 1, 'en', say), NOTHING_HIDDEN, say), /canary no data/);
    assert.doesNotMatch(readoutText(readoutAt(chart, [], gap, 1, 'en', say), new Set(['canary']), say), /canary/);
  });
  it('of a staircase tells the value that holds, not the nearest corner', () => {
    const ratio = chartOf('ratio');
    const change = panel.events[0]?.time ?? 0;
    const wanted = (time: number) => readoutAt(ratio, [], time, 1, 'en', say).readings.find((r) => r.column.id === 'wanted')?.text;
    assert.equal(wanted(change - 1), '10%');
    assert.equal(wanted(change), '20%');
  });
  it('says of when the legend’s values are', () => {
    const caption = (to: number, cursor: number | null = null) => legendCaption(chart, cursor, to, 'en', say);
    assert.equal(caption(panel.measuredTo), 'last 30 s');
    assert.match(caption(panel.measuredTo + 600_000), /^at \d\d:59:30$/);
    assert.match(caption(panel.measuredTo, panel.measuredTo - 120_000), /^at \d\d:58:00$/);
  });
  it('can stand only where a column has a value inside the range', () => {
    const moments = momentsOf(chart, panel.from, panel.to);
    assert.equal(moments.length, 120);
    assert.ok(moments.every((time, i) => i === 0 || time > (moments[i - 1] ?? 0)));
  });
});

describe('the range of values', () => {
  const chart = chartOf('errorRate');
  it('begins at zero for a share and holds lines and markers', () => {
    const range = valueRange(chart, NOTHING_HIDDEN);
    assert.ok(range && range.low === 0 && range.high >= 0.041);
  });
  it('is not blown up by the wide interval of a handful of requests', () => {
    const wide = { ...chart, columns: chart.columns.map((column) => ({ ...column, high: column.high.map(() => 1) })) };
    const range = valueRange(wide, NOTHING_HIDDEN);
    assert.ok(range && range.high < 0.1);
  });
  it('is not stretched by a marker whose time is out of the range', () => {
    const away = { ...chart, markers: chart.markers.map((marker) => ({ ...marker, value: 9, inRange: false })) };
    assert.ok((valueRange(away, NOTHING_HIDDEN)?.high ?? 9) < 1);
  });
  it('does not let one wild value flatten all others, but holds every marker', () => {
    const latency = chartOf('latencyP99');
    const wild = {
      ...latency,
      columns: latency.columns.map((column) => ({ ...column, values: column.values.map((value, i) => (i === 1 ? 9000 : value)) })),
    };
    const range = valueRange(wild, NOTHING_HIDDEN);
    assert.ok(range && range.high < 1500 && range.high > 480);
    const marked = { ...wild, markers: chart.markers.map((marker) => ({ ...marker, value: 9000 })) };
    assert.equal(valueRange(marked, NOTHING_HIDDEN)?.high, 9000);
    const often = {
      ...latency,
      columns: latency.columns.map((column) => ({ ...column, values: column.values.map((value, i) => (i % 10 === 1 ? 9000 : value)) })),
    };
    assert.equal(valueRange(often, NOTHING_HIDDEN)?.high, 9000, 'what happens often is shown whole');
  });
  it('shows the few values of a line whole, however far beyond the other line they lie', () => {
    const [stable, canary] = chart.columns;
    assert.ok(stable && canary);
    const few = (column: typeof stable, values: readonly number[]) => ({
      ...column,
      times: column.times.slice(0, values.length),
      values: Float64Array.from(values),
      low: new Float64Array(0),
      high: new Float64Array(0),
      counts: new Float64Array(0),
    });
    const high = (...columns: (typeof stable)[]) => valueRange({ ...chart, markers: [], columns }, NOTHING_HIDDEN)?.high ?? 0;
    assert.ok(high(few(stable, [0.01]), few(canary, [0.08])) >= 0.08, 'one point each');
    assert.ok(high(stable, few(canary, [0.01, 0.01, 0.01, 0.01, 0.5])) >= 0.5, 'one bad minute of five');
    assert.ok(high(stable, few(canary, [0.5, 0.6])) >= 0.6, 'a new canary beside an hour of the stable');
  });
  it('follows what is shown, and is null when nothing is', () => {
    const stable = valueRange(chart, new Set(['canary']));
    assert.ok(stable && stable.high < 0.04);
    assert.equal(valueRange(chart, new Set(['canary', 'stable'])), null);
  });
});

describe('the view state', () => {
  it('comes back as it was kept, and holds no data', () => {
    let kept: unknown = null;
    const keeper = new ViewStateKeeper(undefined, (state) => (kept = state));
    keeper.update({ releaseKey: 'svc/fraud-model', rangeMinutes: 360, hidden: ['errorRate/stable'], scroll: 120 });
    assert.deepEqual(decodeViewState(structuredClone(kept)), keeper.value);
    assert.ok(JSON.stringify(kept).length < 300);
  });
  it('is as new where it cannot be read', () => {
    for (const broken of [undefined, 'x', { rangeMinutes: 7 }, { hidden: [1] }]) assert.deepEqual(decodeViewState(broken), INITIAL);
  });
});

describe('labels', () => {
  it('are all there, filled, and visible when one is missing', () => {
    assert.deepEqual(missingLabels(panel.labels), []);
    assert.equal(sayIn(panel.labels)('legend.hide', { name: 'canary' }), 'Hide canary');
    assert.equal(sayIn({})('loading'), 'loading');
  });
});
