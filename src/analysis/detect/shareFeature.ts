import type { RatioChange } from '../../model/series.ts';
import { MINIMUM_WINDOWS, PRACTICAL_Z, type Feature, type Standardised } from './features.ts';
import { deviation, median } from './robust.ts';
import type { WindowColumn, Windows } from './windows.ts';

/** A share of the traffic that is half as large again begins to matter. */
const FLOOR = Math.log(1.5) / PRACTICAL_Z;
/** The share is held against the median of so many windows before it (ten minutes), and not before there are so many. */
const LOOK_BACK = 20;
const ENOUGH = 6;

/** The segment of each window between two changes of the ratio; −1 for a window in which one happened, or before the canary's first request. */
const segmentsOf = (windows: Windows, canary: WindowColumn, changes: readonly RatioChange[]): Int32Array => {
  const times = changes.map((change) => change.time).sort((a, b) => a - b);
  const first = canary.counts.findIndex((count) => count > 0);
  return Int32Array.from(windows.starts, (start, i) => {
    const before = times.filter((time) => time < start).length;
    const changed = times.some((time) => time >= start && time < start + windows.windowMs);
    return first < 0 || i < first || changed ? -1 : before;
  });
};

/** For each window the median of the windows before it in which the same ratio held; NaN where they are too few. */
const trailingMedian = (odds: Float64Array, segments: Int32Array): Float64Array =>
  Float64Array.from(odds, (_, i) => {
    const before = odds.subarray(Math.max(0, i - LOOK_BACK), i).filter((value, k) => {
      const at = Math.max(0, i - LOOK_BACK) + k;
      return segments[at] === segments[i] && !Number.isNaN(value);
    });
    return before.length >= ENOUGH ? median(before) : NaN;
  });

/**
 * How the traffic is shared: log odds of the canary in each window against the minutes before, as far as one ratio held. So a change of the ratio
 * that the history knows is no news, one that it does not know is news for some minutes, and the past is not judged anew by it. A share says
 * the same of both variants: the stable's deviation is the canary's with the sign turned. Null without traffic on both.
 */
export const shareFeatureOf = (windows: Windows, changes: readonly RatioChange[]): Feature | null => {
  const stable = windows.column('requests', 'stable');
  const canary = windows.column('requests', 'canary');
  if (!stable || !canary) return null;
  const segments = segmentsOf(windows, canary, changes);
  const odds = Float64Array.from(segments, (segment, i) => {
    const [a, b] = [canary.counts[i] ?? 0, stable.counts[i] ?? 0];
    return segment < 0 || a + b === 0 ? NaN : Math.log((a + 0.5) / (b + 0.5));
  });
  const centres = trailingMedian(odds, segments);
  const off = odds.map((value, i) => value - (centres[i] ?? NaN));
  if (off.filter((value) => !Number.isNaN(value)).length < MINIMUM_WINDOWS) return null;
  const scatter = deviation(off, 0);
  const size = off.length;
  const column = (): Standardised => ({
    seen: new Float64Array(size).fill(NaN),
    expected: new Float64Array(size).fill(NaN),
    low: new Float64Array(size).fill(NaN),
    high: new Float64Array(size).fill(NaN),
    z: new Float64Array(size).fill(NaN),
  });
  const result = { stable: column(), canary: column() };
  const seconds = windows.windowMs / 1000;
  for (const [i, value] of off.entries()) {
    if (Number.isNaN(value)) continue;
    const centre = centres[i] ?? NaN;
    const [a, b] = [canary.counts[i] ?? 0, stable.counts[i] ?? 0];
    const share = (logOdds: number): number => 1 / (1 + Math.exp(-logOdds));
    const sampling = Math.sqrt(1 / ((a + b) * share(centre) + 0.5) + 1 / ((a + b) * share(-centre) + 0.5));
    const noise = Math.hypot(FLOOR, Math.max(scatter, sampling));
    const rate = (a + b) / seconds;
    const fill = (of: Standardised, sign: 1 | -1, seen: number): void => {
      of.seen[i] = seen / seconds;
      of.expected[i] = rate * share(sign * centre);
      of.low[i] = rate * share(sign * centre - 3 * noise);
      of.high[i] = rate * share(sign * centre + 3 * noise);
      of.z[i] = (sign * value) / noise;
    };
    fill(result.canary, 1, a);
    fill(result.stable, -1, b);
  }
  return { metric: 'requests', ...result };
};
