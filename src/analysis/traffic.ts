import type { Evidence } from '../model/evidence.ts';
import type { VariantRole } from '../model/release.ts';
import { findSeries, type History } from '../model/series.ts';

/** Traffic "now" is that of the last so many minutes. */
const RECENT_MS = 600_000;

/** The variant with fewer requests: the one a verdict waits for. */
export const thinnerSide = ({ variants: { stable, canary } }: Evidence): VariantRole =>
  stable.requests < canary.requests ? 'stable' : 'canary';

/**
 * How many minutes of the present traffic the evidence of the thinner side is worth: its requests over their recent rate. It is the length of the
 * window where traffic was even, less where a canary has only begun or its ratio was raised, ∞ where nothing arrives any more. Without
 * a history that tells, the length of the window.
 */
export const minutesOfTraffic = (evidence: Evidence, history: History | null): number => {
  const side = thinnerSide(evidence);
  const window = (evidence.to - evidence.from) / 60_000;
  const series = history ? findSeries(history, 'requests', side) : undefined;
  if (!history || !series || series.times.length === 0) return window;
  const recent = [...series.times.keys()].filter((i) => (series.times[i] ?? 0) >= history.to - RECENT_MS);
  // A side that began inside these minutes had no earlier traffic to count as silence.
  const began = series.counts.findIndex((count) => count > 0);
  const counted = recent.filter((i) => began >= 0 && i >= began);
  const requests = counted.reduce((sum, i) => sum + (series.counts[i] ?? 0), 0);
  const minutes = (counted.length * history.stepMs) / 60_000;
  return requests > 0 ? evidence.variants[side].requests / (requests / minutes) : Infinity;
};
