const NEWLINE = 0x0a;
const RETURN = 0x0d;
const CLOSING = 0x7d;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** Longer lines are not kept: a file without newlines must not fill memory. */
const LONGEST_LINE_BYTES = 1024 * 1024;

export interface LineSink {
  /** One line without its end: the bytes `[from, to)`, valid until the call returns. `line` counts from 1. */
  take(bytes: Buffer, from: number, to: number, line: number): void;
  /** A line longer than the limit; its text is gone. */
  tooLong(line: number): void;
}

/**
 * Cuts a growing file's bytes into lines. They stay bytes: a newline is never part of another UTF-8 character, and most lines are counted
 * without being decoded. A last line without an end waits for the rest. Leading NUL bytes are skipped: a writer that does not append leaves
 * them when its file is truncated under it.
 */
export class LineSplitter {
  private readonly sink: LineSink;
  private readonly longest: number;
  private pending: Buffer[] = [];
  private pendingBytes = 0;
  private line = 0;
  /** Inside a line that is too long, or that was taken already, until its end. */
  private skipping = false;

  constructor(sink: LineSink, longest = LONGEST_LINE_BYTES) {
    this.sink = sink;
    this.longest = longest;
  }

  /** The bytes may be reused by the caller afterwards. */
  push(chunk: Buffer): void {
    let from = 0;
    if (this.skipping) {
      const end = chunk.indexOf(NEWLINE);
      if (end < 0) return;
      this.skipping = false;
      from = end + 1;
    } else if (this.pendingBytes === 0) while (chunk[from] === 0) from++;
    if (this.pendingBytes > 0) {
      const end = chunk.indexOf(NEWLINE, from);
      if (end >= 0) {
        const whole = Buffer.concat([...this.pending, chunk.subarray(from, end)]);
        this.clear();
        this.emit(whole, 0, whole.length);
        from = end + 1;
      }
    }
    for (let end = chunk.indexOf(NEWLINE, from); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      this.emit(chunk, from, end);
      from = end + 1;
    }
    if (from < chunk.length) this.keep(chunk.subarray(from));
  }

  /**
   * Takes the waiting last line if it is a whole one: a JSON object that is closed cannot go on. Call it at the end of what is
   * there, so that the last request of a file without a last newline counts at once.
   */
  takeWholeTail(): void {
    if (this.pendingBytes === 0) return;
    const last = this.pending.length === 1 ? this.pending[0] : Buffer.concat(this.pending);
    if (!last) return;
    let end = last.length;
    if (last[end - 1] === RETURN) end--;
    if (last[end - 1] !== CLOSING || !isJson(last.toString('utf8'))) return;
    this.clear();
    this.emit(last, 0, end);
    this.skipping = true;
  }

  /** Drops everything up to the next newline: reading begins in the middle of a file. */
  skipLine(): void {
    this.clear();
    this.skipping = true;
  }

  /** The file will not grow any more: what waits is a line. */
  finish(): void {
    const rest = Buffer.concat(this.pending);
    this.clear();
    this.emit(rest, 0, rest.length);
  }

  private clear(): void {
    this.pending = [];
    this.pendingBytes = 0;
  }

  private keep(rest: Buffer): void {
    if (this.pendingBytes + rest.length > this.longest) {
      this.skipLine();
      this.sink.tooLong(++this.line);
      return;
    }
    this.pending.push(Buffer.from(rest));
    this.pendingBytes += rest.length;
  }

  private emit(bytes: Buffer, from: number, to: number): void {
    this.line++;
    if (to - from > this.longest) {
      this.sink.tooLong(this.line);
      return;
    }
    const begin = this.line === 1 && bytes.subarray(from, from + 3).equals(BYTE_ORDER_MARK) ? from + 3 : from;
    const end = to > begin && bytes[to - 1] === RETURN ? to - 1 : to;
    if (end > begin) this.sink.take(bytes, begin, end, this.line);
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
