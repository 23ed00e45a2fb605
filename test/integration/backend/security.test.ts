import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { it } from 'node:test';
import { generate } from 'selfsigned';
import { call, createRelease, run, sendEvents, serve, temporaryFolder, type ReleaseJson } from './serviceProcess.ts';

const limit = { timeout: 120_000 };

it('lets viewers read and operators write, by the token file', limit, async (t) => {
  const folder = temporaryFolder(t);
  const tokenFile = path.join(folder, 'tokens.json');
  writeFileSync(tokenFile, JSON.stringify({ viewer: ['viewer-token-1'], operator: ['operator-token-1', 'operator-token-2'] }));
  const service = await serve(t, path.join(folder, 'data'), '--token-file', tokenFile);
  assert.equal(service.token, 'operator-token-1');
  await createRelease({ ...service, token: 'operator-token-2' }, { id: 'r', name: 'n', service: 's', ratio: 0.1 });
  const viewer = { token: 'viewer-token-1' };
  for (const route of ['/api/v1/releases', '/api/v1/releases/r', '/api/v1/audit', '/metrics', '/api/v1/releases/r/evidence']) {
    assert.equal((await call(service, route, viewer)).status, 200, route);
    assert.equal((await call(service, route, { token: null })).status, 401, route);
  }
  const refused = await call(service, '/api/v1/releases/r', { ...viewer, method: 'PATCH', body: { ratio: 0.9 }, ifMatch: 1 });
  assert.deepEqual([refused.status, refused.body['code']], [403, 'forbidden']);
  const events = await sendEvents({ ...service, token: 'viewer-token-1' }, [{}]);
  assert.equal(events.status, 403);
  assert.equal((await call(service, '/api/v1/backup', viewer)).status, 403);
  assert.equal((await call<ReleaseJson>(service, '/api/v1/releases/r')).body.ratio, 0.1);
});

it('explains a token file that cannot be used', limit, async (t) => {
  const folder = temporaryFolder(t);
  const tokenFile = path.join(folder, 'tokens.json');
  for (const [text, why] of [
    ['{', /JSON/],
    ['{"viewer":["viewer-token-1"]}', /operator/],
    ['{"operator":["short"]}', /8 characters/],
    ['{"operator":"operator-token-1"}', /\$\.operator/],
    ['{"operator":["operator-token-1"],"viewr":["viewer-token-1"]}', /\$\.viewr: there are the roles viewer and operator only/],
    ['{"operator":["operator-token-1"],"viewer":["operator-token-1"]}', /to a viewer and to an operator/],
    ['{"operator":["operator token 1"]}', /without spaces/],
  ] as const) {
    writeFileSync(tokenFile, text);
    const started = run(t, 'serve', '--data', path.join(folder, 'data'), '--token-file', tokenFile);
    assert.equal(await started.exit, 1);
    assert.match(started.stderr(), why);
  }
});

it('speaks TLS with the files given, and backup works over it', limit, async (t) => {
  const folder = temporaryFolder(t);
  const pems = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  });
  const cert = path.join(folder, 'cert.pem');
  const key = path.join(folder, 'key.pem');
  writeFileSync(cert, pems.cert);
  writeFileSync(key, pems.private);
  const data = path.join(folder, 'data');
  const service = await serve(t, data, '--tls-cert', cert, '--tls-key', key);
  assert.match(service.url, /^https:\/\/127\.0\.0\.1:\d+$/);
  assert.equal((await call(service, '/api/v1/releases', { ca: pems.cert })).status, 200);
  await assert.rejects(call(service, '/api/v1/releases'), /self-signed|certificate/);
  // A second start finds it behind its certificate.
  assert.equal((await serve(t, data, '--tls-cert', cert, '--tls-key', key)).joined, true);
  const file = path.join(folder, 'copy.db');
  assert.equal(await run(t, 'backup', '--data', data, file).exit, 0);
  assert.ok(existsSync(file));
  const half = run(t, 'serve', '--data', path.join(folder, 'other'), '--tls-cert', cert);
  assert.equal(await half.exit, 2);
});

it('listens on loopback only unless told', limit, async (t) => {
  const service = await serve(t, temporaryFolder(t));
  assert.equal(new URL(service.url).hostname, '127.0.0.1');
  const told = await serve(t, temporaryFolder(t), '--host', '0.0.0.0');
  assert.equal((await call(told, '/healthz')).status, 200);
  assert.match(told.stderr(), /other machines/);
});

it('restores what a backup of the living service kept', limit, async (t) => {
  const folder = temporaryFolder(t);
  const data = path.join(folder, 'data');
  const first = await serve(t, data);
  await createRelease(first, { id: 'kept', name: 'n', service: 's', ratio: 0.1 });
  await sendEvents(first, [{ id: 'e1', time: Date.now(), release: 'kept', variant: 'canary', kind: 'request', status: 500 }]);
  const file = path.join(folder, 'copies', 'one.db');
  const backup = run(t, 'backup', '--data', data, file);
  assert.equal(await backup.exit, 0, backup.stderr());
  assert.match(await failed(t, 'backup', '--data', data, file), /exists already/);
  await call(first, '/api/v1/releases/kept', { method: 'PATCH', body: { ratio: 0.9 }, ifMatch: 1 });
  assert.match(await failed(t, 'restore', '--data', data, file), /stop it first/);
  first.child.kill('SIGTERM');
  await first.exit;
  const rubbish = path.join(folder, 'rubbish.db');
  writeFileSync(rubbish, 'no database');
  assert.match(await failed(t, 'restore', '--data', data, rubbish), /cannot be restored/);
  const restore = run(t, 'restore', '--data', data, file);
  assert.equal(await restore.exit, 0, restore.stderr());
  assert.ok(existsSync(path.join(data, 'rollout.db.before-restore')));
  // A copy that a killed service was sending.
  const unsent = path.join(data, 'backup-0123456789ab.tmp');
  writeFileSync(unsent, 'half of it');
  const second = await serve(t, data);
  assert.ok(!existsSync(unsent));
  assert.equal((await call<ReleaseJson>(second, '/api/v1/releases/kept')).body.ratio, 0.1);
  const evidence = await call<{ variants: { canary: { errors: number } } }>(second, '/api/v1/releases/kept/evidence');
  assert.equal(evidence.body.variants.canary.errors, 1);
  second.child.kill('SIGTERM');
  await second.exit;
  // At rest too.
  assert.equal(await run(t, 'backup', '--data', data, path.join(folder, 'two.db')).exit, 0);
  assert.equal(readFileSync(path.join(folder, 'two.db')).subarray(0, 15).toString(), 'SQLite format 3');
});

const failed = async (t: Parameters<typeof run>[0], ...args: string[]): Promise<string> => {
  const started = run(t, ...args);
  assert.equal(await started.exit, 1);
  return started.stderr();
};

it('shows its OpenAPI page with its own css and js, and a policy that its page keeps', limit, async (t) => {
  const service = await serve(t, temporaryFolder(t));
  const page = await call(service, '/docs', { token: null });
  assert.equal(page.status, 200);
  assert.match(String(page.headers['content-security-policy']), /script-src 'self'/);
  assert.doesNotMatch(page.text, /<script>|<style>|style=|onload=/);
  const parts = [...page.text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, route]) => route!);
  assert.equal(parts.length, 3);
  for (const part of parts) assert.equal((await call(service, part, { token: null })).status, 200, part);
  const document = await call<{ openapi: string; paths: Record<string, Record<string, unknown>> }>(service, '/openapi.json', {
    token: null,
  });
  assert.match(document.body.openapi, /^3\./);
  for (const [route, method] of [
    ['/api/v1/releases/{id}', 'patch'],
    ['/api/v1/releases/{id}/actions/promote', 'post'],
    ['/api/v1/events', 'post'],
    ['/api/gray_release', 'post'],
  ] as const) {
    assert.ok(document.body.paths[route]?.[method], route);
  }
  const metrics = document.body.paths['/metrics']?.['get'] as { responses: object };
  assert.deepEqual(Object.keys(metrics.responses), ['200', '400', '401', '403']);
  const read = document.body.paths['/api/v1/releases/{id}']?.['get'] as { responses: Record<string, { content: object }> };
  for (const status of ['401', '403', '404']) {
    assert.deepEqual(Object.keys(read.responses[status]?.content ?? {}), ['application/problem+json'], status);
  }
});
