import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import path from 'node:path';
import { it } from 'node:test';
import { call, createRelease, run, sendEvents, serve, temporaryFolder, until, type Started } from './serviceProcess.ts';

const limit = { timeout: 120_000 };
const serviceFile = (folder: string): Started & { startedAt: number } =>
  JSON.parse(readFileSync(path.join(folder, 'service.json'), 'utf8')) as Started & { startedAt: number };

it('loses no acknowledged event when it is killed under load, and starts again at once with port and token', limit, async (t) => {
  const folder = temporaryFolder(t);
  const first = await serve(t, folder);
  await createRelease(first, { id: 'load', name: 'n', service: 's', ratio: 0.5 });
  const acknowledged: string[] = [];
  let batches = 0;
  let dead = false;
  const sender = async (name: number): Promise<void> => {
    while (!dead) {
      const ids = Array.from({ length: 20 }, (_, i) => `${String(name)}-${String(batches)}-${String(i)}`);
      batches += 1;
      const events = ids.map((id) => ({ id, time: Date.now(), release: 'load', userId: id, kind: 'request', status: 200, latencyMs: 5 }));
      const answer = await sendEvents(first, events).catch(() => null);
      if (answer?.status === 200 && answer.body.accepted === 20) acknowledged.push(...ids);
    }
  };
  const senders = [1, 2, 3, 4, 5, 6].map(sender);
  await until(
    () => Promise.resolve(acknowledged.length),
    (count) => count > 1500,
  );
  first.child.kill('SIGKILL');
  await first.exit;
  dead = true;
  await Promise.all(senders);
  const started = Date.now();
  const second = await serve(t, folder);
  assert.ok(Date.now() - started < 15_000, 'nothing the dead one left is waited for');
  assert.deepEqual([second.url, second.token, second.joined], [first.url, first.token, false]);
  const events = acknowledged.map((id) => ({ id, time: Date.now(), release: 'load', userId: id, kind: 'request' }));
  const again = await sendEvents(second, events);
  assert.deepEqual(again.body, { accepted: 0, duplicate: acknowledged.length, rejected: [] });
  const evidence = await call<{ variants: Record<'stable' | 'canary', { requests: number }> }>(second, '/api/v1/releases/load/evidence');
  const counted = evidence.body.variants.stable.requests + evidence.body.variants.canary.requests;
  // What was committed but not yet answered may be there on top.
  assert.ok(
    counted >= acknowledged.length && counted <= acknowledged.length + 6 * 20,
    `${String(counted)} of ${String(acknowledged.length)}`,
  );
});

it('is one service for a folder, however many start at the same time', limit, async (t) => {
  const folder = temporaryFolder(t);
  const runs = [1, 2, 3, 4].map(() => run(t, 'serve', '--data', folder));
  const lines = await Promise.all(runs.map(({ firstLine }) => firstLine));
  const started = lines.map((line) => JSON.parse(line ?? 'null') as Started);
  assert.equal(new Set(started.map(({ url }) => url)).size, 1);
  assert.equal(new Set(started.map(({ pid }) => pid)).size, 1);
  assert.equal(started.filter(({ joined }) => !joined).length, 1);
  const codes = await Promise.all(runs.filter((_, i) => started[i]?.joined).map(({ exit }) => exit));
  assert.deepEqual(codes, [0, 0, 0]);
  assert.equal((await call(started[0]!, '/api/v1/releases')).status, 200);
});

it('does not trust a file whose process id belongs to somebody else now', limit, async (t) => {
  const folder = temporaryFolder(t);
  const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  t.after(() => void stranger.kill('SIGKILL'));
  // Under the old address something else answers now.
  const other = createServer((_request, response) => response.end('{"status":"ok","pid":1,"startedAt":2}')).listen(0, '127.0.0.1');
  await once(other, 'listening');
  t.after(() => void other.close());
  const url = `http://127.0.0.1:${String((other.address() as AddressInfo).port)}`;
  writeFileSync(
    path.join(folder, 'service.json'),
    JSON.stringify({ url, pid: stranger.pid, startedAt: Date.now() - 1e7, token: 'old-token', version: '0.0.1' }),
  );
  const service = await serve(t, folder);
  assert.equal(service.joined, false);
  assert.notEqual(service.pid, stranger.pid);
  assert.deepEqual([serviceFile(folder).pid, serviceFile(folder).url], [service.pid, service.url]);
});

it('never gives the token of a dead service to whoever has its process id and port now', limit, async (t) => {
  const folder = temporaryFolder(t);
  const dead = await serve(t, folder);
  await createRelease(dead, { id: 'kept', name: 'n', service: 's' });
  dead.child.kill('SIGKILL');
  await dead.exit;
  const asked: (string | undefined)[] = [];
  const other = createServer((request, response) => {
    asked.push(request.headers.authorization);
    response.end(JSON.stringify({ status: 'ok', pid: process.pid, startedAt: 1, version: '0.0.1' }));
  }).listen(0, '127.0.0.1');
  await once(other, 'listening');
  t.after(() => void other.close());
  const url = `http://127.0.0.1:${String((other.address() as AddressInfo).port)}`;
  // The process id lives, the address answers, and it is not the service.
  writeFileSync(path.join(folder, 'service.json'), JSON.stringify({ ...serviceFile(folder), url, pid: process.pid }));
  const backup = run(t, 'backup', '--data', folder, path.join(folder, 'copy.db'));
  assert.equal(await backup.exit, 0, backup.stderr());
  assert.deepEqual(asked, [undefined], 'asked who it is, without the token, and nothing else');
});

it('writes service.json for its user alone, says the same under /healthz, and removes it when it ends', limit, async (t) => {
  const folder = temporaryFolder(t);
  const service = await serve(t, folder);
  const file = serviceFile(folder);
  for (const name of ['service.json', 'identity.json', 'rollout.db'])
    assert.equal(statSync(path.join(folder, name)).mode & 0o777, 0o600, name);
  const health = await call<{ pid: number; startedAt: number; status: string }>(service, '/healthz', { token: null });
  assert.deepEqual([health.body.status, health.body.pid, health.body.startedAt], ['ok', file.pid, file.startedAt]);
  service.child.kill('SIGTERM');
  assert.equal(await service.exit, 0);
  assert.throws(() => serviceFile(folder));
  assert.equal(
    service
      .stderr()
      .replace(/^.*(ExperimentalWarning|--trace-warnings).*$/gm, '')
      .trim(),
    '',
  );
});

it('takes another port when its own is taken', limit, async (t) => {
  const folder = temporaryFolder(t);
  const first = await serve(t, folder);
  first.child.kill('SIGTERM');
  await first.exit;
  const taken = createServer().listen(Number(new URL(first.url).port), '127.0.0.1');
  await once(taken, 'listening');
  t.after(() => void taken.close());
  const second = await serve(t, folder);
  assert.notEqual(second.url, first.url);
  assert.equal(second.token, first.token);
  assert.equal(serviceFile(folder).url, second.url);
});

it('ends when nobody has held a lease for the time given, and not before', limit, async (t) => {
  const folder = temporaryFolder(t);
  const service = await serve(t, folder, '--lease-exit', '3');
  const hold = async (): Promise<IncomingMessage> => {
    const request = httpRequest(new URL('/api/v1/lease', service.url), {
      headers: { authorization: `Bearer ${service.token}` },
      agent: false,
    }).end();
    // Hanging up makes the client see a reset.
    request.on('error', () => undefined);
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    response.on('error', () => undefined);
    response.resume();
    return response;
  };
  const lease = await hold();
  const beats = once(lease, 'data');
  await beats;
  const second = await hold();
  lease.destroy();
  const left = Date.now();
  // Heartbeats come every two seconds: longer than the time given passes with one of two leases held.
  while (Date.now() - left < 3500) await once(second, 'data');
  assert.equal((await call(service, '/healthz')).status, 200);
  const letGo = Date.now();
  second.destroy();
  assert.equal(await service.exit, 0);
  assert.ok(Date.now() - letGo >= 2900, 'it waited');
  assert.ok(Date.now() - letGo < 20_000, 'it ended');
});

it('ends when no lease was ever taken', limit, async (t) => {
  const service = await serve(t, temporaryFolder(t), '--lease-exit', '0.5');
  assert.equal(await service.exit, 0);
});

it('ends while clients hold streams open', limit, async (t) => {
  const service = await serve(t, temporaryFolder(t));
  const request = httpRequest(new URL('/api/v1/stream', service.url), {
    headers: { authorization: `Bearer ${service.token}` },
    agent: false,
  }).end();
  request.on('error', () => undefined);
  await once(request, 'response');
  service.child.kill('SIGTERM');
  assert.equal(await service.exit, 0);
});

it('explains a wrong command line with exit code 2, and what it cannot do with 1', limit, async (t) => {
  const wrong = [
    [],
    ['dance'],
    ['serve'],
    ['serve', '--data', 'x', '--port', 'http'],
    ['serve', '--data', 'x', '--nonsense'],
    ['backup', '--data', 'x'],
  ];
  await Promise.all(
    wrong.map(async (args) => {
      const started = run(t, ...args);
      assert.equal(await started.exit, 2, args.join(' '));
      assert.match(started.stderr(), /Usage:/);
    }),
  );
  const folder = temporaryFolder(t);
  writeFileSync(path.join(folder, 'rollout.db'), 'this is no database at all, and long enough to be read as one'.repeat(20));
  const broken = run(t, 'serve', '--data', folder);
  assert.equal(await broken.exit, 1);
  assert.match(broken.stderr(), /database/);
});
