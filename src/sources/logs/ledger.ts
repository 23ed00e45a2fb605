import type { Log } from '../../base/log.ts';
import type { BadLineReason } from '../messages.ts';
import { badLineText } from './badLineText.ts';
import { BadLines } from './badLines.ts';
import type { LineSink } from './lineSplitter.ts';
import { LineScanner } from './lineScanner.ts';
import { LogRelease, type CountedLine } from './logRelease.ts';
import type { LogMapping } from './mapping.ts';
import { lineParser, type LineParser } from './parseLine.ts';

/** Enough of a bad line to see what is wrong with it. */
const EXAMPLE_BYTES = 1024;

/** A field with more values than this names no service. */
export const MOST_RELEASES = 100;

/** Everything that was counted from the lines of one source. */
export class Ledger {
  readonly releases = new Map<string, LogRelease>();
  readonly bad = new BadLines();
  /** Lines seen, counted or not. */
  lines = 0;
  /** Lines of further releases, not counted since there are too many. */
  unplaced = 0;
  readonly mapping: LogMapping;
  private readonly parse: LineParser;
  private readonly fallbackName: string;
  private readonly now: () => number;
  private readonly log: Log;

  /** `fallbackName` is the release of lines that name none. */
  constructor(mapping: LogMapping, fallbackName: string, now: () => number, log: Log) {
    this.mapping = mapping;
    this.parse = lineParser(mapping);
    this.fallbackName = fallbackName;
    this.now = now;
    this.log = log;
  }

  /** Counts the lines of one file; `path` is asked when a line is worth showing, since files are renamed. */
  sinkOf(path: () => string): LineSink {
    const scanner = new LineScanner(this.mapping);
    return {
      take: (bytes, from, to, line) => {
        this.lines++;
        let reason: BadLineReason | null;
        if (scanner.scan(bytes, from, to)) reason = this.count(scanner);
        else {
          const record = this.parse(bytes.toString('utf8', from, to));
          reason = record.ok ? this.count(record.value) : record.error;
        }
        if (reason !== null) this.refuse(reason, path(), line, bytes.toString('utf8', from, Math.min(to, from + EXAMPLE_BYTES)));
      },
      tooLong: (line) => {
        this.lines++;
        this.refuse('long', path(), line, '');
      },
    };
  }

  private count(record: CountedLine): BadLineReason | null {
    const name = record.release ?? this.fallbackName;
    const known = this.releases.get(name);
    if (!known && this.releases.size >= MOST_RELEASES) {
      this.unplaced++;
      return null;
    }
    const release = known ?? new LogRelease(name, this.now);
    const refused = release.add(record);
    if (refused !== null) return refused === 'future' ? 'future' : refused === 'tooOld' ? 'old' : 'time';
    if (!known) this.releases.set(name, release);
    return null;
  }

  private refuse(reason: BadLineReason, path: string, line: number, text: string): void {
    if (this.bad.add(reason, path, line, text)) this.log.warn(badLineText(reason, this.fallbackName, path, line, this.mapping));
  }
}
