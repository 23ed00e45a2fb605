import { err, ok, type Result } from '../../base/result.ts';
import { noFile, unreadableFailure, type Failure } from './answers.ts';
import { discover, unreadable } from './discover.ts';
import { NODE_FILES, type LogFiles } from './logFiles.ts';

const SAMPLE_BYTES = 64 * 1024;

export interface Sample {
  /** The file that was sampled: the one written to last. */
  readonly file: string;
  /** Every file the patterns name now. */
  readonly files: readonly string[];
  /** Its newest whole lines, oldest first. */
  readonly lines: readonly string[];
}

/** The newest lines of the files that the patterns name, for a guess at their mapping before a source is made of them. */
export async function sampleLines(
  patterns: readonly string[],
  folder: string,
  most: number,
  fs: LogFiles = NODE_FILES,
): Promise<Result<Sample, Failure>> {
  const found = await discover(patterns, folder, fs);
  const newest = found.files.findLast(({ size }) => size > 0) ?? found.files.at(-1);
  const [problem] = found.unreadable;
  if (!newest) return err(problem ? unreadableFailure(problem) : noFile(patterns));
  try {
    const handle = await fs.open(newest.path, 'r');
    try {
      const from = Math.max(0, newest.size - SAMPLE_BYTES);
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(SAMPLE_BYTES), 0, SAMPLE_BYTES, from);
      const lines = buffer.subarray(0, bytesRead).toString('utf8').split(/\r?\n/);
      // The first line is cut where reading began in the middle, the last one while it is written.
      const whole = lines.slice(from > 0 ? 1 : 0, lines.at(-1)?.endsWith('}') ? lines.length : -1);
      return ok({ file: newest.path, files: found.files.map(({ path }) => path), lines: whole.filter((line) => line !== '').slice(-most) });
    } finally {
      await handle.close();
    }
  } catch (error) {
    return err(unreadableFailure(unreadable(newest.path, error)));
  }
}
