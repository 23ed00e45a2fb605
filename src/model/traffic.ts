import type { Evidence } from './evidence.ts';
import type { VariantRole } from './release.ts';
import { findSeries, type History, type Series } from './series.ts';

/** Traffic "now" is that of the last so many minutes. */
const RECENT_MS = 600_000;
/** A new ratio is as old as this before the traffic under it says more than that of ten minutes. */
const SETTLED_MS = 60_000;

/** Requests a minute, and the length of the time they were counted in, which is named beside them. */
export interface Rate {
  readonly perMinute: number;
  readonly seconds: number;
}

const requestsOf = (history: History, of: VariantRole | 'both'): readonly Series[] =>
  (of === 'both' ? (['stable', 'canary'] as const) : [of]).flatMap((variant) => {
    const series = findSeries(history, 'requests', variant);
    return series && series.times.length > 0 ? [series] : [];
  });

/** The start of the first step with a request of either side; null for none. */
const firstRequest = (history: History, of: VariantRole | 'both'): number | null => {
  const firsts = requestsOf(history, of).map(({ times, counts }) => times[counts.findIndex((count) => count > 0)] ?? Infinity);
  const first = Math.min(...firsts);
  return Number.isFinite(first) ? first : null;
};

/** The end of the last step with a request of either side; null for none. */
export const lastRequest = (history: History): number | null => {
  const lasts = requestsOf(history, 'both').map(({ times, counts }) => times[counts.findLastIndex((count) => count > 0)] ?? -Infinity);
  const last = Math.max(...lasts);
  return Number.isFinite(last) ? last + history.stepMs : null;
};

/**
 * The traffic of late: of the last ten minutes before `until` (epoch milliseconds), or since its first request where that came later; of one
 * side also since the ratio last moved, once that is a minute ago. 0 where nothing arrives any more; null where the history does not tell.
 */
const recentRate = (history: History | null, of: VariantRole | 'both', until: number): Rate | null => {
  const series = history ? requestsOf(history, of) : [];
  if (!history || series.length === 0) return null;
  const end = Math.min(until, history.to);
  const moved = of === 'both' ? [] : history.changes.map(({ time }) => time).filter((time) => time <= end - SETTLED_MS);
  // From the step that these minutes begin in.
  const recent = end - RECENT_MS - history.stepMs + 1;
  const since = Math.max(recent, firstRequest(history, of) ?? -Infinity, ...moved);
  let requests = 0;
  let from = Infinity;
  for (const { times, counts } of series) {
    for (const [i, time] of times.entries()) {
      if (time < since || time >= end) continue;
      requests += counts[i] ?? 0;
      from = Math.min(from, time);
    }
  }
  const seconds = (end - from) / 1000;
  return seconds > 0 ? { perMinute: (requests / seconds) * 60, seconds } : null;
};

/** The traffic of late, or that of the evidence's window where the history does not tell; null for no window. */
export const rateOf = (evidence: Evidence, history: History | null, of: VariantRole | 'both'): Rate | null => {
  const recent = recentRate(history, of, evidence.to);
  const seconds = (evidence.to - evidence.from) / 1000;
  const { stable, canary } = evidence.variants;
  const requests = of === 'both' ? stable.requests + canary.requests : evidence.variants[of].requests;
  return recent ?? (seconds > 0 ? { perMinute: (requests / seconds) * 60, seconds } : null);
};

/** Traffic that pauses for less than this is thin, not absent. */
export const ABSENT_MS = 60_000;

/**
 * The part of the evidence's window that has data, epoch milliseconds: from the first request of either side to the end of the step of the
 * last. A side of the window that misses less than a minute is not cut off; nor is anything where the history does not tell.
 */
export const seenWindow = (
  { from, to }: Pick<Evidence, 'from' | 'to'>,
  history: History | null,
): { readonly from: number; readonly to: number } => {
  if (!history) return { from, to };
  const first = firstRequest(history, 'both');
  const last = lastRequest(history);
  if (first === null || last === null || last <= from || first >= to) return { from, to };
  return { from: first - from > ABSENT_MS ? first : from, to: to - last > ABSENT_MS ? last : to };
};

/** How long the traffic in the evidence's window has been seen, in seconds: the window, or less where the first request came inside it. */
export const seenSeconds = (evidence: Evidence, history: History | null): number => {
  const first = history ? firstRequest(history, 'both') : null;
  return (evidence.to - Math.min(evidence.to, Math.max(evidence.from, first ?? evidence.from))) / 1000;
};
