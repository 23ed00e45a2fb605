import assert from 'node:assert/strict';
import { createServer as createHttpServer, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type Socket } from 'node:net';
import { after, describe, it, type TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import { generate } from 'selfsigned';
import { createTransport } from '../../../src/sources/transport.ts';
import type { StreamItem, Transport, TransportOptions } from '../../../src/sources/transportTypes.ts';
import { closer, desertedPort, flaskError, json, listen, serve, type FakeServer } from '../../fakes/httpServer.ts';
import { realClock } from '../../fakes/realClock.ts';
import { recordingLog, until } from '../../fakes/wait.ts';

const LIMIT = { timeout: 15_000 };
const never = new AbortController().signal;
const log = recordingLog();

const transportFor = (t: TestContext, options: Partial<TransportOptions> = {}): Transport => {
  const transport = createTransport({ proxy: null, ca: [], strictSSL: true, log, clock: realClock, ...options });
  t.after(() => transport.dispose());
  return transport;
};
const serverFor = async (t: TestContext, ...args: Parameters<typeof serve>): Promise<FakeServer> => {
  const server = await serve(...args);
  t.after(() => server.close());
  return server;
};

describe('transport: requests', () => {
  it('answers with status, headers and body, whatever the status', LIMIT, async (t) => {
    const server = await serverFor(t, (_request, response) => flaskError(response, 500, 'Internal Server Error'));
    const reply = await transportFor(t).request('GET', `${server.url}/api/monitor`, { signal: never });
    assert.ok(reply.ok);
    assert.equal(reply.value.status, 500);
    assert.match(reply.value.headers['content-type'] ?? '', /text\/html/);
    assert.match(reply.value.body, /<h1>Internal Server Error/);
  });

  it('sends method, headers and the exact body', LIMIT, async (t) => {
    let received = '';
    const server = await serverFor(t, (request, response) => {
      request.setEncoding('utf8').on('data', (part: string) => (received += part));
      request.on('end', () => json(response, { ok: true }));
    });
    const body = '{"ratio":0.25,"reason":"更多用户"}';
    const reply = await transportFor(t).request('PATCH', server.url, {
      body,
      headers: { 'if-match': '"7"', 'content-type': 'application/json' },
      signal: never,
    });
    assert.ok(reply.ok);
    assert.equal(received, body);
    assert.equal(server.headers[0]?.['if-match'], '"7"');
    assert.equal(server.requests[0], 'PATCH /');
  });

  it('tells a refused connection, and that nothing arrived', LIMIT, async (t) => {
    const reply = await transportFor(t).request('POST', `http://127.0.0.1:${await desertedPort()}/x?token=geheim123`, { signal: never });
    assert.ok(!reply.ok);
    assert.equal(reply.error.kind, 'refused');
    assert.equal(reply.error.mayHaveArrived, false);
    assert.doesNotMatch(reply.error.address, /geheim/);
  });

  it('tells a name that does not resolve', LIMIT, async (t) => {
    const reply = await transportFor(t).request('GET', 'http://rollout.invalid/', { signal: never });
    assert.ok(!reply.ok);
    assert.equal(reply.error.kind, 'dns');
    assert.equal(reply.error.mayHaveArrived, false);
  });

  it('tells an address that is none', LIMIT, async (t) => {
    for (const address of ['localhost:8080', 'ftp://localhost/', '', 'http://']) {
      const reply = await transportFor(t).request('GET', address, { signal: never });
      assert.ok(!reply.ok);
      assert.equal(reply.error.kind, 'badUrl', address);
    }
  });

  it('ends a request that gets no answer, and says that it may have arrived', LIMIT, async (t) => {
    const server = await serverFor(t, () => undefined);
    const reply = await transportFor(t).request('PATCH', server.url, { timeoutMs: 80, signal: never });
    assert.ok(!reply.ok);
    assert.deepEqual([reply.error.kind, reply.error.limit, reply.error.mayHaveArrived], ['timeout', 80, true]);
  });

  it('ends a reply that drips forever: the time is for the whole of it', LIMIT, async (t) => {
    const server = await serverFor(t, (_request, response) => {
      const drip = setInterval(() => response.write(' '), 10);
      response.on('close', () => clearInterval(drip));
    });
    const reply = await transportFor(t).request('GET', server.url, { timeoutMs: 120, signal: never });
    assert.ok(!reply.ok);
    assert.equal(reply.error.kind, 'timeout');
  });

  it('ends a reply over the limit, also one that only grows when unpacked', LIMIT, async (t) => {
    const server = await serverFor(t, (request, response) => {
      if (request.url === '/zip') response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(5_000_000)));
      else response.end('x'.repeat(5_000));
    });
    for (const path of ['/plain', '/zip']) {
      const reply = await transportFor(t).request('GET', server.url + path, { maxBytes: 4_000, signal: never });
      assert.ok(!reply.ok, path);
      assert.deepEqual([reply.error.kind, reply.error.limit], ['tooLarge', 4_000], path);
    }
  });

  it('tells an abort from a timeout, before and during the request', LIMIT, async (t) => {
    const transport = transportFor(t);
    const server = await serverFor(t, () => undefined);
    const end = new AbortController();
    const pending = transport.request('GET', server.url, { signal: end.signal });
    await until(() => server.requests.length === 1);
    end.abort();
    const during = await pending;
    const before = await transport.request('GET', server.url, { signal: end.signal });
    for (const reply of [during, before]) {
      assert.ok(!reply.ok);
      assert.equal(reply.error.kind, 'aborted');
    }
    assert.equal(server.requests.length, 1);
  });

  it('says that a write may have arrived when the socket is cut, and does not repeat it', LIMIT, async (t) => {
    const server = await serverFor(t, (request) => request.socket.destroy());
    const reply = await transportFor(t).request('POST', server.url, { body: '{}', signal: never });
    assert.ok(!reply.ok);
    assert.deepEqual([reply.error.kind, reply.error.mayHaveArrived], ['unreachable', true]);
    assert.equal(server.requests.length, 1);
  });

  it('reads once more when a kept connection was cut', LIMIT, async (t) => {
    let cut = true;
    const server = await serverFor(t, (request, response) => {
      if (cut) request.socket.destroy();
      else json(response, {});
      cut = false;
    });
    const reply = await transportFor(t).request('GET', server.url, { signal: never });
    assert.ok(reply.ok);
    assert.equal(server.requests.length, 2);
  });
});

describe('transport: redirects', () => {
  it('follows a read within the origin, with its token', LIMIT, async (t) => {
    const server = await serverFor(t, (request, response) => {
      if (request.url === '/old') response.writeHead(302, { location: '/new' }).end();
      else json(response, { at: request.url });
    });
    const reply = await transportFor(t).request('GET', `${server.url}/old`, {
      headers: { authorization: 'Bearer abc123456' },
      signal: never,
    });
    assert.ok(reply.ok);
    assert.equal(reply.value.body, '{"at":"/new"}');
    assert.equal(server.headers[1]?.authorization, 'Bearer abc123456');
  });

  it('never goes to another origin, where the token does not belong', LIMIT, async (t) => {
    const other = await serverFor(t, (_request, response) => json(response, {}));
    const server = await serverFor(t, (_request, response) => void response.writeHead(302, { location: `${other.url}/login` }).end());
    const reply = await transportFor(t).request('GET', server.url, { headers: { authorization: 'Bearer abc123456' }, signal: never });
    assert.ok(!reply.ok);
    assert.deepEqual([reply.error.kind, reply.error.detail], ['redirect', `${other.url}/login`]);
    assert.deepEqual(other.requests, []);
  });

  it('never repeats a write elsewhere, and ends a circle', LIMIT, async (t) => {
    const server = await serverFor(t, (_request, response) => void response.writeHead(307, { location: '/round' }).end());
    const write = await transportFor(t).request('POST', server.url, { body: '{}', signal: never });
    assert.ok(!write.ok);
    assert.equal(write.error.kind, 'redirect');
    assert.equal(server.requests.length, 1);
    const read = await transportFor(t).request('GET', server.url, { signal: never });
    assert.ok(!read.ok);
    assert.equal(read.error.kind, 'redirect');
  });
});

describe('transport: proxy', () => {
  it('never takes a proxy for loopback, whatever settings and environment say', LIMIT, async (t) => {
    const proxy = await serverFor(t, (_request, response) => flaskError(response, 502, 'Bad Gateway'));
    const server = await serverFor(t, (_request, response) => json(response, { direct: true }));
    const before = { ...process.env };
    Object.assign(process.env, { http_proxy: proxy.url, HTTP_PROXY: proxy.url });
    t.after(() => {
      process.env = before;
    });
    const transport = transportFor(t, { proxy: { url: proxy.url, bypass: [] } });
    for (const host of ['127.0.0.1', 'localhost']) {
      const reply = await transport.request('GET', `http://${host}:${server.port}/`, { signal: never });
      assert.ok(reply.ok);
      assert.equal(reply.value.body, '{"direct":true}', host);
    }
    assert.deepEqual(proxy.requests, []);
  });

  it('asks everything else of the proxy, with its credentials, and masks them', LIMIT, async (t) => {
    const proxy = await serverFor(t, (_request, response) => json(response, { by: 'proxy' }));
    const url = `http://user:s3cret%21pw@127.0.0.1:${proxy.port}`;
    const transport = transportFor(t, { proxy: { url, bypass: ['.internal.example'] } });
    const reply = await transport.request('GET', 'http://rollout.example/api/v1/releases', { signal: never });
    assert.ok(reply.ok);
    assert.deepEqual(proxy.requests, ['GET http://rollout.example/api/v1/releases']);
    assert.equal(proxy.headers[0]?.['proxy-authorization'], `Basic ${Buffer.from('user:s3cret!pw').toString('base64')}`);
    const bypassed = await transport.request('GET', 'http://a.internal.example:1/', { signal: never, timeoutMs: 2_000 });
    assert.ok(!bypassed.ok);
    assert.equal(proxy.requests.length, 1);
    assert.doesNotMatch(log.lines.join('\n'), /s3cret/);
  });

  it('tells a proxy that refuses from a service that does', LIMIT, async (t) => {
    const dead = transportFor(t, { proxy: { url: `127.0.0.1:${await desertedPort()}`, bypass: [] } });
    const asking = await serverFor(t, (_request, response) => void response.writeHead(407).end());
    const locked = transportFor(t, { proxy: { url: asking.url, bypass: [] } });
    for (const transport of [dead, locked]) {
      const reply = await transport.request('POST', 'http://rollout.example/', { signal: never });
      assert.ok(!reply.ok);
      assert.deepEqual([reply.error.kind, reply.error.mayHaveArrived], ['proxy', false]);
    }
  });
});

describe('transport: certificates', async () => {
  const authority = await generate([{ name: 'commonName', value: 'localhost' }], {
    keySize: 2048,
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  const other = await generate([{ name: 'commonName', value: 'elsewhere.example' }], { keySize: 2048, algorithm: 'sha256' });
  const server = createTlsServer({ key: authority.private, cert: authority.cert }, (_request, response) =>
    json(response, { secure: true }),
  );
  const port = await listen(server);
  const close = closer(server);
  after(close);

  it('refuses an authority it does not know, before anything is sent', LIMIT, async (t) => {
    for (const ca of [[], [other.cert]]) {
      const reply = await transportFor(t, { ca }).request('POST', `https://localhost:${port}/`, { signal: never });
      assert.ok(!reply.ok);
      assert.deepEqual(
        [reply.error.kind, reply.error.code, reply.error.mayHaveArrived],
        ['untrusted', 'DEPTH_ZERO_SELF_SIGNED_CERT', false],
      );
    }
  });

  it('takes the authority it was given, and none when told to accept any', LIMIT, async (t) => {
    for (const options of [{ ca: [authority.cert] }, { strictSSL: false }]) {
      const reply = await transportFor(t, options).request('GET', `https://localhost:${port}/`, { signal: never });
      assert.ok(reply.ok);
      assert.equal(reply.value.body, '{"secure":true}');
    }
  });

  it('goes through a proxy by a tunnel: the proxy sees the name, and neither token nor address', LIMIT, async (t) => {
    const pair = await generate([{ name: 'commonName', value: 'rollout.example' }], {
      keySize: 2048,
      algorithm: 'sha256',
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'rollout.example' }] }],
    });
    const target = createTlsServer({ key: pair.private, cert: pair.cert }, (request, response) =>
      json(response, { url: request.url, token: request.headers.authorization }),
    );
    t.after(closer(target));
    const targetPort = await listen(target);
    const seen: string[] = [];
    const proxy = createHttpServer();
    t.after(closer(proxy));
    proxy.on('connect', (request, client: Socket, head: Buffer) => {
      seen.push(`CONNECT ${request.url ?? ''}`, JSON.stringify(request.headers), head.toString('latin1'));
      const server = connect(targetPort, '127.0.0.1', () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n');
        server.pipe(client);
        client.on('data', (data: Buffer) => seen.push(data.toString('latin1'))).pipe(server);
      });
      for (const socket of [client, server]) socket.on('error', () => undefined);
      client.on('close', () => server.destroy());
    });
    const settings = { url: `http://127.0.0.1:${await listen(proxy)}`, bypass: [] };
    const ask = (ca: readonly string[]): ReturnType<Transport['request']> =>
      transportFor(t, { ca, proxy: settings }).request('GET', 'https://rollout.example/secret-path', {
        headers: { authorization: 'Bearer secret-token-1' },
        signal: never,
      });
    const reply = await ask([pair.cert]);
    assert.ok(reply.ok, JSON.stringify(reply));
    assert.deepEqual(JSON.parse(reply.value.body), { url: '/secret-path', token: 'Bearer secret-token-1' });
    assert.equal(seen[0], 'CONNECT rollout.example:443');
    assert.doesNotMatch(seen.join('\n'), /secret/);
    const untrusted = await ask([]);
    assert.ok(!untrusted.ok);
    assert.equal(untrusted.error.kind, 'untrusted');
  });

  it('tells a name that is not in the certificate, and a server that speaks no TLS', LIMIT, async (t) => {
    const plain = await serverFor(t, (_request, response) => json(response, {}));
    const elsewhere = createTlsServer({ key: other.private, cert: other.cert }, (_request, response) => json(response, {}));
    t.after(closer(elsewhere));
    const named = await transportFor(t, { ca: [other.cert] }).request('GET', `https://localhost:${await listen(elsewhere)}/`, {
      signal: never,
    });
    const noTls = await transportFor(t).request('GET', `https://localhost:${plain.port}/`, { signal: never });
    assert.ok(!noTls.ok);
    assert.equal(noTls.error.kind, 'tls');
    assert.ok(!named.ok);
    assert.deepEqual([named.error.kind, named.error.code], ['tls', 'ERR_TLS_CERT_ALTNAME_INVALID']);
  });
});

describe('transport: server-sent events', () => {
  const collect = async (stream: AsyncIterable<StreamItem>): Promise<StreamItem[]> => {
    const items: StreamItem[] = [];
    for await (const item of stream) items.push(item);
    return items;
  };
  const open = (response: ServerResponse): void =>
    void response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' }).write(': open\n\n');

  it('gives events with their names and ids, signs of life, and the loss at the end', LIMIT, async (t) => {
    const server = await serverFor(t, (_request, response) => {
      open(response);
      response.end('id: 4\nevent: release\ndata: {"name":"灰度"}\n\ndata: a\ndata: b\n\n');
    });
    const items = await collect(transportFor(t).events(server.url, { lastEventId: '3', signal: never }));
    assert.equal(server.headers[0]?.['last-event-id'], '3');
    assert.equal(items[0]?.type, 'open');
    const events = items.filter((item) => item.type === 'event');
    assert.deepEqual(
      events.map(({ event, id, data }) => [event, id, data]),
      [
        ['release', '4', '{"name":"灰度"}'],
        ['message', null, 'a\nb'],
      ],
    );
    const last = items.at(-1);
    assert.ok(last?.type === 'lost');
    assert.equal(last.error.kind, 'unreachable');
  });

  it('holds more than any limit of one event: the stream has none', LIMIT, async (t) => {
    const server = await serverFor(t, (_request, response) => {
      open(response);
      for (let i = 0; i < 400; i++) response.write(`data: ${'x'.repeat(900)}\n\n`);
      response.end();
    });
    const items = await collect(transportFor(t).events(server.url, { maxEventBytes: 1_000, signal: never }));
    assert.equal(items.filter((item) => item.type === 'event').length, 400);
  });

  it('ends at an event over the limit, in one piece or in many', LIMIT, async (t) => {
    const server = await serverFor(t, (request, response) => {
      open(response);
      if (request.url === '/one') response.write(`data: ${'x'.repeat(3_000)}\n\n`);
      else for (let i = 0; i < 300; i++) response.write(`data: ${'x'.repeat(10)}\n`);
    });
    for (const path of ['/one', '/many']) {
      const items = await collect(transportFor(t).events(server.url + path, { maxEventBytes: 1_000, signal: never }));
      const last = items.at(-1);
      assert.ok(last?.type === 'lost', path);
      assert.deepEqual([last.error.kind, last.error.limit], ['tooLarge', 1_000], path);
      assert.equal(items.filter((item) => item.type === 'event').length, 0, path);
    }
  });

  it('counts silence as loss, and signs of life as none', LIMIT, async (t) => {
    let beats = 0;
    const server = await serverFor(t, (_request, response) => {
      open(response);
      const beat = setInterval(() => {
        response.write(': \n\n');
        if (++beats === 8) clearInterval(beat);
      }, 30);
      response.on('close', () => clearInterval(beat));
    });
    const items = await collect(transportFor(t).events(server.url, { heartbeatMs: 150, signal: never }));
    const last = items.at(-1);
    assert.ok(last?.type === 'lost');
    assert.deepEqual([last.error.kind, last.error.limit], ['timeout', 150]);
    // 8 beats 30 ms apart outlast 150 ms: without them it would have ended before.
    assert.equal(beats, 8);
  });

  it('gives the answer that is no stream', LIMIT, async (t) => {
    const server = await serverFor(t, (request, response) => {
      if (request.url === '/page') response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Sign in</h1>');
      else json(response, { title: 'Unauthorized' }, 401);
    });
    for (const [path, status] of [
      ['/page', 200],
      ['/denied', 401],
    ] as const) {
      const [first, ...rest] = await collect(transportFor(t).events(server.url + path, { signal: never }));
      assert.ok(first?.type === 'refused');
      assert.equal(first.reply.status, status);
      assert.deepEqual(rest, []);
    }
  });

  it('ends quietly and closes the connection when aborted, or when its reader leaves', LIMIT, async (t) => {
    let closed = 0;
    const server = await serverFor(t, (_request, response) => {
      open(response);
      response.on('close', () => closed++);
    });
    const transport = transportFor(t);
    const end = new AbortController();
    const seen: string[] = [];
    for await (const item of transport.events(server.url, { signal: end.signal })) {
      seen.push(item.type);
      if (item.type === 'heartbeat') end.abort();
    }
    assert.deepEqual(seen, ['open', 'heartbeat']);
    for await (const item of transport.events(server.url, { signal: never })) if (item.type === 'open') break;
    await until(() => closed === 2);
  });
});

describe('transport: what is logged', () => {
  it('never holds a token, even where the server repeats it', LIMIT, async (t) => {
    const token = 'tok_9f8e7d6c5b4a';
    const lines = recordingLog();
    const server = await serverFor(t, (request, response) => {
      if (request.url?.startsWith('/broken') === true) request.socket.end(`HTTP/1.1 200 OK\r\nbad header ${token}\r\n\r\n`);
      else response.writeHead(302, { location: `http://login.example/${token}` }).end();
    });
    const transport = transportFor(t, { log: lines });
    const headers = { Authorization: `Bearer ${token}` };
    const broken = await transport.request('GET', `${server.url}/broken?access_token=${token}`, { headers, signal: never });
    const moved = await transport.request('GET', `${server.url}/moved`, { headers, signal: never });
    assert.ok(!broken.ok && !moved.ok);
    assert.deepEqual([broken.error.kind, moved.error.kind], ['protocol', 'redirect']);
    assert.match(moved.error.detail, /login\.example/);
    assert.doesNotMatch(JSON.stringify([lines.lines, broken, moved]), new RegExp(token));
  });
});
