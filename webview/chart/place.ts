import type { Chart } from 'chart.js';

type LineChart = Chart<'line'>;

/** Where a chart's values and times lie on its canvas, in CSS pixels. */
export interface Place {
  readonly ctx: CanvasRenderingContext2D;
  readonly x: (time: number) => number;
  readonly y: (value: number) => number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export const placeOf = (chart: LineChart): Place | null => {
  const { x, y } = chart.scales;
  if (!x || !y) return null;
  return {
    ctx: chart.ctx,
    x: (time) => x.getPixelForValue(time),
    y: (value) => y.getPixelForValue(value),
    ...chart.chartArea,
  };
};

/** Runs a drawing inside the chart's area, with the context as it was afterwards. */
export const clipped = (place: Place, draw: () => void): void => {
  const { ctx } = place;
  ctx.save();
  ctx.beginPath();
  ctx.rect(place.left, place.top - 1, place.right - place.left, place.bottom - place.top + 2);
  ctx.clip();
  draw();
  ctx.restore();
};
