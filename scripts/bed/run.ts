import { spawn } from 'node:child_process';
import path from 'node:path';

interface RunOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Ended after so long, as a failure. */
  readonly limitMs?: number;
}

/** What an outer `npm test` puts into the environment must not steer an inner npm, except where it names registry, cache and proxy. */
const KEPT = /^npm_config_(registry|cache|userconfig|globalconfig|cafile|proxy|https_proxy|noproxy)$/i;

export const npmEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name) || KEPT.test(name)));

/** The environment in which `node` and `npm` run on this Node. */
export const onNode = (node: string, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  ...env,
  PATH: `${path.dirname(node)}${path.delimiter}${env['PATH'] ?? ''}`,
});

/** Runs a program to its end; its output is shown only when it fails, in the error. */
export const run = (program: string, args: readonly string[], { limitMs, ...options }: RunOptions): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...options,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(limitMs === undefined ? {} : { timeout: limitMs }),
    });
    const begun = Date.now();
    let output = '';
    const take = (data: Buffer): void => {
      output += data.toString();
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (code === 0) resolve(output);
      else {
        const late = limitMs !== undefined && signal !== null && Date.now() - begun >= limitMs;
        const how = late ? `did not end within ${String(limitMs / 1000)} s` : `ended with ${code === null ? String(signal) : String(code)}`;
        reject(new Error(`${program} ${args.join(' ')} ${how}:\n${output.slice(-4000)}`));
      }
    });
  });
