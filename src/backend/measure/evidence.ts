import type { Evidence, Tally } from '../../model/evidence.ts';
import { histogramOf } from '../../model/histogram.ts';
import type { VariantRole } from '../../model/release.ts';
import { addCell, emptyCell, type Cell } from '../events/cell.ts';
import { countDistinct } from '../events/userSet.ts';
import { KEEP_USERS_SECONDS, type Rollups } from '../storage/rollups.ts';
import { knownWindow, piecesOf } from './window.ts';

/** The longest window over which distinct users are counted. */
export const USERS_WINDOW_SECONDS = 24 * 3600;

/** `users`: distinct ones, null where unknown. */
const tallyOf = (cell: Cell, users: number | null): Tally => ({
  requests: cell.requests,
  errors: cell.errors,
  clientErrors: cell.clientErrors,
  // Requests without a single id: users are unknown, not zero.
  users: users === 0 && cell.requests > 0 ? null : users,
  predictions: cell.predictions,
  correct: cell.correct,
  ratings: cell.ratings,
  ratingSum: cell.ratingSum,
  latency: histogramOf(cell.latency),
  cpu: cell.cpuCount === 0 ? null : cell.cpuSum / cell.cpuCount,
  memoryBytes: cell.memoryCount === 0 ? null : cell.memorySum / cell.memoryCount,
});

/** Both variants over a window of whole seconds, without users. */
export const readCells = (rollups: Rollups, release: number, from: number, to: number): Readonly<Record<VariantRole, Cell>> => {
  const cells: Record<VariantRole, Cell> = { stable: emptyCell(), canary: emptyCell() };
  for (const piece of piecesOf(from, to, 3600)) {
    for (const { variant, cell } of rollups.read(piece.level, release, piece.from, piece.to)) addCell(cells[variant], cell);
  }
  return cells;
};

/**
 * What was counted in `[from, to)`. The window of the answer is the one that was really looked at: whole seconds, and wider where
 * older rows are coarser.
 */
export const readEvidence = (rollups: Rollups, release: number, fromMs: number, toMs: number, nowMs: number): Evidence => {
  const { from, to } = knownWindow(fromMs, toMs, nowMs);
  const cells = readCells(rollups, release, from, to);
  // A widened window may be up to two minutes longer than what was asked for.
  const usersKnown = to - from <= USERS_WINDOW_SECONDS + 120 && from >= nowMs / 1000 - KEEP_USERS_SECONDS;
  const marks: Record<VariantRole, number[]> = { stable: [], canary: [] };
  if (usersKnown) {
    for (const piece of piecesOf(from, to, 60)) {
      rollups.readUsers(piece.level === 1 ? 1 : 60, release, piece.from, piece.to, marks);
    }
  }
  const tally = (variant: VariantRole): Tally => tallyOf(cells[variant], usersKnown ? countDistinct(marks[variant]) : null);
  return { from: from * 1000, to: to * 1000, variants: { stable: tally('stable'), canary: tally('canary') } };
};
