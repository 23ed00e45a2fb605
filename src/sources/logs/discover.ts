import { homedir } from 'node:os';
import path from 'node:path';
import picomatch from 'picomatch';
import { codeOf, problemOf, type LogFiles } from './logFiles.ts';

/** More than this is no set of logs but a mistake in the pattern; reading a whole disk helps nobody. */
export const MOST_FILES = 1000;
const MOST_FOLDERS = MOST_FILES;
/** What rotation compresses; a pattern that reaches rotated files passes over it, and only one that is named is told of. */
const COMPRESSED = /\.(gz|bz2|xz|zst)$/i;

/** Why a file or folder the patterns name cannot be followed. */
export interface Unreadable {
  readonly kind: 'denied' | 'folder' | 'notFile' | 'compressed' | 'utf16' | 'tooMany' | 'other';
  readonly file: string;
  readonly problem: string;
}

export const unreadable = (file: string, error: unknown): Unreadable => {
  const code = codeOf(error);
  const kind = code === 'EACCES' || code === 'EPERM' ? 'denied' : code === 'EISDIR' ? 'folder' : 'other';
  return { kind, file, problem: problemOf(error) };
};

/** One file found: its path, and what tells it from every other one on this machine. */
export interface FoundFile {
  readonly path: string;
  readonly identity: string;
  readonly size: number;
  /** Epoch milliseconds. */
  readonly modified: number;
}

export interface Found {
  readonly files: readonly FoundFile[];
  readonly unreadable: readonly Unreadable[];
  /** A compressed file that a pattern passed over; null where there is none. */
  readonly compressed: string | null;
  /** The folders in which files come and go. */
  readonly folders: readonly string[];
}

interface Pattern {
  readonly base: string;
  /** Null: the base is the file. */
  readonly matches: ((relative: string) => boolean) | null;
  /** How many folders deep below the base the pattern reaches. */
  readonly depth: number;
}

const expandHome = (pattern: string): string => (/^~(?=$|[/\\])/.test(pattern) ? homedir() + pattern.slice(1) : pattern);

function patternOf(text: string, folder: string): Pattern {
  const expanded = expandHome(text.trim());
  // A backslash separates folders on Windows only; elsewhere it quotes a special character.
  const slashed = process.platform === 'win32' ? expanded.replaceAll('\\', '/') : expanded;
  const { base, glob } = picomatch.scan(slashed);
  if (glob === '') return { base: path.resolve(folder, slashed), matches: null, depth: 0 };
  const depth = glob.includes('**') ? Infinity : glob.split('/').length - 1;
  return { base: path.resolve(folder, base), matches: picomatch(glob), depth };
}

/** The files that the patterns name now, oldest first. Relative patterns begin at `folder`. Never throws. */
export async function discover(patterns: readonly string[], folder: string, files: LogFiles): Promise<Found> {
  const search = new Search(files);
  for (const text of patterns) {
    const literal = path.resolve(folder, expandHome(text.trim()));
    // A file whose own name has the characters of a pattern is that file.
    const isFile = await files.stat(literal).then(
      (info) => info.isFile(),
      () => false,
    );
    await search.pattern(isFile ? { base: literal, matches: null, depth: 0 } : patternOf(text, folder));
  }
  return search.found();
}

class Search {
  private readonly fs: LogFiles;
  private readonly byIdentity = new Map<string, FoundFile>();
  private readonly problems = new Map<string, Unreadable>();
  private readonly folders = new Set<string>();
  private compressed: string | null = null;
  private visited = 0;

  constructor(fs: LogFiles) {
    this.fs = fs;
  }

  found(): Found {
    const files = [...this.byIdentity.values()].sort((a, b) => a.modified - b.modified || (a.path < b.path ? -1 : 1));
    return { files, unreadable: [...this.problems.values()], compressed: this.compressed, folders: [...this.folders] };
  }

  async pattern({ base, matches, depth }: Pattern): Promise<void> {
    if (matches === null) {
      this.folders.add(path.dirname(base));
      await this.file(base, true);
    } else await this.walk(base, '', matches, depth);
  }

  private async walk(base: string, below: string, matches: (relative: string) => boolean, depth: number): Promise<void> {
    const folder = path.join(base, below);
    if (++this.visited > MOST_FOLDERS) {
      this.tooMany(base);
      return;
    }
    let entries;
    try {
      entries = await this.fs.readdir(folder, { withFileTypes: true });
    } catch (error) {
      const code = codeOf(error);
      if (code !== 'ENOENT' && code !== 'ENOTDIR') this.problems.set(folder, unreadable(folder, error));
      return;
    }
    this.folders.add(folder);
    for (const entry of entries) {
      const relative = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) {
        if (depth > 0) await this.walk(base, relative, matches, depth - 1);
      } else if (matches(relative)) {
        const file = path.join(base, relative);
        if (COMPRESSED.test(entry.name)) this.compressed ??= file;
        else await this.file(file, false);
      }
      if (this.byIdentity.size >= MOST_FILES) {
        this.tooMany(base);
        return;
      }
    }
  }

  /** `named`: by its own path, not by a pattern that may reach folders too. */
  private async file(file: string, named: boolean): Promise<void> {
    try {
      const info = await this.fs.stat(file, { bigint: true });
      // A pipe or device would block the reader, or never end.
      if (!info.isFile()) {
        const kind = info.isDirectory() ? 'folder' : 'notFile';
        if (named || kind === 'notFile') this.problems.set(file, { kind, file, problem: 'not a regular file' });
      } else {
        const identity = `${String(info.dev)}:${String(info.ino)}`;
        this.byIdentity.set(identity, { path: file, identity, size: Number(info.size), modified: Number(info.mtimeMs) });
      }
    } catch (error) {
      // Missing is no problem: it is between two rotations, or not there yet.
      if (codeOf(error) !== 'ENOENT') this.problems.set(file, unreadable(file, error));
    }
  }

  private tooMany(folder: string): void {
    this.problems.set(folder, {
      kind: 'tooMany',
      file: folder,
      problem: `more than ${String(MOST_FILES)} files or ${String(MOST_FOLDERS)} folders`,
    });
  }
}
