import type { VariantRole } from '../../model/release.ts';
import type { Feature } from './features.ts';

/** What a window adds to a run is its deviation less this; so a run needs a mean shift above it. */
const ALLOWANCE = 1.25;
/** And no more than the forest is surprised by it, less what three in four of the stable's windows surprise it. */
const ORDINARY = Math.log(4 / 3);
/** A run is an anomaly from this sum on: one window by 6.8, two by 4 each, five by 2.4 each, where the forest agrees. */
const DECISION = 5.5;
/** The sum does not grow beyond this, so that a long run ends soon after its cause. */
const CEILING = 2 * DECISION;

/** Neighbouring windows that deviate in one direction of one metric. Indices of windows, ends included. */
export interface Run {
  readonly feature: Feature;
  readonly direction: 1 | -1;
  readonly from: number;
  readonly to: number;
  /** The window that deviates most. */
  readonly peak: number;
  /** The sum reached its ceiling: clear beyond doubt. */
  readonly strong: boolean;
  /** Neither its sum nor the data had come to an end with it: it goes on. */
  readonly open: boolean;
}

/**
 * The runs of one metric in one direction by the cumulative sum control chart: the sum of (deviation − allowance), never below 0, to which a
 * window adds no more than the forest, which sees all metrics together, is surprised by it: what the stable does every few minutes hardly adds,
 * however far off it is, and what the stable never does adds at once. A run begins where
 * the sum leaves 0 and ends at the last window that raised it. Windows without a value change nothing. For normal noise a false run comes
 * about once in e^(2 · 1.25 · 5.5) = 940,000 windows.
 * Source: E. S. Page, Continuous inspection schemes, Biometrika 41 (1954) 100.
 */
const runsIn = (feature: Feature, z: Float64Array, direction: 1 | -1, surprise: Float64Array): readonly Run[] => {
  const out: Run[] = [];
  let sum = 0;
  let open: { from: number; to: number; peak: number; highest: number } | null = null;
  const close = (ended: boolean): void => {
    if (open && open.highest >= DECISION) {
      const { from, to, peak, highest } = open;
      out.push({ feature, direction, from, to, peak, strong: highest >= CEILING, open: !ended && sum >= DECISION });
    }
    open = null;
    sum = 0;
  };
  for (const [i, value] of z.entries()) {
    const step = Math.min(direction * value - ALLOWANCE, (surprise[i] ?? 0) - ORDINARY);
    if (Number.isNaN(step)) continue;
    sum = Math.min(CEILING, sum + step);
    if (sum <= 0) {
      close(true);
      continue;
    }
    open ??= { from: i, to: i, peak: i, highest: 0 };
    if (step > 0) open.to = i;
    if (direction * value > direction * (z[open.peak] ?? 0)) open.peak = i;
    open.highest = Math.max(open.highest, sum);
  }
  close(false);
  return out;
};

/** All runs of a variant, over every feature and both directions. `surprise` is the forest's of each window, in nats. */
export const runsOf = (features: readonly Feature[], variant: VariantRole, surprise: Float64Array): readonly Run[] =>
  features.flatMap((feature) => ([1, -1] as const).flatMap((direction) => runsIn(feature, feature[variant].z, direction, surprise)));
