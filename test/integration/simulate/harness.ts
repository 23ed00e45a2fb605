import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Report } from '../../../src/backend/simulate/report.ts';

const MAIN = path.join(import.meta.dirname, '../../../src/backend/main.ts');

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

const start = (args: readonly string[]): Child => spawn(process.execPath, [MAIN, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });

const ended = (child: Child): Promise<number | NodeJS.Signals | null> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode ?? child.signalCode);
    else child.once('close', (code, signal) => resolve(code ?? signal));
  });

/** Waits for a condition; the test's own time limit ends it. */
export const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await condition())) await delay(20);
};

/** An address on loopback where nobody listens any more. */
export const deserted = async (): Promise<string> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
};

/** A real service as a process of its own, on a folder of its own; killed and removed by `close`. */
export class Service {
  url = '';
  token = '';
  private readonly folder: string;
  private child: Child | null = null;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async start(): Promise<Service> {
    const service = new Service(await mkdtemp(path.join(tmpdir(), 'simulate-')));
    await service.start();
    return service;
  }

  /** Where it says where it is. */
  get file(): string {
    return path.join(this.folder, 'data', 'service.json');
  }

  /** Starts it, again on the same folder and, where it is free, the same port. */
  async start(): Promise<void> {
    const child = start(['serve', '--data', path.join(this.folder, 'data')]);
    this.child = child;
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    for await (const line of createInterface({ input: child.stdout })) {
      const said = JSON.parse(line) as { readonly url: string; readonly token: string };
      this.url = said.url;
      this.token = said.token;
      child.stdout.resume();
      return;
    }
    throw new Error(`the service did not start: ${stderr}`);
  }

  async kill(): Promise<void> {
    if (this.child === null) return;
    this.child.kill('SIGKILL');
    await ended(this.child);
    this.child = null;
  }

  async close(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }

  async call(
    method: string,
    route: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly status: number; readonly body: unknown }> {
    const response = await fetch(this.url + route, {
      method,
      headers: { authorization: `Bearer ${this.token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : JSON.parse(text) };
  }
}

type ReportOf<T extends Report['type']> = Extract<Report, { type: T }>;

/** A run of `simulate --json` as a process of its own. */
export class Simulation {
  readonly reports: Report[] = [];
  stderr = '';
  readonly ended: Promise<number | NodeJS.Signals | null>;
  private readonly child: Child;

  constructor(service: { readonly url: string } & ({ readonly token: string } | { readonly file: string }), ...args: string[]) {
    const access = 'file' in service ? ['--token-file', service.file] : ['--token', service.token];
    this.child = start(['simulate', '--url', service.url, ...access, '--json', ...args]);
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    createInterface({ input: this.child.stdout }).on('line', (line) => this.reports.push(JSON.parse(line) as Report));
    this.ended = ended(this.child);
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Goes away as the reader of its output. */
  closeOutput(): void {
    this.child.stdout.destroy();
  }

  /** Goes away as the process that holds its input. */
  closeInput(): void {
    this.child.stdin.destroy();
  }

  all<T extends Report['type']>(type: T): readonly ReportOf<T>[] {
    return this.reports.filter((report): report is ReportOf<T> => report.type === type);
  }

  async first<T extends Report['type']>(type: T): Promise<ReportOf<T>> {
    const isOver = (): boolean => this.child.exitCode !== null || this.child.signalCode !== null;
    await until(() => this.all(type).length > 0 || isOver());
    const found = this.all(type)[0];
    if (found === undefined) throw new Error(`the run ended without ${type}: ${this.stderr}`);
    return found;
  }
}
