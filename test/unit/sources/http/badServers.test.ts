import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { describe, it, type TestContext } from 'node:test';
import { createHttpSource } from '../../../../src/sources/http/httpSource.ts';
import type { HttpSourceOptions } from '../../../../src/sources/http/httpSourceTypes.ts';
import { translate } from '../../../../src/platform/translate.ts';
import type { Source, SourceError, SourceSnapshot } from '../../../../src/sources/source.ts';
import { createTransport } from '../../../../src/sources/transport.ts';
import { english } from '../../../fakes/english.ts';
import { flaskError, json, serve, type FakeServer } from '../../../fakes/httpServer.ts';
import { realClock } from '../../../fakes/realClock.ts';
import { recordingLog, until } from '../../../fakes/wait.ts';
import { wireRelease } from '../../../fakes/wireRelease.ts';

const LIMIT = { timeout: 20_000 };

interface Watched {
  readonly server: FakeServer;
  readonly source: Source;
  readonly items: (SourceSnapshot | SourceError)[];
  readonly log: readonly string[];
}

const watch = async (t: TestContext, handler: RequestListener, changes: Partial<HttpSourceOptions> = {}): Promise<Watched> => {
  const server = await serve(handler);
  const log = recordingLog();
  const transport = createTransport({ proxy: null, ca: [], strictSSL: true, log, clock: realClock });
  const source = createHttpSource({
    id: 'svc',
    name: 'Service',
    url: server.url,
    getToken: () => Promise.resolve('secret-token-1'),
    transport,
    clock: realClock,
    pollIntervalMs: 30,
    log,
    actor: null,
    ...changes,
  });
  const end = new AbortController();
  const items: (SourceSnapshot | SourceError)[] = [];
  const reading = (async () => {
    for await (const item of source.watch(end.signal)) items.push(item);
  })();
  t.after(async () => {
    end.abort();
    await reading;
    transport.dispose();
    await server.close();
  });
  return { server, source, items, log: log.lines };
};

const firstError = async (watched: Watched): Promise<SourceError> => {
  const find = (): SourceError | undefined => watched.items.find((item) => item.type === 'error');
  await until(() => find() !== undefined);
  const error = find();
  assert.ok(error);
  return error;
};

const isSnapshot = (item: SourceSnapshot | SourceError | undefined): item is SourceSnapshot => item?.type === 'snapshot';

describe('http source before servers that are not the service', () => {
  const cases: readonly [name: string, handler: RequestListener, kind: string, key: string, detail: RegExp][] = [
    [
      'a 500 page of Flask',
      (_q, response) => flaskError(response, 500, 'Internal Server Error'),
      'server',
      'source.error.server',
      /internal error/,
    ],
    ['a 404 page of Flask', (_q, response) => flaskError(response, 404, 'Not Found'), 'notFound', 'source.error.notFound', /Not Found/],
    [
      'a login page with status 200',
      (_q, response) =>
        void response.writeHead(200, { 'content-type': 'text/html' }).end('<html><script>x()</script><h1>Sign in</h1></html>'),
      'invalid',
      'source.error.notJson',
      /: Sign in$/,
    ],
    ['an empty answer', (_q, response) => void response.writeHead(200).end(), 'invalid', 'source.error.notJson', /releases/],
    ['JSON of something else', (_q, response) => json(response, [1, 2]), 'invalid', 'source.error.invalid', /expected an object/],
    [
      'a release that is none',
      (_q, response) => json(response, { releases: [wireRelease({ ratio: 10 })] }),
      'invalid',
      'source.error.invalid',
      /releases\[0\]\.ratio: expected a number from 0 to 1/,
    ],
    ['a proxy that is overwhelmed', (_q, response) => void response.writeHead(502).end(), 'server', 'source.error.server', /502/],
    [
      'a firewall',
      (_q, response) => json(response, { detail: 'not from here' }, 403),
      'forbidden',
      'source.error.forbidden',
      /not from here/,
    ],
    [
      'a redirect to a login elsewhere',
      (_q, response) => void response.writeHead(302, { location: 'https://login.example/?next=1' }).end(),
      'invalid',
      'source.error.redirect',
      /login\.example/,
    ],
    [
      'a list without end',
      (_q, response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.write('[');
        const block = Buffer.alloc(4 * 1024 * 1024, 32);
        const more = (): void => {
          while (!response.destroyed && response.write(block));
        };
        response.on('drain', more);
        more();
      },
      'tooLarge',
      'source.error.tooLarge',
      /maxContentLength/,
    ],
    ['what is no HTTP', (request) => void request.socket.end('SSH-2.0-OpenSSH_9.2\r\n'), 'unreachable', 'source.error.unreachable', /HPE/],
  ];
  for (const [name, handler, kind, key, detail] of cases) {
    it(`tells ${name}`, LIMIT, async (t) => {
      const watched = await watch(t, handler);
      const error = await firstError(watched);
      assert.deepEqual([error.kind, error.message.key], [kind, key]);
      assert.match(error.detail, detail);
      const text = translate(error.message, english);
      assert.doesNotMatch(text, /[{}]|\/api\//);
      assert.ok(Math.abs(error.at - Date.now()) < 10_000);
      assert.doesNotMatch(JSON.stringify([watched.items, watched.log]), /secret-token-1/);
      // It does not give up.
      await until(() => watched.server.requests.length >= 2);
    });
  }

  it('tells an address in the settings that is none', LIMIT, async (t) => {
    const error = await firstError(await watch(t, () => undefined, { url: 'localhost:8080/x' }));
    assert.deepEqual([error.kind, error.message.key], ['invalid', 'source.error.badUrl']);
  });

  it('tells a secret store that fails, and sends nothing without it', LIMIT, async (t) => {
    const watched = await watch(t, (_q, response) => json(response, { releases: [] }), {
      getToken: () => Promise.reject(new Error('keyring is locked')),
    });
    const error = await firstError(watched);
    assert.deepEqual(
      [error.kind, error.message.key, error.message.args['problem']],
      ['unauthorized', 'source.error.tokenStore', 'keyring is locked'],
    );
    assert.deepEqual(watched.server.requests, []);
  });
});

describe('http source before a newer service', () => {
  it('shows every release it understands, and names the one it does not', LIMIT, async (t) => {
    const odd = wireRelease({ id: 'odd', state: 'hovering' });
    const watched = await watch(t, (_request, response) => json(response, { releases: [odd, wireRelease(), wireRelease({ id: 'b' })] }));
    await until(() => isSnapshot(watched.items[0]));
    const [item] = watched.items;
    assert.ok(isSnapshot(item));
    assert.deepEqual(
      item.releases.map(({ id }) => id),
      ['fraud-model', 'b'],
    );
    assert.deepEqual([item.note?.key, item.note?.args['release'], item.note?.args['unread']], ['source.note.unread', 'odd', 1]);
    assert.match(JSON.stringify(item.note?.args), /state: expected .*hovering/);
    assert.match(watched.log.join('\n'), /release odd of the source svc is not understood/);
  });
});

describe('http source: its stream', () => {
  const service =
    (stream: RequestListener, list: () => unknown = () => ({ releases: [wireRelease()] })): RequestListener =>
    (request, response) => {
      if (request.url?.startsWith('/api/v1/stream') === true) stream(request, response);
      else json(response, list());
    };
  const openStream: RequestListener = (_request, response) =>
    void response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': open\n\n');

  it('falls back to polling when an event is huge, and stays right', LIMIT, async (t) => {
    let ratio = 0.1;
    const watched = await watch(
      t,
      service(
        (request, response) => {
          openStream(request, response);
          response.write(`event: release\ndata: "${'x'.repeat(2_000_000)}"\n\n`);
        },
        () => ({ releases: [wireRelease({ ratio, revision: 7 + ratio })] }),
      ),
    );
    await until(() => watched.items.some((item) => isSnapshot(item) && item.note?.key === 'source.note.pollingAfterLoss'));
    ratio = 0.2;
    await until(() => watched.items.some((item) => isSnapshot(item) && item.releases[0]?.ratio.desired === 0.2));
  });

  for (const status of [401, 500]) {
    it(`stays an error with its date while only the stream lives: ${status}`, LIMIT, async (t) => {
      let broken = false;
      let tell: () => void = () => undefined;
      const watched = await watch(t, (request, response) => {
        if (request.url?.startsWith('/api/v1/stream') === true) {
          openStream(request, response);
          tell = () => response.write(`: heartbeat\n\nevent: measured\ndata: {}\n\n`);
        } else if (broken) json(response, { title: 'no' }, status);
        else json(response, { releases: [wireRelease()] });
      });
      await until(() => watched.items.some((item) => isSnapshot(item) && item.note?.key === 'source.note.live'));
      broken = true;
      watched.source.refresh();
      await until(() => watched.items.at(-1)?.type === 'error');
      const from = watched.items.length;
      const reads = watched.server.requests.length;
      const beat = setInterval(() => tell(), 5);
      t.after(() => clearInterval(beat));
      await until(() => watched.server.requests.length >= reads + 3);
      assert.deepEqual(watched.items.slice(from).filter(isSnapshot), []);
      broken = false;
      await until(() => isSnapshot(watched.items.at(-1)));
    });
  }

  it('is not called live while a proxy holds its content back', LIMIT, async (t) => {
    const watched = await watch(
      t,
      service((_request, response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()),
    );
    await until(() => watched.server.requests.filter((line) => line.endsWith('/releases')).length >= 4);
    assert.ok(watched.items.every((item) => isSnapshot(item) && item.note?.key === 'source.note.polling'));
  });

  it('resumes after the last event it saw, and reads everything anew when told to', LIMIT, async (t) => {
    let connections = 0;
    const watched = await watch(
      t,
      service((request, response) => {
        connections++;
        openStream(request, response);
        if (connections === 1)
          response.end(`id: 41\nevent: release\ndata: ${JSON.stringify(wireRelease({ revision: 8, ratio: 0.3 }))}\n\n`);
        else if (connections === 2) response.write('id: 90\nevent: reset\ndata: {}\n\n');
      }),
      { pollIntervalMs: 200 },
    );
    await until(() => connections >= 2);
    const streams = watched.server.requests.flatMap((line, i) =>
      line.endsWith('/stream') ? [watched.server.headers[i]?.['last-event-id']] : [],
    );
    assert.deepEqual(streams.slice(0, 2), [undefined, '41']);
    const reads = (): number => watched.server.requests.filter((line) => line.endsWith('/releases')).length;
    const before = reads();
    await until(() => reads() > before);
  });

  it('misses nothing that happened between its first read and the stream', LIMIT, async (t) => {
    let ratio = 0.1;
    const watched = await watch(
      t,
      service(
        (request, response) => {
          ratio = 0.2;
          openStream(request, response);
        },
        () => ({ releases: [wireRelease({ ratio, revision: ratio === 0.1 ? 7 : 8 })] }),
      ),
      { pollIntervalMs: 60_000 },
    );
    await until(() => watched.items.some((item) => isSnapshot(item) && item.releases[0]?.ratio.desired === 0.2));
  });

  it('does not let an older answer or event overwrite a newer one', LIMIT, async (t) => {
    const now = { releases: [wireRelease()] };
    const streams: ((changes: Readonly<Record<string, unknown>>) => void)[] = [];
    const held: (() => void)[] = [];
    let hold = false;
    const watched = await watch(
      t,
      (request, response) => {
        if (request.url?.endsWith('/stream') === true) {
          openStream(request, response);
          streams.push((changes) => response.write(`event: release\ndata: ${JSON.stringify(wireRelease(changes))}\n\n`));
        } else if (hold) held.push(() => json(response, now));
        else json(response, now);
      },
      { pollIntervalMs: 60_000 },
    );
    const ratios = (): (number | null | undefined)[] => watched.items.filter(isSnapshot).map(({ releases }) => releases[0]?.ratio.desired);
    const tell = (changes: Readonly<Record<string, unknown>>): void => streams[0]?.(changes);
    /** A read whose answer waits until it is let go. */
    const slowRead = async (): Promise<() => void> => {
      hold = true;
      watched.source.refresh();
      await until(() => held.length === 1);
      hold = false;
      return held.shift() ?? assert.fail();
    };
    // Live, and the read that follows the opening of the stream is over.
    await until(() => watched.server.requests.filter((line) => line.endsWith('/releases')).length === 2 && ratios().length >= 3);

    const old = await slowRead();
    tell({ revision: 9, ratio: 0.4 });
    tell({ revision: 8, ratio: 0.3 });
    await until(() => ratios().at(-1) === 0.4);
    const seen = watched.items.length;
    old();
    await until(() => watched.items.length > seen);
    assert.equal(ratios().at(-1), 0.4);
    assert.ok(!ratios().includes(0.3));

    // The other way round: an event that comes during a read which already knows better.
    const newer = await slowRead();
    tell({ revision: 10, ratio: 0.5 });
    await until(() => ratios().at(-1) === 0.5);
    now.releases = [wireRelease({ revision: 11, ratio: 0.6 })];
    const before = watched.items.length;
    newer();
    await until(() => watched.items.length > before);
    assert.equal(ratios().at(-1), 0.6);
  });

  it('says nothing more once it is aborted, and lets go of its connections', LIMIT, async (t) => {
    let closed = 0;
    const server = await serve(
      service((request, response) => {
        openStream(request, response);
        response.on('close', () => closed++);
      }),
    );
    t.after(() => server.close());
    const log = recordingLog();
    const transport = createTransport({ proxy: null, ca: [], strictSSL: true, log, clock: realClock });
    t.after(() => transport.dispose());
    const common = { id: 'svc', name: 'S', url: server.url, transport, clock: realClock, log, actor: null };
    const source = createHttpSource({ ...common, getToken: () => Promise.resolve(null), pollIntervalMs: 30 });
    const end = new AbortController();
    for await (const item of source.watch(end.signal)) if (isSnapshot(item) && item.note?.key === 'source.note.live') end.abort();
    await until(() => closed === 1);
    // A reader that leaves by itself ends it as well.
    for await (const item of source.watch(new AbortController().signal))
      if (isSnapshot(item) && item.note?.key === 'source.note.live') break;
    await until(() => closed === 2);
  });
});
