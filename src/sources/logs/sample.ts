import { err, ok, type Result } from '../../base/result.ts';
import { message } from '../../model/message.ts';
import { quantity } from '../../model/quantity.ts';
import { noFile, unreadableFailure, type Failure } from './answers.ts';
import { discover, unreadable, type FoundFile } from './discover.ts';
import { NODE_FILES, type LogFiles } from './logFiles.ts';
import { isCompressed, isUtf16 } from './tail.ts';

const SAMPLE_BYTES = 256 * 1024;
const BYTE_ORDER_MARK = '\uFEFF';
/** Of many unusable files not all are opened to find one that can be used. */
const MOST_TRIED = 20;

export interface Sample {
  /** The file that was sampled: of those with whole lines the one written to last. */
  readonly file: string;
  /** Every file the patterns name now. */
  readonly files: readonly string[];
  /** Its newest whole lines, oldest first. */
  readonly lines: readonly string[];
}

const LINE_END = /\r?\n/;

/** The newest whole lines of one file. */
async function linesOf(file: FoundFile, most: number, fs: LogFiles): Promise<Result<readonly string[], Failure>> {
  if (file.size === 0) return err({ kind: 'invalid', message: message('logs.sample.empty', { file: file.path }), detail: '' });
  try {
    const handle = await fs.open(file.path, 'r');
    try {
      const head = Buffer.alloc(4);
      await handle.read(head, 0, head.length, 0);
      if (isCompressed(head)) return err(unreadableFailure({ kind: 'compressed', file: file.path, problem: '' }));
      if (isUtf16(head)) return err(unreadableFailure({ kind: 'utf16', file: file.path, problem: '' }));
      const from = Math.max(0, file.size - SAMPLE_BYTES);
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(SAMPLE_BYTES), 0, SAMPLE_BYTES, from);
      const text = buffer.subarray(0, bytesRead).toString('utf8').replace(/^\0+/, '');
      const lines = (text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text).split(LINE_END);
      // The first line is cut where reading began in the middle, the last one while it is written.
      const whole = lines.slice(from > 0 ? 1 : 0, lines.at(-1)?.endsWith('}') ? lines.length : -1).filter((line) => line.trim() !== '');
      if (whole.length > 0) return ok(whole.slice(-most));
      const bytes = quantity(Math.min(file.size, SAMPLE_BYTES), 'bytes');
      return err({ kind: 'invalid', message: message('logs.sample.noLine', { file: file.path, bytes }), detail: '' });
    } finally {
      await handle.close();
    }
  } catch (error) {
    return err(unreadableFailure(unreadable(file.path, error)));
  }
}

/** The newest lines of the files that the patterns name, for a guess at their mapping before a source is made of them. */
export async function sampleLines(
  patterns: readonly string[],
  folder: string,
  most: number,
  fs: LogFiles = NODE_FILES,
): Promise<Result<Sample, Failure>> {
  const found = await discover(patterns, folder, fs);
  const [problem] = found.unreadable;
  let first: Failure | null = problem ? unreadableFailure(problem) : null;
  for (const file of [...found.files].reverse().slice(0, MOST_TRIED)) {
    const lines = await linesOf(file, most, fs);
    if (lines.ok) return ok({ file: file.path, files: found.files.map(({ path }) => path), lines: lines.value });
    first ??= lines.error;
  }
  return err(first ?? noFile(patterns, found.compressed));
}
