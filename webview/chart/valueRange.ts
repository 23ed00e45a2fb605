import type { PanelChart } from '../../src/protocol/messages.ts';

/** A band of few observations may be as wide as 0..100 %; beyond this many times the lines' own reach it is cut at the edge. */
const BAND_REACH = 1.5;

/** One wild value in fifty of a line may leave the picture, if it would press all others into less than a quarter of it. */
const WILD_SHARE = 0.02;
const WILD_REACH = 4;
const KEPT_REACH = 1.5;

/**
 * Where the axis may end for one line: at its highest value, or lower when so few lie far beyond all others. A line of fewer than fifty values is
 * shown whole, and so is a new canary beside an hour of the stable.
 */
const tamed = (values: readonly number[], bottom: number): number => {
  const sorted = Float64Array.from(values).sort();
  const high = sorted.at(-1) ?? bottom;
  const usual = (sorted[sorted.length - 1 - Math.floor(sorted.length * WILD_SHARE)] ?? high) - bottom;
  return usual > 0 && high - bottom > WILD_REACH * usual ? bottom + KEPT_REACH * usual : high;
};

/**
 * The lowest and highest value to show of a chart's visible columns, markers and (as far as it is near) bands. Null when nothing is there.
 * Values above the range that is given are few, and marked at the edge of the chart.
 */
export const valueRange = (chart: PanelChart, hidden: ReadonlySet<string>): { readonly low: number; readonly high: number } | null => {
  const shown = chart.columns.filter((column) => !hidden.has(column.id));
  const lines = shown.map((column) => [...column.values].filter((value) => !Number.isNaN(value))).filter((line) => line.length > 0);
  if (lines.length === 0) return null;
  let [low, high] = [Infinity, -Infinity];
  const include = (value: number): void => {
    if (value < low) low = value;
    if (value > high) high = value;
  };
  for (const line of lines) for (const value of line) include(value);
  const floor = chart.fromZero ? Math.min(0, low) : low;
  high = Math.max(...lines.map((line) => tamed(line, floor)));
  for (const marker of chart.markers)
    if (marker.inRange && shown.some((column) => column.id === marker.variant)) {
      include(marker.value);
      include(marker.expected);
    }
  const bottom = chart.fromZero ? Math.min(0, low) : low;
  const reach = (high - bottom) * BAND_REACH || Math.abs(high) * BAND_REACH;
  let [bandLow, bandHigh] = [low, high];
  for (const column of shown) {
    for (const value of column.low) if (value < bandLow) bandLow = value;
    for (const value of column.high) if (value > bandHigh) bandHigh = value;
  }
  return { low: Math.max(bandLow, high - reach), high: Math.min(bandHigh, bottom + reach) };
};
