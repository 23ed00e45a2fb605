/** Starts the real service as its own process, and talks to it as any client would. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../../src/backend/main.ts', import.meta.url));

export interface Started {
  readonly url: string;
  readonly version: string;
  readonly token: string;
  readonly pid: number;
  readonly joined: boolean;
}

export interface Run {
  readonly child: ChildProcess;
  /** Everything it said on standard error so far. */
  readonly stderr: () => string;
  /** Resolves with the exit code, null when killed. */
  readonly exit: Promise<number | null>;
}

/** What ends with a test: a TestContext, or a suite's own scope. */
export interface Scope {
  after(cleanUp: () => void | Promise<void>): void;
}

/** For services that a whole suite shares; call it in the body of `describe`. */
export const suiteScope = (): Scope => {
  const cleanUps: (() => void | Promise<void>)[] = [];
  after(async () => {
    for (const cleanUp of cleanUps.reverse()) await cleanUp();
  });
  return { after: (cleanUp) => cleanUps.push(cleanUp) };
};

/** A folder that is gone after the test. */
export const temporaryFolder = (t: Scope): string => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'rollout-lens-'));
  t.after(() => {
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  });
  return folder;
};

/** Runs the program; it is killed at the end of the test at the latest. */
export const run = (t: Scope, ...args: string[]): Run & { readonly firstLine: Promise<string | null> } => {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const exit = once(child, 'close').then(([code]) => code as number | null);
  const lines = createInterface({ input: child.stdout });
  const firstLine = Promise.race([once(lines, 'line').then(([line]) => line as string), exit.then(() => null)]);
  t.after(async () => {
    child.kill('SIGKILL');
    await exit;
  });
  return { child, stderr: () => stderr, exit, firstLine };
};

/** Starts `serve`, and fails with its output when it does not get to listen. */
export const serve = async (t: Scope, dataDir: string, ...args: string[]): Promise<Started & Run> => {
  const started = run(t, 'serve', '--data', dataDir, ...args);
  const line = await started.firstLine;
  if (line === null) throw new Error(`serve ended with ${String(await started.exit)}: ${started.stderr()}`);
  return { ...started, ...(JSON.parse(line) as Started) };
};

export interface Answer<T> {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The body as JSON; undefined when it is none. */
  readonly body: T;
}

export interface CallOptions {
  readonly token?: string | null;
  readonly method?: string;
  /** An object goes as JSON, text as it is. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly ifMatch?: number;
  readonly ca?: string;
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** One request. Node's own client: `fetch` keeps connections that outlive a killed service. */
export const call = <T = Record<string, unknown>>(
  service: Pick<Started, 'url' | 'token'>,
  route: string,
  options: CallOptions = {},
): Promise<Answer<T>> => {
  const { method = options.body === undefined ? 'GET' : 'POST', body, token = service.token } = options;
  const payload = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  const url = new URL(route, service.url);
  const headers = {
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    ...(options.ifMatch === undefined ? {} : { 'if-match': `"${String(options.ifMatch)}"` }),
    ...(typeof body === 'object' ? { 'content-type': 'application/json' } : {}),
    ...options.headers,
  };
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = send(url, { method, headers, agent: false, ...(options.ca === undefined ? {} : { ca: options.ca }) }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (text += part));
      response.on('error', reject);
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, body: parse(text) as T });
      });
    });
    request.on('error', reject);
    request.end(payload);
  });
};

export interface ReleaseJson {
  readonly id: string;
  readonly phase: string;
  readonly state: string;
  readonly ratio: number;
  readonly actualRatio: number;
  readonly stepIndex: number;
  readonly revision: number;
  readonly steps: readonly { readonly ratio: number; readonly pauseSeconds: number | null }[];
  readonly pauseEndsAt: number | null;
  readonly updatedAt: number;
}

export const createRelease = async (
  service: Pick<Started, 'url' | 'token'>,
  body: Readonly<Record<string, unknown>>,
): Promise<ReleaseJson> => {
  const answer = await call<ReleaseJson>(service, '/api/v1/releases', { body });
  if (answer.status !== 201) throw new Error(`create: ${String(answer.status)} ${answer.text}`);
  return answer.body;
};

export const sendEvents = async (
  service: Pick<Started, 'url' | 'token'>,
  events: readonly unknown[],
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer<{ accepted: number; duplicate: number; rejected: { line: number; reason: string }[] }>> =>
  call(service, '/api/v1/events', {
    body: events.map((event) => (typeof event === 'string' ? event : JSON.stringify(event))).join('\n'),
    headers: { 'content-type': 'application/x-ndjson', ...headers },
  });

/** Asks until the answer is right; fails after `withinMs` with what was seen last. */
export const until = async <T>(ask: () => Promise<T>, right: (value: T) => boolean, withinMs = 20_000): Promise<T> => {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const value = await ask();
    if (right(value)) return value;
    if (Date.now() > deadline) throw new Error(`Not within ${String(withinMs)} ms; last seen: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
};

export interface StreamEvent {
  readonly id: string | null;
  readonly event: string;
  readonly data: string;
}

/** Reads server-sent events until `enough` holds, then hangs up. */
export const readStream = (
  service: Pick<Started, 'url' | 'token'>,
  enough: (events: readonly StreamEvent[], lastId: string | null) => boolean,
  options: { readonly lastEventId?: string; readonly onOpen?: () => void; readonly withinMs?: number } = {},
): Promise<{ readonly events: readonly StreamEvent[]; readonly lastId: string | null }> =>
  new Promise((resolve, reject) => {
    const events: StreamEvent[] = [];
    let lastId: string | null = null;
    let buffer = '';
    const headers = {
      authorization: `Bearer ${service.token}`,
      ...(options.lastEventId === undefined ? {} : { 'last-event-id': options.lastEventId }),
    };
    const request = httpRequest(new URL('/api/v1/stream', service.url), { headers, agent: false }, (response) => {
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        buffer += part;
        let end: number;
        while ((end = buffer.indexOf('\n\n')) >= 0) {
          const fields = new Map(
            buffer
              .slice(0, end)
              .split('\n')
              .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
          );
          buffer = buffer.slice(end + 2);
          lastId = fields.get('id') ?? lastId;
          const event = fields.get('event');
          if (event !== undefined) events.push({ id: fields.get('id') ?? null, event, data: fields.get('data') ?? '' });
          if (enough(events, lastId)) {
            clearTimeout(timer);
            request.destroy();
            resolve({ events, lastId });
            return;
          }
        }
      });
      response.on('error', () => undefined);
      options.onOpen?.();
    });
    const timer = setTimeout(() => {
      request.destroy();
      reject(new Error(`The stream did not tell it; seen: ${JSON.stringify(events)}, last id ${String(lastId)}`));
    }, options.withinMs ?? 20_000);
    request.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    request.end();
  });
