import type { PanelChart } from '../../src/protocol/messages.ts';

/** A band of few observations may be as wide as 0..100 %; beyond this many times the lines' own reach it is cut at the edge. */
const BAND_REACH = 1.5;

/** The lowest and highest value to show of a chart's visible columns, markers and (as far as it is near) bands. Null when nothing is there. */
export const valueRange = (chart: PanelChart, hidden: ReadonlySet<string>): { readonly low: number; readonly high: number } | null => {
  let low = Infinity;
  let high = -Infinity;
  const include = (value: number): void => {
    if (Number.isNaN(value)) return;
    if (value < low) low = value;
    if (value > high) high = value;
  };
  const shown = chart.columns.filter((column) => !hidden.has(column.id));
  for (const column of shown) for (const value of column.values) include(value);
  for (const marker of chart.markers)
    if (shown.some((column) => column.id === marker.variant)) {
      include(marker.value);
      include(marker.expected);
    }
  if (low > high) return null;
  const bottom = chart.fromZero ? Math.min(0, low) : low;
  const reach = (high - bottom) * BAND_REACH || Math.abs(high) * BAND_REACH;
  let [bandLow, bandHigh] = [low, high];
  for (const column of shown) {
    for (const value of column.low) if (value < bandLow) bandLow = value;
    for (const value of column.high) if (value > bandHigh) bandHigh = value;
  }
  return { low: Math.max(bandLow, high - reach), high: Math.min(bandHigh, bottom + reach) };
};
