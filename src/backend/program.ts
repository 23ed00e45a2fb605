import { runBackup } from './cli/backup.ts';
import { say, UsageError } from './cli/output.ts';
import { runRestore } from './cli/restore.ts';
import { runServe } from './cli/serve.ts';

const USAGE = `Usage:
  serve    --data DIR [--host 127.0.0.1] [--port 0] [--token-file FILE] [--tls-cert FILE --tls-key FILE] [--lease-exit SECONDS]
  simulate --url URL --scenario finance|commerce|medical [--token TOKEN | --token-file FILE] [--seed N] [--duration S] [--speed X]
           [--backfill S] [--no-regression] [--release ID]
  backup   --data DIR FILE
  restore  --data DIR FILE
`;

/** One command to its end; the exit code. A wrong command line is told with the usage, 2; whatever else fails in one line, 1. */
const run = async (command: string | undefined, args: string[], signal: AbortSignal): Promise<number> => {
  switch (command) {
    case 'serve':
      return runServe(args, signal);
    case 'simulate': {
      const { runSimulate } = await import('./simulate/command.ts');
      return runSimulate(args, signal);
    }
    case 'backup':
      return runBackup(args, signal);
    case 'restore':
      return runRestore(args);
    case '--help':
    case 'help':
      process.stdout.write(USAGE);
      return 0;
    default:
      throw new UsageError(command === undefined ? 'A command is needed.' : `There is no command ${JSON.stringify(command)}.`);
  }
};

const isUsageError = (error: unknown): error is Error =>
  error instanceof UsageError || (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_'));

// Everything the program writes belongs to its user alone.
process.umask(0o077);
const stopping = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => {
    stopping.abort();
  });
}
// Whoever reads our output may go away; the service stays.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);

try {
  const [command, ...args] = process.argv.slice(2);
  process.exitCode = await run(command, args, stopping.signal);
} catch (error) {
  if (isUsageError(error)) {
    say.error(`${error.message}\n\n${USAGE}`);
    process.exitCode = 2;
  } else {
    say.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
