/** The command line is wrong: shown with the usage, exit code 2. */
export class UsageError extends Error {}

/** What the program says: one JSON line on standard output for programs, everything else on standard error for people. */
export const say = {
  line: (value: Readonly<Record<string, unknown>>): void => {
    process.stdout.write(`${JSON.stringify(value)}\n`);
  },
  error: (text: string): void => {
    process.stderr.write(`${text}\n`);
  },
  failure: (error: unknown): void => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  },
};
