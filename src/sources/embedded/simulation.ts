import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Disposable } from '../../base/disposable.ts';
import type { Log } from '../../base/log.ts';
import { maskShapes } from '../mask.ts';
import { childEnv } from './launch.ts';

const KILL_AFTER_MS = 3_000;
const OUTPUT_LINES = 40;

export interface SimulationOptions {
  readonly execPath: string;
  readonly backendPath: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  readonly url: string;
  /** A file with the token, such as the built-in service's service.json: a command line is no place for secrets. */
  readonly tokenFile: string;
  readonly scenario: string;
  readonly release?: string;
  readonly seed?: number;
  /** Simulated seconds. */
  readonly duration?: number;
  readonly speed?: number;
  readonly backfill?: number;
  readonly regression?: boolean;
}

interface SimulationEnd {
  /** Null when a signal or a failed start ended it. */
  readonly code: number | null;
  /** Its last lines, tokens masked. */
  readonly output: string;
}

/** Simulated traffic from a child that belongs to this window: it ends with `dispose`, and with this process however that dies. */
export interface Simulation extends Disposable {
  readonly pid: number | null;
  readonly ended: Promise<SimulationEnd>;
}

export const startSimulation = (options: SimulationOptions): Simulation => {
  const child = spawn(options.execPath, argsOf(options), {
    env: childEnv(options.env),
    windowsHide: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const take = (line: string): void => {
    const text = maskShapes(line);
    lines.push(text);
    if (lines.length > OUTPUT_LINES) lines.shift();
    options.log.debug(`simulation: ${text}`);
  };
  createInterface({ input: child.stdout }).on('line', take);
  createInterface({ input: child.stderr }).on('line', take);
  // The pipe is never written to; a child that is gone must not make its end an error of ours.
  child.stdin.on('error', () => undefined);
  const ended = new Promise<SimulationEnd>((resolve) => {
    child.on('error', (error) => {
      take(error.message);
      resolve({ code: null, output: lines.join('\n') });
    });
    child.on('close', (code) => resolve({ code, output: lines.join('\n') }));
  });
  let kill: NodeJS.Timeout | null = null;
  void ended.then(() => {
    if (kill !== null) clearTimeout(kill);
  });
  return {
    pid: child.pid ?? null,
    ended,
    dispose() {
      if (child.exitCode !== null || child.signalCode !== null || kill !== null) return;
      child.stdin.end();
      child.kill('SIGTERM');
      kill = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
      kill.unref();
    },
  };
};

const argsOf = ({
  backendPath,
  url,
  tokenFile,
  scenario,
  release,
  seed,
  duration,
  speed,
  backfill,
  regression,
}: SimulationOptions): string[] => {
  const given = Object.entries({ release, seed, duration, speed, backfill }).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, String(value)],
  );
  const flags = regression === false ? ['--no-regression'] : [];
  return [
    backendPath,
    'simulate',
    '--url',
    url,
    '--token-file',
    tokenFile,
    '--scenario',
    scenario,
    '--exit-with-stdin',
    ...given,
    ...flags,
  ];
};
