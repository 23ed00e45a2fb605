import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterEach, describe, it } from 'node:test';
import { ServiceClient, type Call } from '../../../src/backend/simulate/client.ts';
import type { ScenarioEvent } from '../../../src/backend/scenarios/event.ts';
import { Endpoint } from '../../../src/backend/simulate/endpoint.ts';
import { Sender } from '../../../src/backend/simulate/sender.ts';

const limit = { timeout: 20_000 };
const BATCH: Call = { method: 'POST', path: '/api/v1/events', headers: { 'idempotency-key': 'k' }, body: '{"id":1}', accept: [200] };

interface Seen {
  readonly path: string;
  readonly key: string | undefined;
  readonly token: string | undefined;
  readonly body: string;
}

type Behaviour = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server | null = null;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A server that behaves as told, request after request, the last behaviour for all that follow. */
const behaving = async (...behaviours: readonly Behaviour[]) => {
  const seen: Seen[] = [];
  const listening = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      const behave = behaviours[Math.min(seen.length, behaviours.length - 1)];
      const key = request.headers['idempotency-key'];
      seen.push({ path: request.url ?? '', key: typeof key === 'string' ? key : undefined, token: request.headers.authorization, body });
      behave?.(request, response);
    });
  }).listen(0, '127.0.0.1');
  server = listening;
  await once(listening, 'listening');
  const address = listening.address();
  assert.ok(address !== null && typeof address === 'object');
  return { url: `http://127.0.0.1:${address.port}`, seen };
};

const answer =
  (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Behaviour =>
  (_, response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
const hangUp: Behaviour = (request) => request.socket.destroy();
const halfAnswer: Behaviour = (request, response) => {
  response.writeHead(200, { 'content-length': '100' });
  response.write('{"acc');
  setImmediate(() => request.socket.destroy());
};

const client = (url: string, retried: string[] = [], patienceMs = 10_000): ServiceClient =>
  new ServiceClient({ endpoint: new Endpoint(url, 't', null), patienceMs, onRetry: (detail) => retried.push(detail) });

describe('the client of the service', () => {
  it('sends the very same batch under the same key when the answer was lost', limit, async () => {
    const { url, seen } = await behaving(hangUp, halfAnswer, answer(200, { accepted: 1 }));
    const retried: string[] = [];
    const result = await client(url, retried).call(BATCH, new AbortController().signal);
    assert.deepEqual(result, { ok: true, value: { status: 200, body: { accepted: 1 } } });
    assert.deepEqual(seen, new Array(3).fill({ path: '/api/v1/events', key: 'k', token: 'Bearer t', body: '{"id":1}' }));
    assert.equal(retried.length, 2);
  });

  it('waits as the service asks', limit, async () => {
    const { url, seen } = await behaving(answer(503, { title: 'Starting' }, { 'retry-after': '1' }), answer(200, null));
    const since = Date.now();
    const retried: string[] = [];
    assert.ok((await client(url, retried).call(BATCH, new AbortController().signal)).ok);
    assert.ok(Date.now() - since >= 990);
    assert.equal(seen.length, 2);
    assert.deepEqual(retried, ['503 Starting']);
  });

  it('does not repeat what the service refuses, and tells why in its words', limit, async () => {
    const { url, seen } = await behaving(answer(403, { title: 'Forbidden', detail: 'The token may only read.' }));
    const result = await client(url).call(BATCH, new AbortController().signal);
    assert.deepEqual(result, { ok: false, error: { kind: 'refused', status: 403, detail: '403 The token may only read.' } });
    assert.equal(seen.length, 1);
  });

  it('takes the token nowhere else', limit, async () => {
    const { url, seen } = await behaving(answer(307, null, { location: '/elsewhere' }));
    const result = await client(url).call({ method: 'GET', path: BATCH.path, accept: [200] }, new AbortController().signal);
    assert.ok(!result.ok && result.error.kind === 'refused');
    assert.deepEqual(
      seen.map(({ path }) => path),
      ['/api/v1/events'],
    );
  });

  it('gives up after its patience', limit, async () => {
    const { url } = await behaving(hangUp);
    const result = await client(url, [], 300).call(BATCH, new AbortController().signal);
    assert.ok(!result.ok && result.error.kind === 'gaveUp');
  });

  it('stops waiting at once when told to, and lets a POST under way end', limit, async () => {
    const stop = new AbortController();
    const waiting = await behaving(answer(503, null, { 'retry-after': '5' }));
    const since = Date.now();
    const result = await new ServiceClient({
      endpoint: new Endpoint(waiting.url, null, null),
      patienceMs: 60_000,
      onRetry: () => stop.abort(),
    }).call(BATCH, stop.signal);
    assert.ok(!result.ok && result.error.kind === 'aborted');
    assert.ok(Date.now() - since < 3000);

    server?.closeAllConnections();
    server?.close();
    const late = new AbortController();
    const slow = await behaving((request, response) => {
      late.abort();
      answer(200, 'counted')(request, response);
    });
    assert.deepEqual(await client(slow.url).call(BATCH, late.signal), { ok: true, value: { status: 200, body: 'counted' } });
  });
});

describe('the sender', () => {
  const event = (id: string, variant: 'stable' | 'canary'): ScenarioEvent => ({
    id,
    time: 1,
    release: 'r',
    variant,
    kind: 'request',
    userId: `user-${id}`,
    status: id === 'b' ? 503 : 200,
    latencyMs: 1,
  });
  const batch = [event('a', 'stable'), event('b', 'canary'), event('c', 'canary')];
  const reason = 'there is no room';

  it('counts what the service took, and not the lines it rejected', limit, async () => {
    const { url, seen } = await behaving(answer(200, { accepted: 1, duplicate: 1, rejected: [{ line: 3, reason }] }));
    const told: string[] = [];
    const sender = new Sender(client(url), (count, why) => told.push(`${count} ${why}`));
    assert.deepEqual(await sender.send('key', batch, new AbortController().signal), { ok: true, value: null });
    const { events, duplicates, rejected, users } = sender;
    assert.deepEqual({ events, duplicates, rejected, users }, { events: 2, duplicates: 1, rejected: 1, users: 2 });
    assert.deepEqual([sender.variants.stable.requests, sender.variants.canary.requests, sender.variants.canary.errors], [1, 1, 1]);
    assert.deepEqual(told, [`1 ${reason}`]);
    assert.deepEqual(
      seen[0]?.body.split('\n').map((line) => JSON.parse(line) as unknown),
      batch,
    );
  });

  it('gives up when the service takes nothing, with its reason', limit, async () => {
    const { url } = await behaving(answer(200, { accepted: 0, duplicate: 0, rejected: batch.map((_, at) => ({ line: at + 1, reason })) }));
    const sender = new Sender(client(url), () => undefined);
    assert.deepEqual(await sender.send('key', batch, new AbortController().signal), {
      ok: false,
      error: { kind: 'refused', status: null, detail: reason },
    });
  });

  it('does not take an answer it does not understand for a success', limit, async () => {
    const { url } = await behaving(answer(200, { ok: true }));
    const sent = await new Sender(client(url), () => undefined).send('key', batch, new AbortController().signal);
    assert.ok(!sent.ok && sent.error.kind === 'refused');
    assert.match(sent.error.detail, /\$\.accepted: expected an integer/);
  });
});
