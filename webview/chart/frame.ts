import type { PanelChart, PanelEvent } from '../../src/protocol/messages.ts';
import type { BandPoints } from './decimate.ts';
import type { ChartTheme } from './theme.ts';

/** What all charts of the page share. */
export interface Frame {
  readonly from: number;
  readonly to: number;
  /** End of the last step that is complete. */
  readonly measuredTo: number;
  readonly locale: string;
  readonly theme: ChartTheme;
  readonly events: readonly PanelEvent[];
}

/** The moment that is being read, shared by all charts. */
export interface Cursor {
  readonly time: number;
  /** The chart the pointer or the focus is in. */
  readonly metric: PanelChart['metric'];
}

/** What the layers under and over the lines are drawn from. Replaced as a whole on every change. */
export interface Drawing {
  readonly chart: PanelChart;
  readonly frame: Frame;
  readonly hidden: ReadonlySet<string>;
  readonly bands: ReadonlyMap<string, BandPoints>;
  /** Where the axis of values ends; few values may lie beyond. */
  readonly max: number;
  readonly cursor: Cursor | null;
  readonly selected: string | null;
}
