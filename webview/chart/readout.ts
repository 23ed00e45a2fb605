import { formatDuration, formatInterval, formatQuantity, formatTime } from '../../src/model/format.ts';
import type { PanelChart, PanelColumn, PanelEvent, PanelMarker } from '../../src/protocol/messages.ts';
import type { Say } from '../labels.ts';
import { lowerBound, nearestIndex } from './decimate.ts';

const DAY_MS = 86_400_000;

/** One column at one moment. */
export interface Reading {
  readonly column: PanelColumn;
  /** NaN where there is no data. */
  readonly value: number;
  readonly text: string;
  /** "0.2% … 5%, n = 1,204": interval and observations, where there are any. */
  readonly detail: string;
}

export interface Readout {
  readonly time: number;
  readonly timeText: string;
  readonly readings: readonly Reading[];
  readonly markers: readonly { readonly severity: PanelMarker['severity']; readonly text: string }[];
  readonly events: readonly PanelEvent[];
}

/** The value that holds at a moment: of a staircase the last corner, else the nearest point. -1 for none. */
const indexAt = (column: PanelColumn, time: number): number => {
  if (!column.stepped) return nearestIndex(column.times, time);
  const after = lowerBound(column.times, time);
  return column.times[after] === time ? after : after - 1;
};

const readingAt = (column: PanelColumn, index: number, chart: PanelChart, locale: string, say: Say): Reading => {
  const value = column.values[index] ?? NaN;
  if (Number.isNaN(value)) return { column, value, text: say(column.stepped ? 'cursor.unknown' : 'cursor.none'), detail: '' };
  const [low, high, n] = [column.low[index] ?? NaN, column.high[index] ?? NaN, column.counts[index] ?? 0];
  const parts = [
    ...(Number.isNaN(low) ? [] : [formatInterval(low, high, chart.unit, locale)]),
    ...(n > 0 ? [say('cursor.count', { n: formatQuantity({ value: n, unit: 'count' }, locale) })] : []),
  ];
  return { column, value, text: formatQuantity({ value, unit: chart.unit }, locale), detail: parts.join(say('list')) };
};

/** The newest value of a column, for the legend while nothing is pointed at. */
export const lastReading = (column: PanelColumn, chart: PanelChart, locale: string, say: Say): Reading =>
  readingAt(
    column,
    column.values.findLastIndex((value) => !Number.isNaN(value)),
    chart,
    locale,
    say,
  );

export const readingsAt = (chart: PanelChart, time: number, locale: string, say: Say): readonly Reading[] =>
  chart.columns.map((column) => readingAt(column, indexAt(column, time), chart, locale, say));

/** All moments that have a value in this chart, in order: where the cursor can stand. */
export const momentsOf = (chart: PanelChart, from: number, to: number): Float64Array => {
  const all = new Float64Array(chart.columns.reduce((sum, column) => sum + column.times.length, 0));
  let n = 0;
  for (const { times, values } of chart.columns)
    for (let i = 0; i < times.length; i++) {
      const time = times[i] ?? NaN;
      if (time >= from && time <= to && !Number.isNaN(values[i])) all[n++] = time;
    }
  const sorted = all.subarray(0, n).sort();
  let kept = 0;
  for (let i = 0; i < n; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) sorted[kept++] = sorted[i] ?? NaN;
  return sorted.subarray(0, kept);
};

/** A value is told with the time it was seen at, wherever in its window one points. */
const markerNote = (marker: PanelMarker, locale: string, say: Say): Readout['markers'][number] => {
  const date = marker.to - marker.time > DAY_MS;
  const [at, from, to] = [marker.seenAt, marker.time, marker.to].map((ms) => formatTime(ms, locale, { seconds: true, date }));
  const times = { what: marker.text, at: at ?? '', from: from ?? '', to: to ?? '' };
  return { severity: marker.severity, text: say(marker.ongoing ? 'marker.ongoing' : 'marker.ended', times) };
};

/** How long a step of a chart is, in milliseconds; 0 where it has too few. */
const stepOf = (chart: PanelChart): number => {
  const times = chart.columns.find((column) => !column.stepped && column.times.length > 1)?.times;
  return times ? (times[1] ?? 0) - (times[0] ?? 0) : 0;
};

/** Of when the legend's values are: of the moment pointed at, else of the last step, or of an older one where nothing came since. `to`: the end of the last complete step. */
export const legendCaption = (chart: PanelChart, cursor: number | null, to: number, locale: string, say: Say): string => {
  const step = stepOf(chart);
  const lasts = chart.columns
    .filter((column) => !column.stepped)
    .map(({ times, values }) => times[values.findLastIndex((value) => !Number.isNaN(value))] ?? NaN);
  const last = Math.max(...lasts.filter((time) => !Number.isNaN(time)));
  if (cursor === null && !Number.isFinite(last)) return '';
  return cursor === null && step > 0 && last >= to - step
    ? say('legend.last', { span: formatDuration(step, locale) })
    : say('legend.at', { time: formatTime(cursor ?? last, locale, { seconds: true }) });
};

/** What is to be told about a moment. Markers and events count as there when they lie within `near` milliseconds. */
export const readoutAt = (
  chart: PanelChart,
  events: readonly PanelEvent[],
  time: number,
  near: number,
  locale: string,
  say: Say,
): Readout => ({
  time,
  timeText: formatTime(time, locale, { seconds: true, zone: true, date: true }),
  readings: readingsAt(chart, time, locale, say),
  markers: chart.markers
    .filter((marker) => time >= marker.time - near && time <= marker.to + near)
    .map((marker) => markerNote(marker, locale, say)),
  events: events.filter((event) => Math.abs(event.time - time) <= near),
});

/** A change of ratio with who made it and why, where that is known. */
export const changeText = ({ label, detail }: PanelEvent, say: Say): string =>
  detail === null || detail === '' ? label : say('change.detailed', { change: label, detail });

/** The same as one sentence, for a screen reader. */
export const readoutText = (readout: Readout, hidden: ReadonlySet<string>, say: Say): string =>
  [
    readout.timeText,
    ...readout.readings
      .filter((reading) => !hidden.has(reading.column.id))
      .map(({ column, text, detail }) =>
        detail === ''
          ? say('cursor.reading', { name: column.label, value: text })
          : say('cursor.detailed', { name: column.label, value: text, detail }),
      ),
    ...readout.markers.map((marker) => marker.text),
    ...readout.events.map((event) => changeText(event, say)),
  ].join(say('list'));
