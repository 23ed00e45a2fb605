import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { describe, it, type TestContext } from 'node:test';
import { EmbeddedService } from '../../../src/sources/embedded/embeddedService.ts';
import type { EmbeddedState, ServiceInfo } from '../../../src/sources/embedded/embeddedTypes.ts';
import { isAlive, readServiceFile, serviceFileOf } from '../../../src/sources/embedded/serviceFile.ts';
import { closer, listen } from '../../fakes/httpServer.ts';
import { realClock } from '../../fakes/realClock.ts';
import { recordingLog, until } from '../../fakes/wait.ts';

const BACKEND = path.join(import.meta.dirname, '../../../src/backend/main.ts');
const WINDOW = path.join(import.meta.dirname, 'windowProcess.ts');
const LIMIT = { timeout: 60_000 };
const never = new AbortController().signal;

/** A data folder of its own; whatever service lives there at the end of the test is killed. */
const folderFor = async (t: TestContext): Promise<string> => {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'embedded-'));
  t.after(async () => {
    const left = await readServiceFile(dataDir);
    if (left !== null && isAlive(left.pid)) process.kill(left.pid, 'SIGKILL');
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
  });
  return dataDir;
};

interface Window {
  readonly service: EmbeddedService;
  readonly states: EmbeddedState[];
  readonly log: string[];
  running(): Promise<ServiceInfo>;
}

const windowOn = (t: TestContext, dataDir: string, backendPath = BACKEND, version?: string): Window => {
  const log = recordingLog();
  const service = new EmbeddedService({
    dataDir,
    backendPath,
    execPath: process.execPath,
    env: process.env,
    log,
    clock: realClock,
    ...(version === undefined ? {} : { version }),
  });
  const states: EmbeddedState[] = [];
  service.onDidChange((state) => states.push(state));
  t.after(() => service.dispose());
  const running = async (): Promise<ServiceInfo> => {
    const started = await service.start(never);
    assert.ok(started.ok, JSON.stringify(started));
    return started.value;
  };
  return { service, states, log: log.lines, running };
};

const statusOf = async (info: ServiceInfo): Promise<number> => {
  const reply = await fetch(`${info.url}/api/v1/releases`, { headers: { authorization: `Bearer ${info.token}` } });
  await reply.body?.cancel();
  return reply.status;
};

const kill = async (pid: number): Promise<void> => {
  process.kill(pid, 'SIGKILL');
  await until(() => !isAlive(pid));
};

/** The service after the one with this process id. The window may not have noticed yet that that one is dead. */
const settledAfter = async (window: Window, pid: number): Promise<ServiceInfo> => {
  await until(() => window.service.state.status === 'running' && window.service.state.pid !== pid);
  const { state } = window.service;
  assert.ok(state.status === 'running');
  return state;
};

describe('built-in service', { concurrency: false }, () => {
  it('starts a service that answers with its token, and stops it when a person says so', LIMIT, async (t) => {
    const dataDir = await folderFor(t);
    const window = windowOn(t, dataDir);
    const info = await window.running();
    assert.equal(info.joined, false);
    assert.equal(await statusOf(info), 200);
    const since = Date.now();
    await window.service.stop({ end: true });
    assert.equal(isAlive(info.pid), false);
    // It ends by itself, not by running out of leases.
    assert.ok(Date.now() - since < 6_000, `${Date.now() - since} ms`);
    assert.equal(await readServiceFile(dataDir), null);
    assert.equal(window.service.state.status, 'stopped');
    assert.doesNotMatch(window.log.join('\n'), new RegExp(info.token));
  });

  it('joins the living one from a second window, and two that start at once share one', LIMIT, async (t) => {
    const dataDir = await folderFor(t);
    const windows = [windowOn(t, dataDir), windowOn(t, dataDir), windowOn(t, dataDir)];
    const infos = await Promise.all(windows.map((window) => window.running()));
    assert.equal(new Set(infos.map(({ pid }) => pid)).size, 1);
    assert.equal(infos.filter(({ joined }) => !joined).length, 1);
    const late = await windowOn(t, dataDir).running();
    assert.deepEqual([late.pid, late.url, late.joined], [infos[0]?.pid, infos[0]?.url, true]);
  });

  it('of another version is told while windows use it, and replaced when none does', LIMIT, async (t) => {
    const dataDir = await folderFor(t);
    const old = windowOn(t, dataDir);
    const first = await old.running();
    const leases = async (): Promise<unknown> => ((await (await fetch(`${first.url}/healthz`)).json()) as { leases: number }).leases;
    const newer = windowOn(t, dataDir, BACKEND, '99.0.0');
    assert.equal((await newer.running()).pid, first.pid);
    assert.match(newer.log.join('\n'), new RegExp(`is of version ${first.version}, this extension of 99.0.0; other windows`));
    await Promise.all([old.service.stop(), newer.service.stop()]);
    while ((await leases()) !== 0) await realClock.delay(20, never);
    const later = windowOn(t, dataDir, BACKEND, '99.0.0');
    const second = await later.running();
    assert.deepEqual([second.pid !== first.pid, isAlive(first.pid), second.token, second.joined], [true, false, first.token, false]);
    assert.match(later.log.join('\n'), /so it is replaced/);
    // One of the same version is joined, used or not.
    await later.service.stop();
    assert.equal((await windowOn(t, dataDir, BACKEND, second.version).running()).pid, second.pid);
  });

  it('ends for every window when one is told to stop it, and is not brought back by the others', LIMIT, async (t) => {
    const dataDir = await folderFor(t);
    const [first, second] = [windowOn(t, dataDir), windowOn(t, dataDir)];
    const info = await first.running();
    await second.running();
    await second.service.stop({ end: true });
    await until(() => first.service.state.status === 'stopped');
    assert.equal(isAlive(info.pid), false);
    // A person can start it again afterwards.
    const again = await first.running();
    assert.notEqual(again.pid, info.pid);
    assert.equal(again.token, info.token);
  });

  it('outlives the window that started it while another holds on, and ends within 10 s of the last', LIMIT, async (t) => {
    const dataDir = await folderFor(t);
    const [first, second] = [windowOn(t, dataDir), windowOn(t, dataDir)];
    const info = await first.running();
    await second.running();
    await first.service.stop();
    assert.equal(first.service.state.status, 'stopped');
    assert.equal(await statusOf(info), 200);
    const since = Date.now();
    second.service.dispose();
    await until(() => !isAlive(info.pid));
    assert.ok(Date.now() - since < 10_000);
  });

  it('is started again with the same port and token when it is killed', LIMIT, async (t) => {
    const dataDir = await folderFor(t);
    const [first, second] = [windowOn(t, dataDir), windowOn(t, dataDir)];
    let info: ServiceInfo = await first.running();
    await second.running();
    const killed = async (): Promise<ServiceInfo> => {
      await kill(info.pid);
      const [a, b] = [await settledAfter(first, info.pid), await settledAfter(second, info.pid)];
      assert.deepEqual([a.pid, a.url, a.token], [b.pid, b.url, info.token]);
      return a;
    };
    let a = await killed();
    // Between two lives the port is anybody's, and a busy machine may give it away: not twice in a row.
    if (a.url !== info.url) {
      info = a;
      a = await killed();
    }
    assert.equal(a.url, info.url);
    assert.equal(await statusOf(a), 200);
    assert.ok(first.states.some(({ status }) => status === 'starting'));
  });

  it('takes another port when its own is occupied, and tells it', LIMIT, async (t) => {
    const dataDir = await folderFor(t);
    const window = windowOn(t, dataDir);
    const info = await window.running();
    await window.service.stop({ end: true });
    const squatter = createServer();
    const close = closer(squatter);
    t.after(close);
    await listen(squatter, Number(new URL(info.url).port));
    const moved = await window.running();
    assert.notEqual(moved.url, info.url);
    assert.equal(moved.token, info.token);
    assert.equal((await readServiceFile(dataDir))?.url, moved.url);
    assert.equal(await statusOf(moved), 200);
  });

  it('gives up after three restarts, with its last output, and can be started again by a person', LIMIT, async (t) => {
    const dataDir = await folderFor(t);
    const window = windowOn(t, dataDir);
    let { pid } = await window.running();
    for (let death = 1; death <= 3; death++) {
      await kill(pid);
      ({ pid } = await settledAfter(window, pid));
    }
    await kill(pid);
    await until(() => window.service.state.status === 'failed');
    const { state } = window.service;
    assert.ok(state.status === 'failed');
    assert.equal(state.attempts, 3);
    assert.equal(state.message.key, 'embedded.failed.died');
    const again = await window.running();
    assert.equal(await statusOf(again), 200);
  });

  it('tells what a service printed that dies at once, without its token', LIMIT, async (t) => {
    const dataDir = await folderFor(t);
    const broken = path.join(dataDir, 'broken.mjs');
    await writeFile(
      broken,
      'console.log(JSON.stringify({ token: "abcdefgh1234" })); console.error("cannot open the database: disk full"); process.exit(1);',
    );
    const window = windowOn(t, dataDir, broken);
    const started = await window.service.start(never);
    assert.ok(!started.ok);
    assert.match(started.error.detail, /disk full/);
    assert.match(started.error.detail, /exit 1/);
    assert.doesNotMatch(started.error.detail, /abcdefgh1234/);
    const { state } = window.service;
    assert.ok(state.status === 'failed');
    assert.match(state.lastOutput, /disk full/);
  });

  it('tells a runtime that cannot be started', LIMIT, async (t) => {
    const dataDir = await folderFor(t);
    const options = { dataDir, backendPath: BACKEND, execPath: path.join(dataDir, 'no-such-node'), env: process.env };
    const service = new EmbeddedService({ ...options, log: recordingLog(), clock: realClock });
    t.after(() => service.dispose());
    const started = await service.start(never);
    assert.ok(!started.ok);
    assert.equal(started.error.message.key, 'embedded.failed.spawn');
  });

  it('does not trust a file that names a living process which is not the service', LIMIT, async (t) => {
    const dataDir = await folderFor(t);
    const lie = { url: 'http://127.0.0.1:9', pid: process.pid, startedAt: 1, token: 'x'.repeat(20), version: '0' };
    await writeFile(serviceFileOf(dataDir), JSON.stringify(lie));
    const info = await windowOn(t, dataDir).running();
    assert.notEqual(info.pid, process.pid);
    assert.equal(await statusOf(info), 200);
  });

  it('gives up waiting when aborted, and leaves nothing behind', LIMIT, async (t) => {
    const dataDir = await folderFor(t);
    const window = windowOn(t, dataDir);
    const end = new AbortController();
    const starting = window.service.start(end.signal);
    end.abort();
    const started = await starting;
    assert.ok(!started.ok);
    assert.equal(started.error.message.key, 'embedded.aborted');
    await until(() => window.service.state.status === 'stopped');
    // Whatever was started has no lease and goes by itself.
    await until(async () => (await readServiceFile(dataDir)) === null);
  });
});

describe('built-in service of a window that is killed', { concurrency: false }, () => {
  const openWindow = (t: TestContext, ...args: string[]): { readonly process: ChildProcess; readonly lines: Record<string, unknown>[] } => {
    const child = spawn(process.execPath, [WINDOW, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines: Record<string, unknown>[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => lines.push(JSON.parse(line) as Record<string, unknown>));
    t.after(() => child.kill('SIGKILL'));
    return { process: child, lines };
  };

  it('ends within 10 s, and its simulation with it', LIMIT, async (t) => {
    const dataDir = await folderFor(t);
    const window = openWindow(t, dataDir, 'simulate');
    await until(() => window.lines.some((line) => 'simulation' in line));
    const pid = window.lines.find((line) => line['status'] === 'running')?.['pid'];
    const simulation = window.lines.find((line) => 'simulation' in line)?.['simulation'];
    assert.ok(typeof pid === 'number' && typeof simulation === 'number');
    assert.ok(isAlive(pid) && isAlive(simulation));
    const since = Date.now();
    window.process.kill('SIGKILL');
    await until(() => !isAlive(simulation));
    await until(() => !isAlive(pid));
    assert.ok(Date.now() - since < 10_000, `${Date.now() - since} ms`);
    assert.equal(await readServiceFile(dataDir), null);
  });

  it('lives on for another window', LIMIT, async (t) => {
    const [shared, alone] = [await folderFor(t), await folderFor(t)];
    const killed = [openWindow(t, shared), openWindow(t, alone)];
    await until(() => killed.every(({ lines }) => lines.some((line) => line['status'] === 'running')));
    const other = windowOn(t, shared);
    const info = await other.running();
    assert.equal(info.joined, true);
    const lonely = (await readServiceFile(alone))?.pid ?? 0;
    for (const { process: child } of killed) child.kill('SIGKILL');
    // The service without a window shows when the time is up.
    await until(() => !isAlive(lonely));
    assert.equal(await statusOf(info), 200);
    assert.equal(other.service.state.status, 'running');
  });
});
