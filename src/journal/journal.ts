import { mkdir, open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { err, ok, type Result } from '../base/result.ts';
import { replay, type JournalEntry, type JournalLine } from '../model/journal.ts';
import { decodeJournalLine } from './decode.ts';

/** What has been read of the file: it only grows, so the next reading begins where this one ended. */
interface Known {
  /** Which file it was; another one of the same name is read from its beginning. */
  readonly inode: number;
  /** Whole lines read: how many, and the bytes that they take. */
  readonly lines: number;
  readonly bytes: number;
  /** The last bytes before that, by which a file that was written anew in the same place is told. */
  readonly last: Buffer;
  readonly all: readonly JournalLine[];
  readonly entries: readonly JournalEntry[];
}

const NOTHING: Omit<Known, 'inode'> = { lines: 0, bytes: 0, last: Buffer.alloc(0), all: [], entries: [] };
/** More than most acts take: two of them differ in id and time. */
const LAST_BYTES = 1024;

const text = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * The append-only history of every act: one JSON object a line in one file that all windows of a person share. A line is
 * written with one O_APPEND write and is on disk before `append` answers. Nothing is ever rewritten: a line that cannot be
 * read (a crash in the middle of a write) is reported and left where it is.
 */
export class Journal {
  readonly file: string;
  private readonly problem: (detail: string) => void;
  private last: Promise<unknown> = Promise.resolve();
  private known: Known | null = null;

  /** `problem` is told of each line that cannot be read, once. */
  constructor(file: string, problem: (detail: string) => void) {
    this.file = file;
    this.problem = problem;
  }

  append(line: JournalLine): Promise<Result<void, string>> {
    // One after the other, so that the file has the order of the calls.
    const done = this.last.then(() => this.write(`${JSON.stringify(line)}\n`));
    this.last = done;
    return done;
  }

  private async write(data: string): Promise<Result<void, string>> {
    try {
      await mkdir(path.dirname(this.file), { recursive: true });
      const handle = await open(this.file, 'a+', 0o600);
      try {
        await handle.appendFile((await this.endsInsideLine(handle)) ? `\n${data}` : data);
        await handle.sync();
      } finally {
        await handle.close();
      }
      return ok(undefined);
    } catch (error) {
      return err(text(error));
    }
  }

  /** A write that a crash cut short left no newline: the next line must not be glued to it. */
  private async endsInsideLine(handle: FileHandle): Promise<boolean> {
    const { size } = await handle.stat();
    if (size === 0) return false;
    const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
    return buffer[0] !== 0x0a;
  }

  /** Every act with its outcomes, oldest first; no file yet is an empty history. Only what was written since the last time is read. */
  async read(): Promise<Result<readonly JournalEntry[], string>> {
    const done = this.last.then(() => this.readNew());
    // Two readings at once would tell of one line twice.
    this.last = done;
    return done;
  }

  private async readNew(): Promise<Result<readonly JournalEntry[], string>> {
    try {
      const handle = await open(this.file, 'r');
      try {
        const { ino, size } = await handle.stat();
        const known = await this.continues(handle, ino, size);
        const data = await bytesOf(handle, known.bytes, size);
        // What another window is writing just now, or a crash cut short, has no end yet: it is read when it has.
        const whole = data.subarray(0, data.lastIndexOf(0x0a) + 1);
        const now = whole.length > 0 ? this.taken(known, whole) : known;
        this.known = now;
        return ok(now.entries);
      } finally {
        await handle.close();
      }
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ok([]);
      return err(text(error));
    }
  }

  /** What is known of this very file; nothing where it is another one. */
  private async continues(handle: FileHandle, inode: number, size: number): Promise<Known> {
    const { known } = this;
    if (known?.inode !== inode || known.bytes > size) return { ...NOTHING, inode };
    const last = await bytesOf(handle, known.bytes - known.last.length, known.bytes);
    return last.equals(known.last) ? known : { ...NOTHING, inode };
  }

  private taken(known: Known, data: Buffer): Known {
    const rows = data.toString('utf8').split('\n').slice(0, -1);
    const fresh: JournalLine[] = [];
    for (const [index, raw] of rows.entries()) {
      if (raw.trim() === '') continue;
      const line = decodeJournalLine(raw);
      if (line.ok) fresh.push(line.value);
      else
        this.problem(`The journal's line ${this.file}:${String(known.lines + index + 1)} cannot be read: ${line.error}. It is left out.`);
    }
    const all = [...known.all, ...fresh];
    const last = Buffer.from(Buffer.concat([known.last, data]).subarray(-LAST_BYTES));
    return { inode: known.inode, lines: known.lines + rows.length, bytes: known.bytes + data.length, last, all, entries: replay(all) };
  }
}

const bytesOf = async (handle: FileHandle, from: number, to: number): Promise<Buffer> => {
  const buffer = Buffer.alloc(Math.max(0, to - from));
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, from + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
};
