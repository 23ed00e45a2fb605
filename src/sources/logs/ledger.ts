import type { Log } from '../../base/log.ts';
import type { BadLineReason } from '../messages.ts';
import { BadLines } from './badLines.ts';
import type { LineSink } from './lineSplitter.ts';
import { LogRelease } from './logRelease.ts';
import type { LogMapping } from './mapping.ts';
import { lineParser, type LineParser, type LogRecord } from './parseLine.ts';

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
  private readonly parse: LineParser;
  private readonly fallbackName: string;
  private readonly now: () => number;
  private readonly log: Log;

  /** `fallbackName` is the release of lines that name none. */
  constructor(mapping: LogMapping, fallbackName: string, now: () => number, log: Log) {
    this.parse = lineParser(mapping);
    this.fallbackName = fallbackName;
    this.now = now;
    this.log = log;
  }

  /** Counts the lines of one file; `path` is asked when a line is worth showing, since files are renamed. */
  sinkOf(path: () => string): LineSink {
    return {
      take: (text, line) => {
        this.lines++;
        const record = this.parse(text);
        const reason = record.ok ? this.count(record.value) : record.error;
        if (reason !== null) this.refuse(reason, path(), line, text);
      },
      tooLong: (line) => {
        this.lines++;
        this.refuse('long', path(), line, '');
      },
    };
  }

  private count(record: LogRecord): BadLineReason | null {
    const name = record.release ?? this.fallbackName;
    let release = this.releases.get(name);
    if (!release) {
      if (this.releases.size >= MOST_RELEASES) {
        this.unplaced++;
        return null;
      }
      release = new LogRelease(name, this.now);
    }
    const refused = release.add(record);
    if (refused === null) {
      this.releases.set(name, release);
      return null;
    }
    return refused === 'future' ? 'future' : refused === 'tooOld' ? 'old' : 'time';
  }

  private refuse(reason: BadLineReason, path: string, line: number, text: string): void {
    if (this.bad.add(reason, path, line, text)) this.log.warn(`line not counted (${reason}): ${path}:${String(line)}`);
  }
}
