import { array, boolean, integer, nullable, number, object, string, withDefault, type Decoder } from '../src/base/decode.ts';
import { rangeMinutes } from '../src/protocol/decode.ts';
import type { RangeMinutes } from '../src/protocol/messages.ts';

export interface Sorting {
  readonly column: number;
  readonly descending: boolean;
}

/** How the page looks, kept over a reload of the window. Never what it shows: that is asked for again. */
export interface ViewState {
  /** Which release the panel was about, for the host that restores it. */
  readonly releaseKey: string | null;
  readonly rangeMinutes: RangeMinutes;
  /** Lines that were switched off, as `metric/column`. */
  readonly hidden: readonly string[];
  readonly evidenceSort: Sorting | null;
  readonly anomalySort: Sorting | null;
  readonly scroll: number;
}

export const INITIAL: ViewState = { releaseKey: null, rangeMinutes: 60, hidden: [], evidenceSort: null, anomalySort: null, scroll: 0 };

const sorting = nullable(object({ column: integer, descending: boolean }));
const viewState: Decoder<ViewState> = object({
  releaseKey: nullable(string),
  rangeMinutes: withDefault(rangeMinutes, INITIAL.rangeMinutes),
  hidden: withDefault(array(string), []),
  evidenceSort: sorting,
  anomalySort: sorting,
  scroll: withDefault(number, 0),
});

/** What was kept by whatever version of the page; what cannot be read is as if nothing had been kept. */
export const decodeViewState = (input: unknown): ViewState => {
  const decoded = viewState(input);
  return decoded.ok ? decoded.value : INITIAL;
};

/** Keeps the view state: a change is written at once and told to nobody. */
export class ViewStateKeeper {
  private current: ViewState;
  private readonly write: (state: ViewState) => void;

  constructor(saved: unknown, write: (state: ViewState) => void) {
    this.current = decodeViewState(saved);
    this.write = write;
  }

  get value(): ViewState {
    return this.current;
  }

  update(change: Partial<ViewState>): void {
    this.current = { ...this.current, ...change };
    this.write(this.current);
  }
}
