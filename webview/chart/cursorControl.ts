import { element, setAttributes } from '../dom.ts';
import { lowerBound, nearestIndex } from './decimate.ts';

export interface CursorTarget {
  /** Moments the cursor can stand at, rising. */
  readonly moments: Float64Array;
  /** Moments worth jumping to: anomalies and changes of the ratio, rising. */
  readonly landmarks: readonly number[];
}

/** How far a moment moves by a key; null when the key is not one of the cursor's. */
export const moveBy = (key: string, time: number | null, target: CursorTarget): number | null => {
  const { moments, landmarks } = target;
  if (moments.length === 0) return null;
  const last = moments.length - 1;
  const at = time === null ? last : nearestIndex(moments, time);
  const moment = (index: number): number => moments[Math.min(last, Math.max(0, index))] ?? 0;
  const now = moment(at);
  switch (key) {
    case 'ArrowLeft':
      return moment(time === null ? at : at - 1);
    case 'ArrowRight':
      return moment(time === null ? at : at + 1);
    case 'Home':
      return moment(0);
    case 'End':
      return moment(last);
    case 'PageUp':
    case 'PageDown': {
      const stops = landmarks.map((stop) => moment(nearestIndex(moments, stop)));
      return (key === 'PageUp' ? stops.findLast((stop) => stop < now) : stops.find((stop) => stop > now)) ?? now;
    }
    default:
      return null;
  }
};

/**
 * The surface over a plot that takes pointer and keys. To assistive technology it is a slider along time, whose value is told as text; the
 * canvas under it is an image with a summary.
 */
export class CursorControl {
  readonly element = element('div', { class: 'cursor', role: 'slider', tabindex: '0', 'aria-orientation': 'horizontal' });
  private target: CursorTarget = { moments: new Float64Array(0), landmarks: [] };
  private time: number | null = null;
  private pendingPixel: number | null = null;

  constructor(onMove: (time: number | null) => void, timeAt: (pixel: number) => number) {
    this.element.addEventListener('pointermove', (event) => {
      const waiting = this.pendingPixel !== null;
      this.pendingPixel = event.offsetX;
      // At most one move a frame, however fast the mouse reports.
      if (!waiting)
        requestAnimationFrame(() => {
          const pixel = this.pendingPixel;
          this.pendingPixel = null;
          if (pixel !== null) onMove(this.snap(timeAt(pixel)));
        });
    });
    this.element.addEventListener('pointerleave', () => {
      this.pendingPixel = null;
      onMove(null);
    });
    this.element.addEventListener('blur', () => {
      onMove(null);
    });
    this.element.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === 'Escape') {
        onMove(null);
        return;
      }
      const to = moveBy(event.key, this.time, this.target);
      if (to === null) return;
      event.preventDefault();
      onMove(to);
    });
  }

  update(label: string, hint: string, target: CursorTarget): void {
    this.target = target;
    setAttributes(this.element, {
      'aria-label': label,
      'aria-description': hint,
      'aria-valuemin': '0',
      'aria-valuemax': String(Math.max(0, target.moments.length - 1)),
    });
  }

  /** `text` is what the moment says; `rest` what is told while there is none. */
  point(time: number | null, text: string): void {
    this.time = time;
    const index = time === null ? this.target.moments.length - 1 : lowerBound(this.target.moments, time);
    setAttributes(this.element, { 'aria-valuenow': String(Math.max(0, index)), 'aria-valuetext': text });
  }

  private snap(time: number): number | null {
    const index = nearestIndex(this.target.moments, time);
    return this.target.moments[index] ?? null;
  }
}
