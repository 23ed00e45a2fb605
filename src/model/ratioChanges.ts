import type { Release } from './release.ts';
import type { History } from './series.ts';

/**
 * When the ratio moved inside a window (ends exclusive, epoch milliseconds), rising: as the history knows it, else as the release says since when its
 * ratio holds. A beginning is no change: no other ratio held before.
 */
export const knownChanges = (
  release: Pick<Release, 'ratio' | 'createdAt'>,
  { from, to }: { readonly from: number; readonly to: number },
  history: History | null,
): readonly number[] => {
  const inside = (time: number): boolean => time > from && time < to;
  const known = (history?.changes ?? []).filter((change) => change.from !== null && inside(change.time)).map(({ time }) => time);
  const { since } = release.ratio;
  if (known.length > 0) return [...known].sort((a, b) => a - b);
  return since !== null && since !== release.createdAt && inside(since) ? [since] : [];
};
