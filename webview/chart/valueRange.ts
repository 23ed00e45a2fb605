import type { PanelChart } from '../../src/protocol/messages.ts';

/** A band of few observations may be as wide as 0..100 %; beyond this many times the lines' own reach it is cut at the edge. */
const BAND_REACH = 1.5;

/** One wild value in fifty may leave the picture, if it would press all others into less than a quarter of it. */
const WILD_SHARE = 0.02;
const WILD_REACH = 4;
const KEPT_REACH = 1.5;

/** Where the axis may end: the highest value, or less when only a few lie far beyond all others. */
const tamed = (values: readonly number[], bottom: number, high: number): number => {
  const sorted = Float64Array.from(values).sort();
  const usual = (sorted[Math.floor((sorted.length - 1) * (1 - WILD_SHARE))] ?? high) - bottom;
  return usual > 0 && high - bottom > WILD_REACH * usual ? bottom + KEPT_REACH * usual : high;
};

/**
 * The lowest and highest value to show of a chart's visible columns, markers and (as far as it is near) bands. Null when nothing is there.
 * Values above the range that is given are few, and marked at the edge of the chart.
 */
export const valueRange = (chart: PanelChart, hidden: ReadonlySet<string>): { readonly low: number; readonly high: number } | null => {
  const shown = chart.columns.filter((column) => !hidden.has(column.id));
  const values: number[] = [];
  for (const column of shown) for (const value of column.values) if (!Number.isNaN(value)) values.push(value);
  if (values.length === 0) return null;
  let [low, high] = [Infinity, -Infinity];
  const include = (value: number): void => {
    if (value < low) low = value;
    if (value > high) high = value;
  };
  for (const value of values) include(value);
  high = tamed(values, chart.fromZero ? Math.min(0, low) : low, high);
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
