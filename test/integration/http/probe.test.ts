/** What is found at an address before it is saved: against the real service, and against what else stands at addresses. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { generate } from 'selfsigned';
import type { Result } from '../../../src/base/result.ts';
import { english } from '../../fakes/english.ts';
import { translate } from '../../../src/platform/translate.ts';
import { probe, type ProbeFailure, type ProbeFinding } from '../../../src/sources/http/probe.ts';
import { createTransport } from '../../../src/sources/transport.ts';
import type { TransportOptions } from '../../../src/sources/transportTypes.ts';
import { desertedPort, flaskError, json, serve, type FakeServer } from '../../fakes/httpServer.ts';
import { realClock } from '../../fakes/realClock.ts';
import { recordingLog } from '../../fakes/wait.ts';
import { OPERATOR, RealService, VIEWER } from './service.ts';

const LIMIT = { timeout: 60_000 };

const ask = async (
  url: string,
  token: string | null,
  { signal = new AbortController().signal, ...net }: Partial<TransportOptions> & { readonly signal?: AbortSignal } = {},
): Promise<Result<ProbeFinding, ProbeFailure>> => {
  const log = recordingLog();
  const transport = createTransport({ proxy: null, ca: [], strictSSL: true, log, clock: realClock, ...net });
  try {
    return await probe({ url, getToken: () => Promise.resolve(token), transport, clock: realClock, log }, signal);
  } finally {
    transport.dispose();
  }
};
const failed = (answer: Result<ProbeFinding, ProbeFailure>): ProbeFailure => {
  assert.ok(!answer.ok, 'it is told as a failure');
  return answer.error;
};
const fake = async (t: TestContext, handler: Parameters<typeof serve>[0]): Promise<FakeServer> => {
  const server = await serve(handler);
  t.after(() => server.close());
  return server;
};

describe('asking an address once', () => {
  it('the service tells version, releases and what the token may do; the version without a token too', LIMIT, async (t) => {
    const service = await RealService.start(t);
    await service.create();
    const operator = await ask(`${service.url}/`, OPERATOR);
    assert.ok(operator.ok);
    assert.match(operator.value.version ?? '', /^\d+\.\d+\.\d+/);
    assert.deepEqual([operator.value.releases, operator.value.role], [1, 'operator']);
    const viewer = await ask(service.url, VIEWER);
    assert.ok(viewer.ok);
    assert.equal(viewer.value.role, 'viewer');
    for (const token of [null, 'wrong']) {
      const refused = failed(await ask(service.url, token));
      assert.deepEqual([refused.kind, refused.remedy?.type], ['unauthorized', 'token']);
      assert.equal(refused.version, operator.value.version, 'it is known who asks for the token');
      assert.match(translate(refused.message, english), token === null ? /enter a token/i : /token is not accepted/i);
    }
  });

  it('a certificate that is not trusted is told as that, and trusted with its authority', LIMIT, async (t) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'probe-'));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const pem = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
      algorithm: 'sha256',
      keySize: 2048,
      extensions: [
        { name: 'basicConstraints', cA: true },
        { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
      ],
    });
    const [cert, key] = [path.join(folder, 'cert.pem'), path.join(folder, 'key.pem')];
    await writeFile(cert, pem.cert);
    await writeFile(key, pem.private);
    const service = await RealService.start(t, '--tls-cert', cert, '--tls-key', key);
    assert.deepEqual(failed(await ask(service.url, VIEWER)).remedy, { type: 'authority' });
    assert.ok((await ask(service.url, VIEWER, { ca: [pem.cert] })).ok);
  });

  it('another kind of server is told apart: a page, another JSON, a 404, a 403', LIMIT, async (t) => {
    const page = await fake(t, (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Welcome</h1>'));
    assert.match(translate(failed(await ask(page.url, null)).message, english), /answered with a page instead of data/i);
    const other = await fake(t, (_, response) => json(response, { hello: 'world' }));
    assert.equal(failed(await ask(other.url, null)).kind, 'invalid');
    const missing = await fake(t, (_, response) => flaskError(response, 404, 'Not Found'));
    assert.match(translate(failed(await ask(missing.url, null)).message, english), /no rollout service/i);
    const forbidden = await fake(t, (_, response) => json(response, {}, 403));
    const refused = failed(await ask(forbidden.url, 'x'));
    assert.deepEqual([refused.kind, refused.remedy?.type, refused.version], ['forbidden', 'token', null]);
  });

  it('an address that points elsewhere names where, and the token did not go there', LIMIT, async (t) => {
    const there = await fake(t, (_, response) => json(response, {}));
    const here = await fake(t, (request, response) => response.writeHead(301, { location: `${there.url}${request.url ?? ''}` }).end());
    assert.deepEqual(failed(await ask(here.url, 'secret')).remedy, { type: 'address', origin: there.url });
    assert.deepEqual(there.requests, []);
  });

  it('nobody there, and a cancelled question, end at once', LIMIT, async (t) => {
    const port = await desertedPort();
    assert.equal(failed(await ask(`http://127.0.0.1:${String(port)}`, null)).kind, 'unreachable');
    const end = new AbortController();
    const silent = await fake(t, () => end.abort());
    assert.equal(failed(await ask(silent.url, null, { signal: end.signal })).kind, 'aborted');
  });

  it('what is no version is not taken for one, so that nobody is told that this is the service', LIMIT, async (t) => {
    for (const version of ['[Click](command:x)', '1.0.0 of your bank', '1'.repeat(41), '']) {
      const server = await fake(t, (_, response) => json(response, { status: 'ok', version, releases: [] }));
      const found = await ask(server.url, null);
      assert.ok(found.ok);
      assert.equal(found.value.version, null, version);
    }
  });

  it('who answers is asked without the token', LIMIT, async (t) => {
    const server = await fake(t, (_, response) => json(response, { status: 'ok', version: '9.9.9', releases: [], role: 'viewer' }));
    const found = await ask(server.url, 'secret');
    assert.ok(found.ok);
    assert.deepEqual(found.value, { version: '9.9.9', releases: 0, role: 'viewer' });
    const asked = server.requests.map((request, index) => [request, server.headers[index]?.authorization ?? null]);
    assert.deepEqual(asked.sort(), [
      ['GET /api/v1/releases', 'Bearer secret'],
      ['GET /healthz', null],
    ]);
  });
});
