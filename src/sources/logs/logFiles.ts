import { open, readdir, stat } from 'node:fs/promises';

/** What is asked of the file system; a test puts a refusing one in its place. */
export interface LogFiles {
  readonly open: typeof open;
  readonly stat: typeof stat;
  readonly readdir: typeof readdir;
}

export const NODE_FILES: LogFiles = { open, stat, readdir };

export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

export const problemOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
