import { Chart, LinearScale, LineController, LineElement, PointElement, type ChartDataset, type Point, type Scale } from 'chart.js';
import { formatDay, formatTick, formatTime, tickBase } from '../../src/model/format.ts';
import type { PanelChart } from '../../src/protocol/messages.ts';
import { decimate, decimateBand, type BandPoints, type Points } from './decimate.ts';
import type { Cursor, Drawing, Frame } from './frame.ts';
import { layers } from './layers.ts';
import { LINES } from './theme.ts';
import { timeTicks, valueTicks, type TimeTick, type ValueTicks } from './ticks.ts';
import { valueRange } from './valueRange.ts';

// Piece by piece: legend, tooltip, animation and the other controllers stay out of the bundle.
Chart.register(LineController, LineElement, PointElement, LinearScale);

/** So wide on every chart that plots under one another share their time axis. */
const AXIS_WIDTH = 64;
const TICK_EVERY = { x: 84, y: 42 };

const toPoints = (points: Points): Point[] => Array.from(points.x, (x, i) => ({ x, y: points.y[i] ?? NaN }));

/** A value between two gaps has no line, so it gets a dot. */
const radii = (points: Points): number[] =>
  Array.from(points.y, (value, i) =>
    Number.isNaN(value) || !Number.isNaN(points.y[i - 1] ?? NaN) || !Number.isNaN(points.y[i + 1] ?? NaN) ? 0 : 2,
  );

/** One canvas: chart.js draws axes and lines of points that were thinned to pixels before; the layers draw the rest. */
export class Plot {
  private readonly chart: Chart<'line', Point[]>;
  private drawing: Drawing;
  private axis: ValueTicks = { min: 0, max: 1, step: 1, ticks: [0, 1] };
  private timeAxis: readonly TimeTick[] = [];
  private width = 0;
  /** chart.js reports its first size before its constructor returns. */
  private built = false;

  constructor(canvas: HTMLCanvasElement, chart: PanelChart, frame: Frame) {
    this.drawing = { chart, frame, hidden: new Set(), bands: new Map(), max: 1, cursor: null, selected: null };
    this.chart = new Chart<'line', Point[]>(canvas, {
      type: 'line',
      data: { datasets: [] },
      options: {
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        parsing: false,
        normalized: true,
        events: [],
        layout: { padding: { top: chart.metric === 'ratio' ? 16 : 8, right: 10 } },
        elements: { point: { radius: 0 } },
        onResize: (_, size) => {
          if (this.built && size.width !== this.width) this.refill(size.width);
        },
        scales: {
          x: {
            type: 'linear',
            afterBuildTicks: (scale) => {
              this.buildTimeTicks(scale);
            },
            ticks: { autoSkip: false, maxRotation: 0, callback: (_, i) => this.timeLabel(i) },
          },
          y: {
            type: 'linear',
            afterBuildTicks: (scale) => {
              scale.ticks = this.axis.ticks.map((value) => ({ value }));
            },
            afterFit: (scale) => {
              scale.width = AXIS_WIDTH;
            },
            ticks: { autoSkip: false, callback: (value) => this.valueLabel(Number(value)) },
          },
        },
      },
      plugins: [layers(() => this.drawing)],
    });
    this.built = true;
    this.refill(this.chart.width);
  }

  destroy(): void {
    this.chart.destroy();
  }

  update(chart: PanelChart, frame: Frame, hidden: ReadonlySet<string>): void {
    this.drawing = { ...this.drawing, chart, frame, hidden };
    this.refill(this.chart.width);
  }

  /** Moves the cross-hair; draws only if something moved. */
  point(cursor: Cursor | null, selected: string | null): void {
    if (cursor === this.drawing.cursor && selected === this.drawing.selected) return;
    this.drawing = { ...this.drawing, cursor, selected };
    this.chart.draw();
  }

  /** Pixels from the left of the canvas to epoch milliseconds, held inside the range. */
  timeAt(pixel: number): number {
    const { from, to } = this.drawing.frame;
    return Math.min(to, Math.max(from, this.chart.scales['x']?.getValueForPixel(pixel) ?? from));
  }

  pixelOf(time: number): number {
    return this.chart.scales['x']?.getPixelForValue(time) ?? 0;
  }

  private refill(width: number): void {
    this.width = width;
    const { chart, frame, hidden } = this.drawing;
    const columns = Math.max(50, Math.round((width - AXIS_WIDTH) * Math.min(2, window.devicePixelRatio || 1)));
    const bands = new Map<string, BandPoints>();
    // In reverse, since chart.js draws the first dataset on top and the columns come with the most important last.
    const datasets = [...chart.columns].reverse().map((column): ChartDataset<'line', Point[]> => {
      const { dash, width: lineWidth } = LINES[column.tone];
      const colour = frame.theme.tones[column.tone];
      if (column.low.length > 0)
        bands.set(column.id, decimateBand(column.times, column.low, column.high, frame.from, frame.to, Math.ceil(columns / 2)));
      const points = decimate(column.times, column.values, frame.from, frame.to, columns);
      return {
        data: toPoints(points),
        hidden: hidden.has(column.id),
        borderColor: colour,
        backgroundColor: colour,
        borderDash: [...dash],
        borderWidth: lineWidth,
        borderJoinStyle: 'round',
        pointRadius: radii(points),
        pointBorderWidth: 0,
        pointHoverRadius: 0,
        stepped: column.stepped ? 'before' : false,
        spanGaps: false,
      };
    });
    const range = valueRange(chart, hidden) ?? { low: 0, high: 1 };
    const rows = Math.max(2, Math.round(this.chart.height / TICK_EVERY.y));
    this.axis = valueTicks(range.low, range.high, chart.fromZero, rows, tickBase(chart.unit, range.high));
    this.drawing = { ...this.drawing, bands, max: this.axis.max };
    this.chart.data.datasets = datasets;
    this.dress();
    this.chart.update('none');
  }

  /** Axis ranges and colours. */
  private dress(): void {
    const { theme, from, to } = this.drawing.frame;
    const { x, y } = this.chart.options.scales ?? {};
    if (!x || !y) return;
    const font = { family: theme.fontFamily, size: theme.fontSize };
    const grid = `color-mix(in srgb, ${theme.grid} ${theme.highContrast ? '35%' : '12%'}, transparent)`;
    const baseline = `color-mix(in srgb, ${theme.grid} ${theme.highContrast ? '100%' : '35%'}, transparent)`;
    for (const scale of [x, y]) Object.assign(scale.ticks ?? {}, { color: theme.dim, font, padding: 6 });
    Object.assign(x, { min: from, max: to, grid: { display: false }, border: { color: baseline } });
    Object.assign(y, { min: this.axis.min, max: this.axis.max, grid: { color: grid, drawTicks: false }, border: { display: false } });
  }

  private buildTimeTicks(scale: Scale): void {
    const { from, to } = this.drawing.frame;
    this.timeAxis = timeTicks(from, to, Math.max(2, Math.floor((scale.chart.width - AXIS_WIDTH) / TICK_EVERY.x)));
    scale.ticks = this.timeAxis.map(({ time }) => ({ value: time }));
  }

  private timeLabel(index: number): string {
    const tick = this.timeAxis[index];
    if (!tick) return '';
    const { locale } = this.drawing.frame;
    return tick.form === 'day' ? formatDay(tick.time, locale) : formatTime(tick.time, locale, { seconds: tick.form === 'second' });
  }

  private valueLabel(value: number): string {
    const { chart, frame } = this.drawing;
    return formatTick(value, chart.unit, this.axis.step, Math.max(Math.abs(this.axis.max), Math.abs(this.axis.min)), frame.locale);
  }
}
