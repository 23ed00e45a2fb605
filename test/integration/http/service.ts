import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';

const MAIN = path.join(import.meta.dirname, '../../../src/backend/main.ts');

export const OPERATOR = 'operator-token-1';
export const VIEWER = 'viewer-token-1';

/** The real service as a process of its own, on a folder of its own; it is killed and removed when the test ends. */
export class RealService {
  url = '';
  private readonly folder: string;
  private readonly extra: readonly string[];
  private child: ChildProcess | null = null;

  private constructor(folder: string, extra: readonly string[]) {
    this.folder = folder;
    this.extra = extra;
  }

  static async start(t: TestContext, ...extra: string[]): Promise<RealService> {
    const folder = await mkdtemp(path.join(tmpdir(), 'http-source-'));
    await writeFile(path.join(folder, 'tokens.json'), JSON.stringify({ operator: [OPERATOR], viewer: [VIEWER] }));
    const service = new RealService(folder, extra);
    t.after(async () => {
      await service.kill();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    });
    await service.start();
    return service;
  }

  /** Again on the same folder and port. */
  async start(): Promise<void> {
    const args = [
      MAIN,
      'serve',
      '--data',
      path.join(this.folder, 'data'),
      '--token-file',
      path.join(this.folder, 'tokens.json'),
      ...this.extra,
    ];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    for await (const line of createInterface({ input: child.stdout })) {
      this.url = (JSON.parse(line) as { readonly url: string }).url;
      child.stdout.resume();
      return;
    }
    throw new Error(`the service did not start: ${said}`);
  }

  async kill(): Promise<void> {
    const child = this.child;
    if (child === null) return;
    this.child = null;
    if (child.exitCode !== null || child.signalCode !== null) return;
    await new Promise((resolve) => {
      child.once('close', resolve);
      child.kill('SIGKILL');
    });
  }

  /** As another client would. */
  async call(
    method: string,
    route: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Record<string, unknown>> {
    const response = await fetch(this.url + route, {
      method,
      headers: { authorization: `Bearer ${OPERATOR}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const answer = (await response.json()) as Record<string, unknown>;
    if (!response.ok) throw new Error(`${response.status} ${JSON.stringify(answer)}`);
    return answer;
  }

  async create(changes: Readonly<Record<string, unknown>> = {}): Promise<void> {
    await this.call('POST', '/api/v1/releases', {
      id: 'fraud-model',
      name: 'Fraud model',
      service: 'payments',
      ratio: 0.1,
      versions: { stable: 'v41', canary: 'v42' },
      steps: [{ ratio: 0.1 }, { ratio: 0.2 }, { ratio: 0.5 }],
      ...changes,
    });
  }

  async events(lines: readonly Readonly<Record<string, unknown>>[]): Promise<void> {
    const headers = { 'content-type': 'application/x-ndjson' };
    await this.call('POST', '/api/v1/events', lines.map((line) => JSON.stringify(line)).join('\n'), headers);
  }
}
