const NEWLINE = 0x0a;
const BYTE_ORDER_MARK = 0xfeff;

/** Longer lines are not kept: a file without newlines must not fill memory. */
export const LONGEST_LINE_BYTES = 1024 * 1024;

export interface LineSink {
  /** One line without its end. `line` counts from 1. */
  take(text: string, line: number): void;
  /** A line longer than the limit; its text is gone. */
  tooLong(line: number): void;
}

/**
 * Cuts a growing file's bytes into lines. Lines are cut before they are decoded (a newline is never part of another UTF-8
 * character), invalid bytes become U+FFFD. A last line without an end waits for the rest. Leading NUL bytes are skipped: a writer that does
 * not append leaves them when its file is truncated under it.
 */
export class LineSplitter {
  private readonly sink: LineSink;
  private readonly longest: number;
  private pending: Buffer[] = [];
  private pendingBytes = 0;
  private line = 0;
  /** Inside a line that is too long, until its end. */
  private skipping = false;
  /** The pending bytes were already taken as a line; until its end only white space may follow. */
  private taken = false;

  constructor(sink: LineSink, longest = LONGEST_LINE_BYTES) {
    this.sink = sink;
    this.longest = longest;
  }

  /** The bytes may be reused by the caller afterwards. */
  push(chunk: Buffer): void {
    let from = 0;
    if (this.pendingBytes === 0 && !this.skipping && !this.taken) while (chunk[from] === 0) from++;
    if (this.skipping || this.taken) {
      const end = chunk.indexOf(NEWLINE);
      if (end < 0) return;
      this.skipping = false;
      this.taken = false;
      from = end + 1;
    }
    const last = chunk.lastIndexOf(NEWLINE);
    if (last >= from) {
      const head = chunk.subarray(from, last);
      const block = this.pendingBytes === 0 ? head : Buffer.concat([...this.pending, head]);
      this.clear();
      this.split(block);
      from = last + 1;
    }
    if (from < chunk.length) this.keep(chunk.subarray(from));
  }

  /**
   * Takes the waiting last line if it is a whole one: a JSON object that is closed cannot go on. Call it at the end of what is
   * there, so that the last request of a file without a last newline counts at once.
   */
  takeWholeTail(): void {
    const last = this.pending.at(-1);
    if (last === undefined || this.taken) return;
    const text = Buffer.concat(this.pending).toString('utf8').trimEnd();
    if (!text.endsWith('}') || !isJson(text)) return;
    this.emit(text);
    this.clear();
    this.taken = true;
  }

  /** Drops everything up to the next newline: reading begins in the middle of a file. */
  skipLine(): void {
    this.restart();
    this.skipping = true;
  }

  /** The file will not grow any more: what waits is a line. */
  finish(): void {
    if (this.pendingBytes > 0) this.split(Buffer.concat(this.pending));
    this.restart();
  }

  /** The file begins anew; what waits is lost with it. */
  restart(): void {
    this.clear();
    this.line = 0;
    this.skipping = false;
    this.taken = false;
  }

  private clear(): void {
    if (this.pendingBytes > 0) this.pending = [];
    this.pendingBytes = 0;
  }

  private keep(rest: Buffer): void {
    if (this.pendingBytes + rest.length > this.longest) {
      this.clear();
      this.skipping = true;
      this.sink.tooLong(++this.line);
      return;
    }
    this.pending.push(Buffer.from(rest));
    this.pendingBytes += rest.length;
  }

  private split(block: Buffer): void {
    const text = block.length === 0 ? '' : block.toString('utf8');
    for (let from = 0; ;) {
      const end = text.indexOf('\n', from);
      this.emit(end < 0 ? text.slice(from) : text.slice(from, end));
      if (end < 0) return;
      from = end + 1;
    }
  }

  private emit(text: string): void {
    this.line++;
    if (text.length > this.longest) {
      this.sink.tooLong(this.line);
      return;
    }
    const clean = this.line === 1 && text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text;
    const whole = clean.charCodeAt(clean.length - 1) === 0x0d ? clean.slice(0, -1) : clean;
    if (whole !== '') this.sink.take(whole, this.line);
  }
}

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};
