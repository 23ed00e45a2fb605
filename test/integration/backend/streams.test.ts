import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { before, describe, it } from 'node:test';
import {
  call,
  createRelease,
  readStream,
  sendEvents,
  serve,
  suiteScope,
  temporaryFolder,
  type ReleaseJson,
  type Run,
  type Started,
} from './serviceProcess.ts';

describe('the event stream', { timeout: 120_000 }, () => {
  const scope = suiteScope();
  let folder: string;
  let service: Started & Run;
  let revision = 0;
  const setRatio = async (ratio: number): Promise<void> => {
    const answer = await call<ReleaseJson>(service, '/api/v1/releases/live', { method: 'PATCH', body: { ratio }, ifMatch: revision });
    assert.equal(answer.status, 200, answer.text);
    revision = answer.body.revision;
  };
  const ratios = (events: readonly { event: string; data: string }[]): number[] =>
    events.filter(({ event }) => event === 'release').map(({ data }) => (JSON.parse(data) as ReleaseJson).ratio);

  before(async () => {
    folder = temporaryFolder(scope);
    service = await serve(scope, folder);
    revision = (await createRelease(service, { id: 'live', name: 'n', service: 's', ratio: 0.1 })).revision;
  });

  it('tells every change with the whole release, ids rising', async () => {
    const { events } = await readStream(service, (seen) => seen.length >= 2, {
      onOpen: () => void setRatio(0.2).then(() => setRatio(0.3)),
    });
    assert.deepEqual(ratios(events), [0.2, 0.3]);
    assert.ok(Number(events[0]!.id) < Number(events[1]!.id));
    const shown = await call<ReleaseJson>(service, '/api/v1/releases/live');
    assert.deepEqual(JSON.parse(events[1]!.data), shown.body);
  });

  it('goes on where a client stopped, also after a restart', async () => {
    // A client that saw nothing yet learns where it stands all the same.
    const { lastId } = await readStream(service, (_events, id) => id !== null);
    await setRatio(0.4);
    service.child.kill('SIGKILL');
    await service.exit;
    service = await serve(scope, folder);
    await setRatio(0.5);
    const { events } = await readStream(service, (seen) => seen.length >= 2, { lastEventId: lastId! });
    assert.deepEqual(ratios(events), [0.4, 0.5]);
    const nothing = await readStream(service, (_events, id) => id !== null, { lastEventId: events[1]!.id! });
    assert.deepEqual(nothing.events, []);
  });

  it('asks a client to read anew when it cannot tell what it missed', async () => {
    for (const lastEventId of ['999999', 'garbage', '-5']) {
      const { events } = await readStream(service, (seen) => seen.length >= 1, { lastEventId });
      assert.equal(events[0]!.event, 'reset', lastEventId);
      assert.ok(Number(events[0]!.id) > 0);
    }
  });

  it('asks a client to read anew that missed more than may wait for it, and cuts off one that does not read', async () => {
    const metadata = { note: 'x'.repeat(200_000) };
    let { revision: at } = await createRelease(service, { id: 'large', name: 'n', service: 's', ratio: 0.1, metadata });
    const { lastId } = await readStream(service, (_events, id) => id !== null);
    const deaf = connect(Number(new URL(service.url).port), '127.0.0.1').pause();
    const closed = once(deaf, 'close');
    deaf.on('error', () => undefined);
    deaf.write(`GET /api/v1/stream HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${service.token}\r\n\r\n`);
    for (let i = 0; i < 60; i++) {
      const answer = await call<ReleaseJson>(service, '/api/v1/releases/large', {
        method: 'PATCH',
        body: { ratio: 0.2 + i / 100 },
        ifMatch: at,
      });
      assert.equal(answer.status, 200, answer.text);
      at = answer.body.revision;
    }
    const { events } = await readStream(service, (seen) => seen.length >= 1, { lastEventId: lastId! });
    assert.equal(events[0]!.event, 'reset');
    // 12 MB were sent, more than the sockets of both sides hold; what the service kept of it is gone with the connection.
    deaf.resume();
    await closed;
  });

  it('tells that there are new measurements, at most once a second', async () => {
    let batches = 0;
    const send = (): void => {
      batches += 1;
      void sendEvents(service, [{ id: `m-${String(batches)}`, time: Date.now(), release: 'live', userId: 'u', kind: 'request' }]);
    };
    let timer: NodeJS.Timeout | undefined;
    const started = Date.now();
    const { events } = await readStream(service, (seen) => seen.filter(({ event }) => event === 'measured').length >= 3, {
      onOpen: () => (timer = setInterval(send, 50)),
    });
    clearInterval(timer);
    assert.ok(batches > 10 && Date.now() - started >= 1900);
    const { release, time } = JSON.parse(events[0]!.data) as { release: string; time: number };
    assert.equal(release, 'live');
    assert.ok(Math.abs(time - Date.now()) < 10_000);
    assert.equal((await call<ReleaseJson>(service, '/api/v1/releases/live')).body.revision, revision, 'measurements move no revision');
  });
});
