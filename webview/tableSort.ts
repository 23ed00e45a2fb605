import type { PanelCell } from '../src/protocol/messages.ts';
import type { Sorting } from './state.ts';

/**
 * The rows in the wanted order; equal rows keep theirs, and cells without a value come last either way. Numbers by size, texts by the rules of
 * the locale. No sorting leaves the host's order.
 */
export const sortRows = <R extends { readonly cells: readonly PanelCell[] }>(
  rows: readonly R[],
  sorting: Sorting | null,
  locale: string,
): readonly R[] => {
  if (!sorting) return rows;
  const collator = new Intl.Collator(locale, { numeric: true });
  const sign = sorting.descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const left = a.cells[sorting.column]?.sort ?? null;
    const right = b.cells[sorting.column]?.sort ?? null;
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    if (typeof left === 'number' && typeof right === 'number') return sign * (left - right);
    return sign * collator.compare(String(left), String(right));
  });
};

/** Up, then down, then as it came. */
export const nextSorting = (sorting: Sorting | null, column: number): Sorting | null => {
  if (sorting?.column !== column) return { column, descending: false };
  return sorting.descending ? null : { column, descending: true };
};
