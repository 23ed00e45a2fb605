import path from 'node:path';
import { message, type Message } from '../../model/message.ts';
import { quantity } from '../../model/quantity.ts';
import type { SourceMessageKey } from '../messages.ts';
import type { SourceErrorKind } from '../source.ts';
import { MOST_FILES, type Unreadable } from './discover.ts';
import type { Look } from './follower.ts';
import { MOST_RELEASES, type Ledger } from './ledger.ts';

/** Without a new line for this long the note says how old the newest is. */
const QUIET_MS = 60_000;

/** No JSON log is older: a newest line before is a wrong unit of time. */
const OLDEST_LOG = Date.UTC(1990, 0);

export interface Failure {
  readonly kind: SourceErrorKind;
  readonly message: Message<SourceMessageKey>;
  readonly detail: string;
}

const failure = (kind: SourceErrorKind, text: Message<SourceMessageKey>, detail: string): Failure => ({ kind, message: text, detail });

/** Why there is nothing to show; null when there is. */
export function failureOf(look: Look, ledger: Ledger, patterns: readonly string[]): Failure | null {
  const [problem] = look.unreadable;
  if (look.files === 0) {
    const detail = look.unreadable.map((one) => `${one.file}: ${one.problem}`).join('\n');
    return problem ? unreadableFailure(problem, detail) : noFile(patterns, look.compressed);
  }
  const { worst } = ledger.bad;
  if (ledger.releases.size > 0 || worst === null) return null;
  return failure(
    'invalid',
    message(`logs.error.bad.${worst.reason}`, { bad: quantity(worst.count, 'count'), example: worst.example }),
    ledger.bad.describe(),
  );
}

/** `compressed`: a file that the patterns match and that is passed over. */
export const noFile = (patterns: readonly string[], compressed: string | null): Failure =>
  compressed === null
    ? failure('notFound', message('logs.error.noFile', { pattern: patterns.join(', ') }), '')
    : failure('invalid', message('logs.error.onlyCompressed', { pattern: patterns.join(', '), file: compressed }), '');

export function unreadableFailure({ kind, file, problem }: Unreadable, detail = problem): Failure {
  switch (kind) {
    case 'denied':
      return failure('forbidden', message('logs.error.denied', { file }), detail);
    case 'folder':
      return failure('invalid', message('logs.error.folder', { file, pattern: path.join(file, '*.log') }), detail);
    case 'notFile':
      return failure('invalid', message('logs.error.notFile', { file }), detail);
    case 'compressed':
      return failure('invalid', message('logs.error.compressed', { file }), detail);
    case 'utf16':
      return failure('invalid', message('logs.error.utf16', { file }), detail);
    case 'tooMany':
      return failure('tooLarge', message('logs.error.tooManyFiles', { folder: file, limit: quantity(MOST_FILES, 'count') }), detail);
    case 'other':
      return failure('unreachable', message('logs.error.unreadable', { file, problem }), detail);
  }
}

/** One line about how the logs are followed: the gravest thing that can be said, so coarse that it stands still while nothing happens. */
export function noteOf(look: Look, ledger: Ledger, newest: number | null, linesPerSecond: number, now: number): Message<SourceMessageKey> {
  const files = quantity(look.files, 'count');
  const rate = quantity(Number(linesPerSecond.toPrecision(2)), 'perSecond');
  const [problem] = look.unreadable;
  if (problem) return message('logs.note.unreadable', { files, unread: quantity(look.unreadable.length, 'count'), file: problem.file });
  if (ledger.unplaced > 0) {
    return message('logs.note.tooManyReleases', { releases: quantity(MOST_RELEASES, 'count'), field: ledger.mapping.release?.field ?? '' });
  }
  const [lost] = look.lost;
  if (lost) {
    return lost.now === null
      ? message('logs.note.gone', { files, rate, file: lost.file })
      : message('logs.note.rotatedAway', { files, rate, file: lost.file, now: path.basename(lost.now), pattern: lost.pattern });
  }
  const { worst } = ledger.bad;
  if (worst) {
    const counts = { bad: quantity(worst.count, 'count'), lines: quantity(ledger.lines, 'count') };
    return message(`logs.note.bad.${worst.reason}`, { files, ...counts, example: worst.example });
  }
  if (look.skipped > 0) return message('logs.note.partial', { files, skipped: quantity(look.skipped, 'bytes') });
  if (newest !== null && newest < OLDEST_LOG) return message('logs.note.ancient', { files, field: ledger.mapping.time.field });
  if (newest !== null && now - newest > QUIET_MS)
    return message('logs.note.quiet', { files, age: quantity(Math.floor((now - newest) / 60_000) * 60, 'seconds') });
  const [beside] = look.beside;
  if (beside?.now) {
    const { file, now: name, pattern } = beside;
    return message('logs.note.beside', { files, rate, file, now: path.basename(name), pattern });
  }
  return message('logs.note.following', { files, rate });
}

export const readingNote = (done: number, files: number): Message<SourceMessageKey> =>
  message('logs.note.reading', { done: quantity(done, 'ratio'), files: quantity(files, 'count') });
