import { KEEP_SECONDS, type Level } from '../storage/rollups.ts';

/** A range of epoch seconds `[from, to)` that is read from the rows of one level. */
export interface Piece {
  readonly level: Level;
  readonly from: number;
  readonly to: number;
}

const down = (value: number, to: number): number => Math.floor(value / to) * to;
const up = (value: number, to: number): number => Math.ceil(value / to) * to;

/** The coarsest unit in which a moment can still be told apart from its neighbours, in seconds. */
export const resolutionAt = (second: number, nowSeconds: number): Level =>
  second >= nowSeconds - KEEP_SECONDS[1] ? 1 : second >= nowSeconds - KEEP_SECONDS[60] ? 60 : 3600;

/** A window in whole seconds, widened to what is still known: to whole minutes after two hours, to whole hours after 14 days. */
export const knownWindow = (fromMs: number, toMs: number, nowMs: number): { readonly from: number; readonly to: number } => {
  const now = nowMs / 1000;
  const from = Math.floor(fromMs / 1000);
  const to = Math.ceil(toMs / 1000);
  return { from: down(from, resolutionAt(from, now)), to: up(to, resolutionAt(to, now)) };
};

const split = (piece: Piece, coarser: Level): readonly Piece[] => {
  const first = up(piece.from, coarser);
  const last = down(piece.to, coarser);
  if (first >= last) return [piece];
  const edges: Piece[] = [
    { ...piece, to: first },
    { ...piece, from: last },
  ];
  return [...edges.filter(({ from, to }) => from < to), { level: coarser, from: first, to: last }];
};

/** Covers a window of whole seconds with as few rows as possible: seconds at the edges, minutes, hours within. */
export const piecesOf = (from: number, to: number, coarsest: Level): readonly Piece[] => {
  let pieces: readonly Piece[] = from < to ? [{ level: 1, from, to }] : [];
  for (const level of [60, 3600] as const) {
    if (level <= coarsest) pieces = pieces.flatMap((piece) => (piece.level === (level === 60 ? 1 : 60) ? split(piece, level) : [piece]));
  }
  return pieces;
};
