import type { VariantRole } from './release.ts';

export const VARIANTS: readonly VariantRole[] = ['stable', 'canary'];

/** Maps start time (epoch ms, a multiple of `width`) to an accumulator; `from` is the oldest start that still belongs here. */
export interface Tier<T> {
  readonly width: number;
  readonly keep: number;
  from: number;
  readonly cells: Readonly<Record<VariantRole, Map<number, T>>>;
}

export const tiersOf = <T>(widths: readonly { readonly width: number; readonly keep: number }[]): readonly Tier<T>[] =>
  widths.map(({ width, keep }) => ({
    width,
    keep,
    from: -Infinity,
    cells: { stable: new Map<number, T>(), canary: new Map<number, T>() },
  }));

/** Moves what has become too old for a tier to the next one, and drops it from the last. */
export function roll<T>(tiers: readonly Tier<T>[], newest: number, into: (cells: Map<number, T>, start: number, old: T) => void): void {
  for (const [index, tier] of tiers.entries()) {
    const next = tiers[index + 1];
    // Aligned to the next tier's width, so that no time is held by two tiers.
    const align = next?.width ?? tier.width;
    tier.from = Math.max(tier.from, Math.floor((newest - tier.keep) / align) * align);
    for (const variant of VARIANTS) {
      const cells = tier.cells[variant];
      for (const [start, cell] of cells) {
        if (start >= tier.from) continue;
        cells.delete(start);
        if (next) into(next.cells[variant], Math.floor(start / next.width) * next.width, cell);
      }
    }
  }
}

/**
 * Every accumulator whose start lies in `[from, to)`. A short range is looked up cell by cell, so that the last minutes of a long log
 * cost as little as those of a short one.
 */
export function visit<T>(
  tiers: readonly Tier<T>[],
  variant: VariantRole,
  from: number,
  to: number,
  take: (start: number, cell: T) => void,
): void {
  for (const { width, from: kept, cells } of tiers) {
    const own = cells[variant];
    const first = Math.ceil(Math.max(from, kept) / width) * width;
    if ((to - first) / width > own.size) {
      for (const [start, cell] of own) if (start >= from && start < to) take(start, cell);
    } else {
      for (let start = first; start < to; start += width) {
        const cell = own.get(start);
        if (cell !== undefined) take(start, cell);
      }
    }
  }
}

/** The accumulator of a time, in the finest tier that still takes it. */
export function at<T>(tiers: readonly Tier<T>[], variant: VariantRole, time: number, create: () => T): T {
  for (const tier of tiers) {
    if (time >= tier.from) return get(tier.cells[variant], Math.floor(time / tier.width) * tier.width, create);
  }
  throw new RangeError('older than every tier: refused before');
}

export function get<T>(cells: Map<number, T>, start: number, create: () => T): T {
  let cell = cells.get(start);
  if (cell === undefined) cells.set(start, (cell = create()));
  return cell;
}
