import type { Plugin } from 'chart.js';
import type { PanelColumn, PanelMarker } from '../../src/protocol/messages.ts';
import { nearestIndex, type BandPoints } from './decimate.ts';
import { drawEventLabels, drawEvents } from './eventLayer.ts';
import type { Drawing } from './frame.ts';
import { clipped, placeOf, type Place } from './place.ts';

/** One polygon a run of points without a gap. */
const drawBand = (place: Place, band: BandPoints, colour: string, alpha: number): void => {
  const { ctx } = place;
  ctx.fillStyle = colour;
  ctx.globalAlpha = alpha;
  for (let begin = 0; begin < band.x.length;) {
    if (Number.isNaN(band.low[begin])) {
      begin++;
      continue;
    }
    let end = begin;
    while (end + 1 < band.x.length && !Number.isNaN(band.low[end + 1])) end++;
    ctx.beginPath();
    for (let i = begin; i <= end; i++) ctx.lineTo(place.x(band.x[i] ?? 0), place.y(band.high[i] ?? 0));
    for (let i = end; i >= begin; i--) ctx.lineTo(place.x(band.x[i] ?? 0), place.y(band.low[i] ?? 0));
    ctx.fill();
    begin = end + 1;
  }
  ctx.globalAlpha = 1;
};

/** The area under the wanted ratio. */
const drawStairs = (place: Place, column: PanelColumn, colour: string): void => {
  const { ctx } = place;
  ctx.fillStyle = colour;
  ctx.globalAlpha = 0.18;
  const base = place.y(0);
  for (let i = 0; i + 1 < column.times.length; i++) {
    const value = column.values[i] ?? NaN;
    if (Number.isNaN(value)) continue;
    const x = place.x(column.times[i] ?? 0);
    ctx.fillRect(x, place.y(value), place.x(column.times[i + 1] ?? 0) - x, base - place.y(value));
  }
  ctx.globalAlpha = 1;
};

/** Where a staircase stands now: a move of a moment ago is only a stroke at the edge. */
const drawPresent = (place: Place, drawing: Drawing): void => {
  const { ctx } = place;
  for (const column of drawing.chart.columns) {
    const value = column.values.at(-1) ?? NaN;
    if (!column.stepped || drawing.hidden.has(column.id) || Number.isNaN(value)) continue;
    ctx.fillStyle = drawing.frame.theme.tones[column.tone];
    ctx.beginPath();
    ctx.arc(place.x(column.times.at(-1) ?? 0), place.y(value), 3.5, 0, 2 * Math.PI);
    ctx.fill();
  }
};

/** A value above the axis (see valueRange.ts) is shown to be there by a caret at the edge. */
const drawBeyond = (place: Place, drawing: Drawing): void => {
  const { ctx } = place;
  for (const column of drawing.chart.columns) {
    if (drawing.hidden.has(column.id)) continue;
    ctx.fillStyle = drawing.frame.theme.tones[column.tone];
    for (let i = 0; i < column.values.length; i++) {
      if (!((column.values[i] ?? NaN) > drawing.max)) continue;
      const x = place.x(column.times[i] ?? 0);
      if (x < place.left || x > place.right) continue;
      ctx.beginPath();
      ctx.moveTo(x, place.top - 6);
      ctx.lineTo(x + 4, place.top);
      ctx.lineTo(x - 4, place.top);
      ctx.fill();
    }
  }
};

const MARKER = 5.5;

/** What was expected there, and how far from it was seen. */
const drawExpected = (place: Place, marker: PanelMarker, x: number, y: number): void => {
  const { ctx } = place;
  const [low, high] = [place.y(marker.low), place.y(marker.high)];
  ctx.lineWidth = 1;
  ctx.setLineDash([2, 2]);
  ctx.beginPath();
  ctx.moveTo(x, y);
  ctx.lineTo(x, Math.abs(low - y) < Math.abs(high - y) ? low : high);
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  for (const edge of [low, high]) {
    ctx.moveTo(x - 4, edge);
    ctx.lineTo(x + 4, edge);
  }
  ctx.moveTo(x, low);
  ctx.lineTo(x, high);
  ctx.stroke();
};

/**
 * A diamond for a minor, a triangle for a major anomaly, at the time and value that were seen; a bracket shows what was expected there. At the
 * upper edge, without bracket, while that time is out of the range.
 */
const drawMarker = (place: Place, marker: PanelMarker, drawing: Drawing): void => {
  const { ctx } = place;
  const { theme } = drawing.frame;
  const colour = marker.severity === 'major' ? theme.major : theme.minor;
  const selected = marker.id === drawing.selected;
  const x = place.x(marker.at);
  const value = marker.inRange ? place.y(marker.value) : place.top;
  const y = Math.min(place.bottom - MARKER, Math.max(place.top + MARKER, value));
  ctx.strokeStyle = colour;
  if (marker.inRange) drawExpected(place, marker, x, y);
  const size = selected ? MARKER + 2 : MARKER;
  ctx.beginPath();
  if (marker.severity === 'major') {
    ctx.moveTo(x, y - size);
    ctx.lineTo(x + size * 1.1, y + size * 0.9);
    ctx.lineTo(x - size * 1.1, y + size * 0.9);
  } else {
    ctx.moveTo(x, y - size);
    ctx.lineTo(x + size, y);
    ctx.lineTo(x, y + size);
    ctx.lineTo(x - size, y);
  }
  ctx.closePath();
  ctx.lineJoin = 'round';
  ctx.strokeStyle = selected ? theme.foreground : theme.background;
  ctx.lineWidth = selected ? 4 : 3;
  ctx.stroke();
  ctx.fillStyle = colour;
  ctx.fill();
};

const drawCursor = (place: Place, drawing: Drawing): void => {
  const { cursor, frame, chart, hidden } = drawing;
  if (!cursor || cursor.time < frame.from || cursor.time > frame.to) return;
  const { ctx } = place;
  const { theme } = frame;
  const x = place.x(cursor.time);
  ctx.strokeStyle = theme.cursor;
  ctx.globalAlpha = cursor.metric === chart.metric || theme.highContrast ? 0.9 : 0.45;
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.moveTo(Math.round(x) + 0.5, place.top);
  ctx.lineTo(Math.round(x) + 0.5, place.bottom);
  ctx.stroke();
  ctx.globalAlpha = 1;
  for (const column of chart.columns) {
    if (hidden.has(column.id) || column.stepped) continue;
    const index = nearestIndex(column.times, cursor.time);
    const value = column.values[index] ?? NaN;
    if (Number.isNaN(value)) continue;
    ctx.beginPath();
    ctx.arc(place.x(column.times[index] ?? 0), place.y(value), 3.5, 0, 2 * Math.PI);
    ctx.fillStyle = theme.tones[column.tone];
    ctx.strokeStyle = theme.background;
    ctx.lineWidth = 1.5;
    ctx.fill();
    ctx.stroke();
  }
};

/** What lies under and over the lines: bands, changes of ratio, anomalies, the cross-hair. */
export const layers = (current: () => Drawing): Plugin<'line'> => ({
  id: 'rolloutLensLayers',
  beforeDatasetsDraw: (chart) => {
    const place = placeOf(chart);
    if (!place) return;
    const drawing = current();
    const { theme } = drawing.frame;
    clipped(place, () => {
      for (const marker of drawing.chart.markers) {
        place.ctx.fillStyle = marker.severity === 'major' ? theme.major : theme.minor;
        place.ctx.globalAlpha = 0.07;
        const x = place.x(marker.time);
        place.ctx.fillRect(x, place.top, Math.max(1, place.x(marker.to) - x), place.bottom - place.top);
        place.ctx.globalAlpha = 1;
      }
      for (const column of drawing.chart.columns) {
        if (drawing.hidden.has(column.id)) continue;
        const colour = theme.tones[column.tone];
        const band = drawing.bands.get(column.id);
        if (column.stepped) drawStairs(place, column, colour);
        else if (band) drawBand(place, band, colour, theme.highContrast ? 0.22 : 0.14);
      }
      drawEvents(place, drawing);
    });
  },
  afterDatasetsDraw: (chart) => {
    const place = placeOf(chart);
    if (!place) return;
    const drawing = current();
    clipped(place, () => {
      drawCursor(place, drawing);
    });
    place.ctx.save();
    drawPresent(place, drawing);
    drawEventLabels(place, drawing);
    drawBeyond(place, drawing);
    for (const marker of drawing.chart.markers) if (!drawing.hidden.has(marker.variant)) drawMarker(place, marker, drawing);
    place.ctx.restore();
  },
});
