/** A real gray-release service beside the workbench: started, killed, restarted and asked by the test as a second client. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { until } from '../../../scripts/bed/until.ts';
import { BACKEND } from './project.ts';

export interface ApiAnswer {
  readonly status: number;
  readonly etag: string | null;
  readonly body: unknown;
}

export interface ReleaseJson {
  readonly id: string;
  readonly ratio: number;
  readonly phase: string;
  readonly state: string;
  readonly revision: string | number;
}

export interface AuditEntry {
  readonly release: string;
  readonly action: string;
  readonly actor: string | null;
  readonly from: number | null;
  readonly to: number | null;
  readonly reason: string | null;
}

export interface SimulateOptions {
  readonly scenario: 'finance' | 'commerce' | 'medical';
  readonly release: string;
  readonly seed?: number;
  /** Seconds of the scenario. */
  readonly duration?: number;
  readonly speed?: number;
  /** Seconds before now at which its clock starts. */
  readonly backfill?: number;
  readonly regression?: boolean;
}

export interface Service {
  readonly url: string;
  readonly token: string;
  readonly dataDir: string;
  api(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<ApiAnswer>;
  release(id: string): Promise<ReleaseJson>;
  audit(release: string): Promise<readonly AuditEntry[]>;
  /** As another client would: reads the revision and changes the ratio. */
  setRatio(id: string, ratio: number, actor: string): Promise<void>;
  /** Feeds it; resolves when the simulator ends by itself. */
  simulate(options: SimulateOptions): Promise<void>;
  /** It hangs: still there and listening, and without an answer to anything. */
  hang(): void;
  /** Goes on where it hung. */
  goOn(): void;
  /** kill -9. */
  kill(): Promise<void>;
  /** Again on the same data, so on the same port and token; `role` is what the token may do from then on. */
  restart(role?: 'viewer' | 'operator'): Promise<void>;
  stop(): Promise<void>;
}

const ended = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

const program = (args: readonly string[]): ChildProcess =>
  spawn(process.execPath, [BACKEND, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env['PATH'] } });

const firstLine = async (child: ChildProcess): Promise<{ readonly url: string; readonly token: string }> => {
  let errors = '';
  child.stderr?.on('data', (data: Buffer) => (errors += data.toString()));
  if (child.stdout === null) throw new Error('no output to read');
  const lines: string[] = [];
  createInterface(child.stdout).on('line', (line) => lines.push(line));
  await until(
    'the service prints where it listens',
    () => {
      if (ended(child) && lines.length === 0) throw new Error(`the service ended at once: ${errors}`);
      return lines.length > 0;
    },
    15_000,
  );
  return JSON.parse(lines[0]!) as { readonly url: string; readonly token: string };
};

export const startService = async (after: (cleanUp: () => Promise<void>) => void): Promise<Service> => {
  const dataDir = mkdtempSync(path.join(os.tmpdir(), 'rollout-lens-service-'));
  const children: ChildProcess[] = [];
  const end = async (child: ChildProcess, name: NodeJS.Signals): Promise<void> => {
    child.kill(name);
    await until('a program of the test has ended', () => ended(child), 5000).catch(() => child.kill('SIGKILL'));
  };
  after(async () => {
    for (const child of children.reverse()) if (!ended(child)) await end(child, 'SIGTERM');
    rmSync(dataDir, { recursive: true, force: true });
  });
  const begin = async (
    args: readonly string[] = [],
  ): Promise<{ readonly child: ChildProcess; readonly url: string; readonly token: string }> => {
    const child = program(['serve', '--data', dataDir, '--port', '0', ...args]);
    children.push(child);
    return { child, ...(await firstLine(child)) };
  };
  let serving = await begin();
  const { url, token } = serving;

  const api: Service['api'] = async (method, route, body, headers = {}) => {
    const answer = await fetch(new URL(route, url), {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, etag: answer.headers.get('etag'), body: text === '' ? null : (JSON.parse(text) as unknown) };
  };
  const readOk = async <T>(route: string): Promise<T> => {
    const { status, body } = await api('GET', route);
    if (status !== 200) throw new Error(`GET ${route} answered ${String(status)}: ${JSON.stringify(body)}`);
    return body as T;
  };
  return {
    url,
    token,
    dataDir,
    api,
    release: (id) => readOk<ReleaseJson>(`/api/v1/releases/${id}`),
    audit: async (release) =>
      (await readOk<{ readonly entries: readonly AuditEntry[] }>(`/api/v1/audit?release=${encodeURIComponent(release)}`)).entries,
    setRatio: async (id, ratio, actor) => {
      const { etag } = await api('GET', `/api/v1/releases/${id}`);
      const answer = await api('PATCH', `/api/v1/releases/${id}`, { ratio }, { 'if-match': etag ?? '', 'x-actor': actor });
      if (answer.status !== 200) throw new Error(`the ratio was not taken: ${String(answer.status)} ${JSON.stringify(answer.body)}`);
    },
    simulate: async ({ scenario, release, seed = 1, duration, speed, backfill, regression = true }) => {
      const option = (name: string, value: string | number | undefined): readonly string[] =>
        value === undefined ? [] : [`--${name}`, String(value)];
      const child = program([
        ...['simulate', '--url', url, '--token', token, '--scenario', scenario, '--release', release, '--seed', String(seed)],
        ...[...option('duration', duration), ...option('speed', speed), ...option('backfill', backfill)],
        ...(regression ? [] : ['--no-regression']),
      ]);
      children.push(child);
      let output = '';
      child.stdout?.on('data', (data: Buffer) => (output += data.toString()));
      child.stderr?.on('data', (data: Buffer) => (output += data.toString()));
      const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
      if (code !== 0 && code !== null) throw new Error(`the simulator ended with ${String(code)}: ${output.slice(-2000)}`);
    },
    hang: () => void serving.child.kill('SIGSTOP'),
    goOn: () => void serving.child.kill('SIGCONT'),
    kill: () => end(serving.child, 'SIGKILL'),
    restart: async (role = 'operator') => {
      const file = path.join(dataDir, 'tokens.json');
      writeFileSync(file, JSON.stringify({ viewer: [], operator: ['of-somebody-else'], [role]: [token] }), { mode: 0o600 });
      serving = await begin(role === 'operator' ? [] : ['--token-file', file]);
      if (serving.url !== url) throw new Error(`the service came back at ${serving.url}, not at ${url}`);
    },
    stop: () => end(serving.child, 'SIGTERM'),
  };
};
