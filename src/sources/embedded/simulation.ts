import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Disposable } from '../../base/disposable.ts';
import { object, oneOf, string } from '../../base/decode.ts';
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
  /** What it said for people in its last lines, tokens masked. */
  readonly output: string;
}

/** Simulated traffic from a child that belongs to this window: it ends with `dispose`, and with this process however that dies. */
export interface Simulation extends Disposable {
  readonly pid: number | null;
  /** The id of the release it feeds, once it says so; null when it ended before. */
  readonly release: Promise<string | null>;
  readonly ended: Promise<SimulationEnd>;
}

const startLine = object({ type: oneOf('start'), release: string });

/** The release that a line of the simulator names; null for any other line. */
export const releaseOfLine = (line: string): string | null => {
  if (!line.startsWith('{')) return null;
  try {
    const told = startLine(JSON.parse(line));
    return told.ok ? told.value.release : null;
  } catch {
    return null;
  }
};

export const startSimulation = (options: SimulationOptions): Simulation => {
  const child = spawn(options.execPath, argsOf(options), {
    env: childEnv(options.env),
    windowsHide: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const take = (line: string): void => {
    const text = maskShapes(line);
    if (!line.startsWith('{')) lines.push(text);
    if (lines.length > OUTPUT_LINES) lines.shift();
    options.log.debug(`The simulated traffic says: ${text}`);
  };
  let tell: (release: string | null) => void = () => undefined;
  const release = new Promise<string | null>((resolve) => (tell = resolve));
  createInterface({ input: child.stdout }).on('line', (line) => {
    take(line);
    const named = releaseOfLine(line);
    if (named !== null) tell(named);
  });
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
    tell(null);
    if (kill !== null) clearTimeout(kill);
  });
  return {
    pid: child.pid ?? null,
    release,
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
    '--json',
    ...given,
    ...flags,
  ];
};
