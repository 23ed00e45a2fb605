import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { randomBytes } from 'node:crypto';

/** Writes a file only its owner can read, beside and renamed into place: a reader sees the old or the new one, never half of it. */
export const writePrivateFile = (file: string, text: string): void => {
  const beside = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const descriptor = openSync(beside, 'wx', 0o600);
    try {
      writeSync(descriptor, text);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(beside, file);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
};
