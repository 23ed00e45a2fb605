import type { Drawing } from './frame.ts';
import type { Place } from './place.ts';

/** A dotted line where the ratio changed. */
export const drawEvents = (place: Place, drawing: Drawing): void => {
  const { ctx } = place;
  const { theme, events, from, to } = drawing.frame;
  ctx.strokeStyle = theme.foreground;
  ctx.globalAlpha = theme.highContrast ? 1 : 0.55;
  ctx.lineWidth = 1;
  ctx.setLineDash([1, 3]);
  for (const event of events) {
    if (event.time < from || event.time > to) continue;
    const x = Math.round(place.x(event.time)) + 0.5;
    ctx.beginPath();
    ctx.moveTo(x, place.top);
    ctx.lineTo(x, place.bottom);
    ctx.stroke();
  }
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
};

/** On the ribbon each change says from what to what, the newest first, as far as there is room. */
export const drawEventLabels = (place: Place, drawing: Drawing): void => {
  if (drawing.chart.metric !== 'ratio') return;
  const { ctx } = place;
  const { theme, events, from, to } = drawing.frame;
  ctx.font = `${String(theme.fontSize)}px ${theme.fontFamily}`;
  ctx.fillStyle = theme.foreground;
  ctx.textBaseline = 'bottom';
  let free = place.right;
  for (const event of events.toReversed()) {
    if (event.time < from || event.time > to) continue;
    const x = place.x(event.time);
    const { width } = ctx.measureText(event.label);
    // Beside its line, on the other side where the edge or a newer label is too near.
    const left = x + 4 + width <= free ? x + 4 : x - 4 - width;
    if (left < place.left || left + width > free) continue;
    ctx.fillText(event.label, left, place.top - 2);
    free = left - 8;
  }
};
