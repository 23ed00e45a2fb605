import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { err, ok, type Result } from '../base/result.ts';
import { replay, type JournalEntry, type JournalLine } from '../model/journal.ts';
import { decodeJournalLine } from './decode.ts';

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
  /** What the file held when it was of this face. */
  private known: { readonly face: string; readonly entries: readonly JournalEntry[] } | null = null;
  /** Lines that were told of, by number. The file only grows, so a number stays with its line. */
  private readonly told = new Set<number>();

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
  private async endsInsideLine(handle: Awaited<ReturnType<typeof open>>): Promise<boolean> {
    const { size } = await handle.stat();
    if (size === 0) return false;
    const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
    return buffer[0] !== 0x0a;
  }

  /** Every act with its outcomes, oldest first; no file yet is an empty history. The file is read only when it has changed since the last time. */
  async read(): Promise<Result<readonly JournalEntry[], string>> {
    await this.last;
    try {
      const handle = await open(this.file, 'r');
      try {
        const { ino, size, mtimeMs } = await handle.stat();
        const face = [ino, size, mtimeMs].join();
        if (this.known?.face !== face) this.known = { face, entries: this.parse(await handle.readFile('utf8')) };
        return ok(this.known.entries);
      } finally {
        await handle.close();
      }
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ok([]);
      return err(text(error));
    }
  }

  private parse(content: string): readonly JournalEntry[] {
    const lines: JournalLine[] = [];
    content.split('\n').forEach((raw, index) => {
      if (raw.trim() === '') return;
      const line = decodeJournalLine(raw);
      if (line.ok) lines.push(line.value);
      else if (!this.told.has(index)) {
        this.told.add(index);
        this.problem(`The journal's line ${this.file}:${String(index + 1)} cannot be read: ${line.error}. It is left out.`);
      }
    });
    return replay(lines);
  }
}
