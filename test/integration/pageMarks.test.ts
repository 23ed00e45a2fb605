/** What the page really paints around its lines: the shapes themselves are tested one by one in test/unit/webview/layers.test.ts. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PanelChart, PanelState } from '../../src/protocol/messages.ts';
import { aHistory, aPanel } from '../fakes/panel.ts';
import type { OpenPage } from './pageHost.ts';
import { pageSession } from './pageSession.ts';

const LIMIT = { timeout: 60_000 };
const { showing } = pageSession();

interface Picture {
  readonly width: number;
  readonly height: number;
  /** Four bytes a pixel, row by row. */
  readonly data: Uint8Array;
}

const picture = async ({ page }: OpenPage, metric: string): Promise<Picture> => {
  const { width, height, bytes } = await page.locator(`[data-metric="${metric}"] canvas`).evaluate((element) => {
    const canvas = element as HTMLCanvasElement;
    const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? new Uint8ClampedArray();
    let text = '';
    for (let i = 0; i < data.length; i += 8192) text += String.fromCharCode(...data.subarray(i, i + 8192));
    return { width: canvas.width, height: canvas.height, bytes: btoa(text) };
  });
  return { width, height, data: new Uint8Array(Buffer.from(bytes, 'base64')) };
};

type Spot = readonly [x: number, y: number];
const spots = ({ width, height }: Picture, holds: (at: number) => boolean): readonly Spot[] =>
  Array.from({ length: width * height }, (_, i) => i)
    .filter((i) => holds(4 * i))
    .map((i): Spot => [i % width, Math.floor(i / width)]);

/** The same stroke drawn twice may differ by a few of 255 at its edges. */
const SAME = 12;
/** Where two pictures of one canvas differ. */
const changed = (a: Picture, b: Picture): readonly Spot[] => {
  assert.deepEqual([a.width, a.height], [b.width, b.height]);
  return spots(a, (at) => [0, 1, 2, 3].some((i) => Math.abs((a.data[at + i] ?? 0) - (b.data[at + i] ?? 0)) > SAME));
};

const columnsOf = (area: readonly Spot[]): readonly number[] => [...new Set(area.map(([x]) => x))].sort((a, b) => a - b);

/** Red, green and blue of a variable of the style sheet, as a canvas paints it. */
const hue = ({ page }: OpenPage, name: string): Promise<readonly number[]> =>
  page.evaluate((variable) => {
    const context = document.createElement('canvas').getContext('2d');
    if (!context) return [];
    context.fillStyle = getComputedStyle(document.body).getPropertyValue(variable).trim();
    context.fillRect(0, 0, 1, 1);
    return [...context.getImageData(0, 0, 1, 1).data.subarray(0, 3)];
  }, name);

const ofHue = (shown: Picture, rgb: readonly number[]): readonly Spot[] =>
  spots(shown, (at) => shown.data[at + 3] === 255 && rgb.every((value, i) => Math.abs((shown.data[at + i] ?? 0) - value) <= 2));

/** Pixels of one shape a row, top to bottom, around a place across. */
const rowsAt = (found: readonly Spot[], x: number): readonly number[] => {
  const near = found.filter(([across]) => Math.abs(across - x) <= 8);
  const rows = [...new Set(near.map(([, y]) => y))].sort((a, b) => a - b);
  return rows.map((row) => near.filter(([, y]) => y === row).length);
};

/** Where a time lies on a chart, read off two changes of ratio that are put there for it. Leaves them there. */
const ruler = async (opened: OpenPage, state: PanelState, metric: string): Promise<(time: number) => number> => {
  await opened.send({ ...state, events: [] });
  const without = await picture(opened, metric);
  const times = [0.25, 0.75].map((part) => state.from + part * (state.to - state.from));
  await opened.send({ ...state, events: times.map((time) => ({ time, label: '', detail: null })) });
  const [first = NaN, second = NaN, ...more] = columnsOf(changed(await picture(opened, metric), without));
  assert.deepEqual(more, [], 'two lines');
  return (time) => first + ((time - (times[0] ?? NaN)) / ((times[1] ?? NaN) - (times[0] ?? NaN))) * (second - first);
};

const withChart = (state: PanelState, metric: string, change: (chart: PanelChart) => PanelChart): PanelState => ({
  ...state,
  charts: state.charts.map((chart) => (chart.metric === metric ? change(chart) : chart)),
});

describe('the marks on a chart', () => {
  for (const theme of ['Dark Modern', 'Default High Contrast Light'] as const)
    it(`shows a triangle a major and a diamond a minor anomaly, at its time and in its colour, in ${theme}`, LIMIT, async (t) => {
      const state = aPanel();
      const opened = await showing(t, state, { theme });
      if (!opened) return;
      const [bad, unsure] = [await hue(opened, '--bad'), await hue(opened, '--unsure')];
      assert.notDeepEqual(bad, unsure);
      const markers = (metric: string) => state.charts.find((chart) => chart.metric === metric)?.markers ?? [];

      const inErrors = await ruler(opened, state, 'errorRate');
      const inLatency = await ruler(opened, state, 'latencyP50');
      await opened.send(state);
      const errors = await picture(opened, 'errorRate');
      const red = ofHue(errors, bad);
      assert.equal(markers('errorRate').length, 2);
      for (const { at, severity } of markers('errorRate')) {
        assert.equal(severity, 'major');
        const rows = rowsAt(red, inErrors(at));
        const [widest, begin] = [Math.max(...rows), rows.findIndex((width) => width > 1)];
        assert.ok(widest >= 9 && widest <= 13, `${String(widest)} pixels wide`);
        // It widens downwards, and stands on its base; what is expected begins under it.
        const base = rows.indexOf(widest, begin);
        assert.ok(base - begin >= 6, rows.join());
        assert.ok((rows[base + 3] ?? 0) <= 9 && (rows[begin] ?? 9) <= 4, rows.join());
      }

      const latency = await picture(opened, 'latencyP50');
      const [minor] = markers('latencyP50');
      assert.equal(minor?.severity, 'minor');
      const rows = rowsAt(ofHue(latency, unsure), inLatency(minor.at));
      const middle = rows.indexOf(Math.max(...rows.slice(0, 12)));
      assert.ok((rows[middle] ?? 0) >= 7, rows.join());
      for (const side of [middle - 3, middle + 4]) assert.ok((rows[side] ?? 9) <= 4, `narrow above and below: ${rows.join()}`);
      assert.deepEqual(ofHue(latency, bad), [], 'no other shape there');

      const bare = { ...state, charts: state.charts.map((chart) => ({ ...chart, markers: [] })) };
      await opened.send(bare);
      assert.deepEqual(ofHue(await picture(opened, 'errorRate'), bad), [], 'none without an anomaly');
      assert.deepEqual(ofHue(await picture(opened, 'latencyP50'), unsure), []);
    });

  it('draws a line where the ratio changed, in every chart, and there only', LIMIT, async (t) => {
    const state = aPanel();
    const opened = await showing(t, state);
    if (!opened) return;
    const [event] = state.events;
    assert.ok(event && state.events.length === 1);
    for (const metric of ['errorRate', 'latencyP50', 'requests']) {
      const place = await ruler(opened, state, metric);
      await opened.send({ ...state, events: [] });
      const without = await picture(opened, metric);
      await opened.send(state);
      const line = changed(await picture(opened, metric), without);
      const [column = NaN, ...more] = columnsOf(line);
      assert.deepEqual(more, [], metric);
      assert.ok(Math.abs(column - place(event.time)) <= 1, metric);
      const heights = line.map(([, y]) => y);
      const length = Math.max(...heights) - Math.min(...heights);
      assert.ok(length > 0.7 * without.height, `${metric}: from top to bottom`);
      assert.ok(line.length < 0.7 * length, `${metric}: dotted`);
    }
  });

  it('draws the band of a line from its low to its high in its colour, and none where there is none', LIMIT, async (t) => {
    // Level bands inside what the lines span, so that the axis is the same with and without.
    const banded = (low: number, high: number): PanelState =>
      withChart(aPanel(), 'errorRate', (chart) => ({
        ...chart,
        columns: chart.columns.map((column) => ({
          ...column,
          ...(column.id === 'stable' && low < high
            ? { low: column.values.map(() => low), high: column.values.map(() => high) }
            : { low: new Float64Array(0), high: new Float64Array(0) }),
        })),
      }));
    const opened = await showing(t, banded(0, 0));
    if (!opened) return;
    const without = await picture(opened, 'errorRate');
    const stable = await hue(opened, '--stable');
    const bandOf = async (low: number, high: number) => {
      await opened.send(banded(low, high));
      const shown = await picture(opened, 'errorRate');
      const area = changed(shown, without);
      const [xs, ys] = [area.map(([x]) => x), area.map(([, y]) => y)];
      const faint = area.filter(([x, y]) => {
        const at = 4 * (y * shown.width + x);
        return (
          shown.data[at + 3] === Math.round(0.14 * 255) && stable.every((value, i) => Math.abs((shown.data[at + i] ?? 0) - value) <= 6)
        );
      });
      return {
        left: Math.min(...xs),
        right: Math.max(...xs),
        top: Math.min(...ys),
        bottom: Math.max(...ys),
        faint: faint.length / area.length,
      };
    };
    const [upper, lower] = [await bandOf(0.02, 0.03), await bandOf(0.01, 0.02)];
    assert.ok(upper.faint > 0.5, `${String(upper.faint)} of it in the colour of the line`);
    const place = await ruler(opened, banded(0, 0), 'errorRate');
    const times = aHistory().series[0]?.times ?? new Float64Array(0);
    assert.ok(
      Math.abs(upper.left - place(times[0] ?? NaN)) <= 2 && Math.abs(upper.right - place(times.at(-1) ?? NaN)) <= 2,
      'as long as the line',
    );
    assert.ok(Math.abs(lower.top - upper.bottom) <= 1, 'one begins where the other ends');
    assert.ok(Math.abs(upper.bottom - upper.top - (lower.bottom - lower.top)) <= 1 && upper.bottom - upper.top > 10);
  });
});
