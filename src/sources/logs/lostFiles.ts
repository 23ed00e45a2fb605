import path from 'node:path';
import { discover, type FoundFile } from './discover.ts';
import type { LogFiles } from './logFiles.ts';
import { rotatedPatterns } from './rotatedPatterns.ts';

/** Of a folder with more files not all are asked who they are. */
const MOST_SIBLINGS = 1000;
const MOST_KEPT = 50;
/** Of so many files the siblings are looked for; more are a folder of logs, not one log. */
const MOST_WITH_SIBLINGS = 20;
/** What has not grown for so long before it went is an old file that is tidied up, and nobody has to know. */
const CURRENT_MS = 10 * 60_000;

/** A file whose lines count now and will not after a reload, since no pattern leads to it any more. */
export interface LostFile {
  /** Under which it was followed. */
  readonly file: string;
  /** Where it is now, in the same folder; null where it is not there. */
  readonly now: string | null;
  /** What would lead to it. */
  readonly pattern: string;
}

interface Gone {
  readonly identity: string;
  readonly path: string;
  /** By the clock that `now` is of. */
  readonly grewAt: number;
}

/** Remembers the files that rotation took out of every pattern. */
export class LostFiles {
  private readonly fs: LogFiles;
  private readonly lost = new Map<string, LostFile>();
  private readonly siblings = new Map<string, LostFile>();

  constructor(fs: LogFiles) {
    this.fs = fs;
  }

  /** Older files beside those that are followed, which no pattern led to from the beginning; the newest first. */
  get beside(): readonly LostFile[] {
    return [...this.siblings.values()].reverse();
  }

  /** The newest first. */
  get all(): readonly LostFile[] {
    return [...this.lost.values()].reverse();
  }

  found(identity: string): void {
    this.lost.delete(identity);
    this.siblings.delete(identity);
  }

  /** No pattern leads to this file since the last look. Never rejects. */
  async add({ identity, path: file, grewAt }: Gone, now: number): Promise<void> {
    const there = await this.pathOf(identity, path.dirname(file));
    if (there === null && now - grewAt > CURRENT_MS) return;
    this.lost.set(identity, { file, now: there, pattern: patternFor(file, there) });
    const [oldest] = this.lost.keys();
    if (this.lost.size > MOST_KEPT && oldest !== undefined) this.lost.delete(oldest);
  }

  /** What rotation put beside the files found, before there was anybody to see it go. Never rejects. */
  async addSiblings(found: readonly FoundFile[]): Promise<void> {
    const known = new Set(found.map(({ identity }) => identity));
    for (const { path: file } of found.slice(0, MOST_WITH_SIBLINGS)) {
      const beside = await discover(rotatedPatterns(file) ?? [], path.dirname(file), this.fs);
      for (const { identity, path: now } of beside.files)
        if (!known.has(identity)) this.siblings.set(identity, { file, now, pattern: patternFor(file, now) });
    }
  }

  private async pathOf(identity: string, folder: string): Promise<string | null> {
    try {
      for (const name of (await this.fs.readdir(folder)).slice(0, MOST_SIBLINGS)) {
        const info = await this.fs.stat(path.join(folder, name), { bigint: true }).catch(() => null);
        if (info && `${String(info.dev)}:${String(info.ino)}` === identity) return path.join(folder, name);
      }
    } catch {
      // The folder went with it.
    }
    return null;
  }
}

const patternFor = (file: string, now: string | null): string => {
  if (now !== null && now !== file && now.startsWith(file)) return `${file}*`;
  return rotatedPatterns(file)?.join(', ') ?? now ?? file;
};
