import type { FileHandle } from 'node:fs/promises';
import type { AbortSignalLike } from '../../base/abort.ts';
import { LineSplitter, type LineSink } from './lineSplitter.ts';
import { codeOf, type LogFiles } from './logFiles.ts';

/** Enough of a file's beginning to tell it from another one: log lines begin with a time or an id. */
const HEAD_BYTES = 256;
/** A shorter beginning proves nothing about two files being one. */
const SHORTEST_FINGERPRINT = 64;
/** First bytes of gzip, zstandard and bzip2. */
const COMPRESSED = ['1f8b', '28b52ffd', '425a68'];

/** By the first four bytes of a file. */
export const isCompressed = (head: Buffer): boolean => {
  const magic = head.toString('hex');
  return COMPRESSED.some((one) => magic.startsWith(one));
};

/** By the first four bytes of a file: UTF-16 with its mark, or as the beginning of a JSON object without it. */
export const isUtf16 = (head: Buffer): boolean => /^(fffe|feff|7b00..00|007b00)/.test(head.toString('hex'));

const NOTHING = Promise.resolve(0);

/** Two scratch buffers of the same length. */
export type Chunks = readonly [Buffer, Buffer];

/** A file that holds no plain text in UTF-8. */
export class UnfitError extends Error {
  readonly kind: 'compressed' | 'utf16';

  constructor(kind: UnfitError['kind'], file: string) {
    super(`${file} is ${kind === 'compressed' ? 'compressed' : 'UTF-16'}`);
    this.kind = kind;
  }
}

/** How far one content has been read. A file and its copy share it, so that no line counts twice whichever is looked at first. */
export interface Progress {
  offset: number;
  /** The last bytes before the offset, to recognise a copy by when the file itself has begun anew. */
  last: Buffer;
  readonly splitter: LineSplitter;
}

/** What a file held before it began anew. */
export interface PastLife {
  readonly head: Buffer;
  readonly progress: Progress;
}

/**
 * Follows one file by its identity, wherever it is renamed to: while its handle is open a rename does not matter. A file has begun anew
 * when it is smaller than before, or its first bytes are others (refilled between two looks, or the identity was given to a new file).
 */
export class Tail {
  readonly identity: string;
  path: string;
  /** The path by which a pattern led to it, or to the file that it is a copy of. */
  origin: string;
  progress: Progress;
  /** When bytes last arrived, by the clock's `elapsed`; -∞ before the first. */
  grewAt = -Infinity;
  /** Since when no path leads to the file any more, by the clock's `elapsed`; null while one does. */
  detachedAt: number | null = null;
  /** Bytes of the beginning that were never read, since the file was too large. */
  skipped = 0;
  /** Size at the last look. */
  size = 0;
  /** Size by which the last search found it. */
  foundSize = 0;
  /** The last look worked. */
  looked = false;
  private readonly sink: LineSink;
  private readonly fs: LogFiles;
  private handle: FileHandle | null = null;
  private head: Buffer = Buffer.alloc(0);

  constructor(file: { readonly identity: string; readonly path: string }, sink: LineSink, fs: LogFiles) {
    this.identity = file.identity;
    this.path = file.path;
    this.origin = file.path;
    this.sink = sink;
    this.fs = fs;
    this.progress = this.fresh();
  }

  /** Closed, read to its end, and of the size that it had then: there is nothing to open it for. */
  get isAtRest(): boolean {
    return this.handle === null && this.looked && this.foundSize === this.size && this.progress.offset >= this.size;
  }

  get isOpen(): boolean {
    return this.handle !== null;
  }

  /**
   * Opens the file and looks at its size and beginning; answers what it held before if it began anew. Rejects with the file
   * system's error, or UnfitError.
   */
  async look(): Promise<PastLife | null> {
    const handle = (this.handle ??= await this.open());
    if (handle === null) return null;
    const { size } = await handle.stat();
    const before = this.head;
    const sameSize = size === this.size;
    const shrunk = size < this.size;
    this.size = size;
    if (sameSize) return null;
    const head = await this.bytes(0, HEAD_BYTES);
    this.head = head;
    const past = { head: before, progress: this.progress };
    const anew = shrunk || !head.subarray(0, before.length).equals(before);
    if (anew) {
      this.progress = this.fresh();
      this.skipped = 0;
    }
    if (isCompressed(head.subarray(0, 4))) throw new UnfitError('compressed', this.path);
    if (isUtf16(head.subarray(0, 4))) throw new UnfitError('utf16', this.path);
    return anew ? past : null;
  }

  /**
   * Reads what was there at the last look and is not read yet. Of the two scratch buffers one is filled while the lines of the other are
   * counted; `onBytes` is called after each (the host's other work runs in between).
   */
  async read(chunks: Chunks, now: number, onBytes: (count: number) => void, signal: AbortSignalLike): Promise<void> {
    const { handle, progress, size } = this;
    if (handle === null || size <= progress.offset) return;
    this.grewAt = now;
    let [chunk, other] = chunks;
    const fill = (buffer: Buffer, from: number): Promise<number> =>
      handle.read(buffer, 0, Math.min(buffer.length, size - from), from).then(({ bytesRead }) => bytesRead);
    let filling = fill(chunk, progress.offset);
    while (!signal.aborted) {
      const count = await filling;
      if (count === 0) break;
      progress.offset += count;
      filling = progress.offset < size ? fill(other, progress.offset) : NOTHING;
      progress.splitter.push(chunk.subarray(0, count));
      progress.last = Buffer.from(chunk.subarray(Math.max(0, count - HEAD_BYTES), count));
      onBytes(count);
      [chunk, other] = [other, chunk];
    }
    await filling;
    if (!signal.aborted) progress.splitter.takeWholeTail();
  }

  /** Begins at `offset`; the line that runs there is left out. */
  skipTo(offset: number): void {
    if (offset <= this.progress.offset) return;
    this.skipped = offset;
    this.progress.offset = Math.max(0, offset - 1);
    this.progress.splitter.skipLine();
  }

  /** Whether one file is a copy of the other, as far as the shorter one goes: the same beginning, and the same bytes at that end. */
  async isCopyOf(other: Tail): Promise<boolean> {
    if (!beginAlike(this.head, other.head)) return false;
    const end = Math.min(this.size, other.size);
    const from = Math.max(0, end - HEAD_BYTES);
    return (await this.bytes(from, end - from)).equals(await other.bytes(from, end - from));
  }

  /** Whether this file holds what another one held before it began anew, at least as far as that was read. */
  async isCopyOfPast({ head, progress }: PastLife): Promise<boolean> {
    const { offset, last } = progress;
    if (!beginAlike(this.head, head) || this.size < offset) return false;
    return (await this.bytes(offset - last.length, last.length)).equals(last);
  }

  async close(): Promise<void> {
    const { handle } = this;
    this.handle = null;
    await handle?.close();
  }

  private fresh(): Progress {
    return { offset: 0, last: Buffer.alloc(0), splitter: new LineSplitter(this.sink) };
  }

  private async bytes(from: number, count: number): Promise<Buffer> {
    const handle = (this.handle ??= await this.open());
    if (handle === null) return Buffer.alloc(0);
    const buffer = Buffer.alloc(count);
    const { bytesRead } = await handle.read(buffer, 0, count, from);
    return buffer.subarray(0, bytesRead);
  }

  /** Null when the path leads to another file by now, or nowhere. */
  private async open(): Promise<FileHandle | null> {
    let handle: FileHandle;
    try {
      handle = await this.fs.open(this.path, 'r');
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return null;
      throw error;
    }
    try {
      const info = await handle.stat({ bigint: true });
      if (`${String(info.dev)}:${String(info.ino)}` === this.identity) return handle;
    } catch (error) {
      await handle.close();
      throw error;
    }
    await handle.close();
    return null;
  }
}

/** Two beginnings that are long enough to prove something, one of them the other's beginning: a file grows. */
function beginAlike(a: Buffer, b: Buffer): boolean {
  const common = Math.min(a.length, b.length);
  return common >= SHORTEST_FINGERPRINT && a.subarray(0, common).equals(b.subarray(0, common));
}
