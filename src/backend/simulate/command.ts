import { parseOptions, USAGE } from './options.ts';
import { textOf, type Report } from './report.ts';
import { run } from './run.ts';

/** Where a run writes; process.stdout and process.stderr but in tests. */
export interface SimulateOutput {
  readonly out: NodeJS.WritableStream;
  readonly err: NodeJS.WritableStream;
  /** Where `--exit-with-stdin` listens for its end; process.stdin when absent. */
  readonly in?: NodeJS.ReadableStream;
}

/**
 * The `simulate` subcommand. Resolves to the exit code: 0 when the scenario was played or the signal stopped it, 1 when the service
 * refused or could not be reached, 2 for a wrong command line.
 */
export const runSimulate = async (
  args: readonly string[],
  signal: AbortSignal,
  output: SimulateOutput = { out: process.stdout, err: process.stderr },
): Promise<number> => {
  const parsed = await parseOptions(args);
  if (!parsed.ok) {
    output.err.write(`simulate: ${parsed.error}\n\n${USAGE}\n`);
    return 2;
  }
  if (parsed.value.help) {
    output.out.write(`${USAGE}\n`);
    return 0;
  }
  const { options } = parsed.value;
  // Whoever read the output is gone: nobody is left to stop the run.
  const reader = new AbortController();
  const onClosed = (): void => reader.abort();
  output.out.on('error', onClosed);
  // An open pipe as standard input is a leash: it closes when the process at its other end dies, however it dies.
  const leash = options.exitWithStdin ? (output.in ?? process.stdin) : null;
  leash?.on('end', onClosed).on('close', onClosed).on('error', onClosed).resume();
  let rejected = 0;
  const report = (line: Report): void => {
    if (line.type === 'end') rejected = line.rejected;
    output.out.write(`${options.json ? JSON.stringify(line) : textOf(line)}\n`);
  };
  try {
    const outcome = await run(options, report, AbortSignal.any([signal, reader.signal]));
    if (outcome.ok) return rejected === 0 ? 0 : 1;
    if (outcome.error.kind === 'aborted') return 0;
    output.err.write(
      `simulate: ${outcome.error.kind === 'gaveUp' ? `no answer from ${options.url}` : `${options.url} refused`}: ${outcome.error.detail}\n`,
    );
    return 1;
  } finally {
    output.out.off('error', onClosed);
    leash?.off('end', onClosed).off('close', onClosed).off('error', onClosed).pause();
  }
};
