import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Chart } from 'chart.js';
import type { PanelChart, PanelColumn, PanelEvent, PanelMarker } from '../../../src/protocol/messages.ts';
import type { Drawing } from '../../../webview/chart/frame.ts';
import { layers } from '../../../webview/chart/layers.ts';
import type { ChartTheme } from '../../../webview/chart/theme.ts';
import { recordingContext, type Drawn } from '../../fakes/canvas.ts';

/** Names instead of hues: what is drawn says whose colour it has. */
const THEME: ChartTheme = {
  background: 'background',
  foreground: 'foreground',
  dim: 'dim',
  grid: 'grid',
  tones: { canary: 'canary', stable: 'stable', wanted: 'wanted', counted: 'counted' },
  minor: 'minor',
  major: 'major',
  cursor: 'cursor',
  fontFamily: 'sans',
  fontSize: 11,
  highContrast: false,
};

// An area from 100 to 700 across and from 20 to 220 down, over times 0 to 600 and values 0 to 1: x = 100 + time, y = 220 - 200 * value.
const AREA = { left: 100, right: 700, top: 20, bottom: 220 };
const X = (time: number): number => 100 + time;
const Y = (value: number): number => 220 - 200 * value;

const column = (changes: Partial<PanelColumn> = {}): PanelColumn => ({
  id: 'canary',
  label: 'canary',
  tone: 'canary',
  stepped: false,
  times: Float64Array.of(0, 300, 600),
  values: Float64Array.of(0.2, 0.3, 0.4),
  counts: Float64Array.of(9, 9, 9),
  low: new Float64Array(0),
  high: new Float64Array(0),
  ...changes,
});

const marker = (changes: Partial<PanelMarker> = {}): PanelMarker => ({
  id: 'm',
  time: 240,
  to: 270,
  ongoing: false,
  at: 250,
  inRange: true,
  seenAt: 250,
  value: 0.8,
  expected: 0.2,
  low: 0.1,
  high: 0.3,
  variant: 'canary',
  severity: 'major',
  text: '',
  ...changes,
});

interface Scene {
  readonly chart?: Partial<PanelChart>;
  readonly events?: readonly PanelEvent[];
  readonly drawing?: Partial<Drawing>;
}

/** What lies under the lines, and what lies over them. */
const draw = ({ chart = {}, events = [], drawing = {} }: Scene): { readonly under: readonly Drawn[]; readonly over: readonly Drawn[] } => {
  const { context, drawn } = recordingContext();
  const current: Drawing = {
    chart: {
      metric: 'errorRate',
      title: '',
      verdict: null,
      verdictLabel: null,
      unit: 'ratio',
      fromZero: true,
      columns: [column()],
      markers: [],
      summary: '',
      ...chart,
    },
    frame: { from: 0, to: 600, measuredTo: 600, locale: 'en', theme: THEME, events },
    hidden: new Set(),
    bands: new Map(),
    max: 1,
    cursor: null,
    selected: null,
    ...drawing,
  };
  const canvas = {
    ctx: context,
    chartArea: AREA,
    scales: { x: { getPixelForValue: X }, y: { getPixelForValue: Y } },
  } as unknown as Chart<'line'>;
  const plugin = layers(() => current);
  // chart.js hands these to every plugin; the layers read neither.
  plugin.beforeDatasetsDraw?.(canvas, { cancelable: true }, {});
  const before = drawn.length;
  plugin.afterDatasetsDraw?.(canvas, {}, {}, false);
  return { under: drawn.slice(0, before), over: drawn.slice(before) };
};

/** Without the last digits of sums. */
const rounded = (drawn: Drawn | undefined, unit: number): readonly (readonly (readonly number[])[])[] =>
  (drawn?.paths ?? []).map((path) => path.map((spot) => spot.map((value) => Math.round(value / unit) * unit)));
const round = (drawn: Drawn | undefined) => rounded(drawn, 0.5);
const whole = (drawn: Drawn | undefined) => rounded(drawn, 1);
const of = (drawn: readonly Drawn[], op: Drawn['op'], colour: string): readonly Drawn[] =>
  drawn.filter((item) => item.op === op && item.colour === colour);

describe('what is drawn around the lines of a chart', () => {
  it('is nothing where there is no anomaly, change of ratio or interval', () => {
    const { under, over } = draw({});
    assert.deepEqual([...under, ...over], []);
  });

  describe('a marker', () => {
    it('of a major anomaly is a triangle that points up, in its colour, at the time and value that were seen', () => {
      const { over } = draw({ chart: { markers: [marker()] } });
      const [shape, ...more] = of(over, 'fill', 'major');
      assert.deepEqual(more, []);
      const [x, y] = [X(250), Y(0.8)];
      assert.deepEqual(whole(shape), [
        [
          [x, y - 5],
          [x + 6, y + 5],
          [x - 6, y + 5],
        ],
      ]);
      assert.ok(shape?.closed);
      assert.equal(shape.alpha, 1);
    });

    it('of a minor one is a diamond, in another colour', () => {
      const { over } = draw({ chart: { markers: [marker({ severity: 'minor' })] } });
      const [shape, ...more] = of(over, 'fill', 'minor');
      assert.deepEqual(more, []);
      const [x, y] = [X(250), Y(0.8)];
      assert.deepEqual(round(shape), [
        [
          [x, y - 5.5],
          [x + 5.5, y],
          [x, y + 5.5],
          [x - 5.5, y],
        ],
      ]);
      assert.deepEqual(
        over.filter(({ colour }) => colour === 'major'),
        [],
      );
    });

    it('stands beside the others, each at its own place', () => {
      const markers = [marker(), marker({ id: 'n', at: 500, value: 0.4, severity: 'minor' }), marker({ id: 'o', at: 100, value: 0.6 })];
      const { over } = draw({ chart: { markers } });
      const tops = [...of(over, 'fill', 'major'), ...of(over, 'fill', 'minor')].map((shape) => shape.paths[0]?.[0]);
      assert.deepEqual(tops, [
        [X(250), Y(0.8) - 5.5],
        [X(100), Y(0.6) - 5.5],
        [X(500), Y(0.4) - 5.5],
      ]);
    });

    it('shades the time that it lasted, from top to bottom, under the lines', () => {
      const { under } = draw({ chart: { markers: [marker()] } });
      const [shade] = of(under, 'rect', 'major');
      assert.deepEqual(round(shade), [
        [
          [X(240), 20],
          [X(270), 220],
        ],
      ]);
      assert.ok(shade && shade.alpha < 0.15 && shade.clipped);
    });

    it('that is selected is larger, with an outline that stands out', () => {
      const outline = (selected: string | null) => {
        const { over } = draw({ chart: { markers: [marker()] }, drawing: { selected } });
        return over.find((item) => item.op === 'stroke' && item.closed);
      };
      assert.equal(outline(null)?.colour, 'background');
      assert.equal(outline('m')?.colour, 'foreground');
      assert.equal((outline(null)?.paths[0]?.[0]?.[1] ?? 0) - (outline('m')?.paths[0]?.[0]?.[1] ?? 0), 2);
    });

    it('whose time is out of the range stands at the upper edge, and claims no value', () => {
      const { over } = draw({ chart: { markers: [marker({ at: 0, inRange: false, value: 0.2 })] } });
      assert.deepEqual(of(over, 'fill', 'major')[0]?.paths[0]?.[0], [X(0), 20]);
      assert.deepEqual(of(over, 'stroke', 'major'), [], 'no bracket');
    });

    it('goes with the line it belongs to', () => {
      const { over } = draw({ chart: { markers: [marker()] }, drawing: { hidden: new Set(['canary']) } });
      assert.deepEqual(over, []);
    });
  });

  describe('what was expected', () => {
    it('is a bracket over its band at the time of the marker, and a dotted line from there to what was seen', () => {
      const { over } = draw({ chart: { markers: [marker()] } });
      const [leader, bracket, ...more] = of(over, 'stroke', 'major');
      assert.deepEqual(more, []);
      const x = X(250);
      assert.deepEqual(round(bracket), [
        [
          [x - 4, Y(0.1)],
          [x + 4, Y(0.1)],
        ],
        [
          [x - 4, Y(0.3)],
          [x + 4, Y(0.3)],
        ],
        [
          [x, Y(0.1)],
          [x, Y(0.3)],
        ],
      ]);
      assert.deepEqual(bracket?.dash, []);
      assert.deepEqual(round(leader), [
        [
          [x, Y(0.8)],
          [x, Y(0.3)],
        ],
      ]);
      assert.deepEqual(leader?.dash, [2, 2]);
    });

    it('is reached from below where too little was seen', () => {
      const { over } = draw({ chart: { markers: [marker({ value: 0.05, low: 0.4, high: 0.6 })] } });
      const [leader] = of(over, 'stroke', 'major');
      assert.equal(leader?.paths[0]?.[1]?.[1], Y(0.4));
    });
  });

  describe('a change of ratio', () => {
    const events = [
      { time: 200, label: '10% → 20%', detail: null },
      { time: 400, label: '20% → 50%', detail: null },
    ];

    it('is a dotted line from top to bottom in every chart, at its time', () => {
      const { under, over } = draw({ events });
      const lines = of(under, 'stroke', 'foreground');
      assert.deepEqual(
        lines.map((line) => line.paths),
        [200, 400].map((time) => [
          [
            [X(time) + 0.5, 20],
            [X(time) + 0.5, 220],
          ],
        ]),
      );
      for (const line of lines) assert.deepEqual(line.dash, [1, 3]);
      assert.deepEqual(
        [...under, ...over].filter(({ op }) => op === 'text'),
        [],
        'words are on the ratio only',
      );
    });

    it('outside the range is not drawn', () => {
      const outside = [-1, 601].map((time) => ({ time, label: '', detail: null }));
      assert.deepEqual(draw({ events: outside }).under, []);
    });

    it('says on the ratio from what to what, beside its line', () => {
      const { over } = draw({ events, chart: { metric: 'ratio' } });
      const texts = over.filter(({ op }) => op === 'text');
      assert.deepEqual(
        texts.map(({ text, paths }) => [text, paths[0]?.[0]?.[0]]),
        [
          ['20% → 50%', X(400) + 4],
          ['10% → 20%', X(200) + 4],
        ],
      );
    });
  });

  describe('a band', () => {
    const times = Float64Array.of(0, 200, 400, 600);
    const bandOf = (low: readonly number[], high: readonly number[]): Drawing['bands'] =>
      new Map([['canary', { x: times, low: Float64Array.from(low), high: Float64Array.from(high) }]]);

    it('reaches from low to high at every moment, faint, in the colour of its line and under it', () => {
      const { under, over } = draw({ drawing: { bands: bandOf([0.1, 0.2, 0.3, 0.3], [0.4, 0.5, 0.6, 0.7]) } });
      const [band, ...more] = of(under, 'fill', 'canary');
      assert.deepEqual([more, over], [[], []]);
      const edge = (values: readonly number[]): readonly (readonly number[])[] => values.map((value, i) => [X(times[i] ?? 0), Y(value)]);
      assert.deepEqual(band?.paths, [[...edge([0.4, 0.5, 0.6, 0.7]), ...edge([0.1, 0.2, 0.3, 0.3]).toReversed()]]);
      assert.ok(band.alpha > 0.05 && band.alpha < 0.3 && band.clipped);
    });

    it('has a hole where there is no data', () => {
      const { under } = draw({ drawing: { bands: bandOf([0.1, NaN, 0.3, 0.3], [0.4, NaN, 0.6, 0.7]) } });
      const spans = of(under, 'fill', 'canary').map((band) => [...new Set(band.paths[0]?.map(([x]) => x))]);
      assert.deepEqual(spans, [[X(0)], [X(400), X(600)]]);
    });

    it('goes with its line', () => {
      const bands = bandOf([0.1, 0.2, 0.3, 0.3], [0.4, 0.5, 0.6, 0.7]);
      assert.deepEqual(draw({ drawing: { bands, hidden: new Set(['canary']) } }).under, []);
    });
  });
});
