import type { RatioChange } from '../../model/series.ts';
import { MINIMUM_WINDOWS, PRACTICAL_Z, type Feature, type Standardised } from './features.ts';
import { deviation, median } from './robust.ts';
import type { WindowColumn, Windows } from './windows.ts';

/** A share of the traffic that is half as large again begins to matter. */
const FLOOR = Math.log(1.5) / PRACTICAL_Z;
const ENOUGH_IN_SEGMENT = 10;

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

/**
 * How the traffic is shared: log odds of the canary in each window against the median of its segment, the time in which one ratio held.
 * A share says the same of both variants, so the stable's deviation is the canary's with the sign turned. Null without traffic on both.
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
  const centres = new Map<number, number>();
  for (const segment of new Set(segments)) {
    const inside = odds.filter((value, i) => segments[i] === segment && !Number.isNaN(value));
    if (inside.length >= ENOUGH_IN_SEGMENT) centres.set(segment, median(inside));
  }
  const off = odds.map((value, i) => value - (centres.get(segments[i] ?? -1) ?? NaN));
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
    const centre = centres.get(segments[i] ?? -1);
    if (Number.isNaN(value) || centre === undefined) continue;
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
