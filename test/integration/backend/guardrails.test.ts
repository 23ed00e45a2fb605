import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import {
  call,
  createRelease,
  sendEvents,
  serve,
  suiteScope,
  temporaryFolder,
  until,
  type ReleaseJson,
  type Started,
} from './serviceProcess.ts';

interface Entry {
  readonly action: string;
  readonly actor: string;
  readonly reason: string | null;
}

describe('guardrails', { timeout: 120_000 }, () => {
  const scope = suiteScope();
  let service: Started;
  let batch = 0;
  const requests = async (release: string, count: number, errors: number, variant = 'canary'): Promise<void> => {
    batch += 1;
    const events = Array.from({ length: count }, (_, i) => ({
      id: `${String(batch)}-${String(i)}`,
      time: Date.now(),
      release,
      variant,
      kind: 'request',
      status: i < errors ? 500 : 200,
      latencyMs: 10,
    }));
    assert.equal((await sendEvents(service, events)).body.accepted, count);
  };
  /** The second in which a ratio changed is left out of the evidence: events have to lie after it. */
  const nextSecond = async (id: string): Promise<void> => {
    const { updatedAt } = await read(id);
    await until(
      () => Promise.resolve(Date.now()),
      (now) => now >= Math.ceil(updatedAt / 1000) * 1000 + 5,
    );
  };
  const read = async (id: string): Promise<ReleaseJson> => (await call<ReleaseJson>(service, `/api/v1/releases/${id}`)).body;
  const audit = async (id: string): Promise<readonly Entry[]> =>
    (await call<{ entries: Entry[] }>(service, `/api/v1/audit?release=${id}`)).body.entries;
  const guarded = async (id: string, action: string): Promise<void> => {
    await createRelease(service, {
      id,
      name: 'n',
      service: 's',
      ratio: 0.2,
      steps: [{ ratio: 0.2, pauseSeconds: 600 }, { ratio: 0.5 }],
      guardrails: [{ metric: 'errorRate', limit: 0.05, action, minCount: 50 }],
    });
    await nextSecond(id);
  };
  /** Guardrails are looked at in the order in which events came: once this one is broken, those before were looked at. */
  const guardPass = async (): Promise<void> => {
    batch += 1;
    const id = `sentinel-${String(batch)}`;
    await guarded(id, 'none');
    await requests(id, 50, 50);
    await until(
      () => read(id),
      ({ state }) => state === 'degraded',
    );
  };
  before(async () => {
    service = await serve(scope, temporaryFolder(scope));
  });

  it('degrade a release when the canary breaks one, say why, and let it go on when it is kept again', async () => {
    await guarded('degrade', 'none');
    await requests('degrade', 200, 100, 'stable');
    await requests('degrade', 40, 40);
    await requests('degrade', 9, 0);
    await guardPass();
    assert.equal((await read('degrade')).state, 'progressing', 'the stable does not count, and 49 are too few');
    await requests('degrade', 51, 0);
    const degraded = await until(
      () => read('degrade'),
      ({ state }) => state === 'degraded',
    );
    assert.deepEqual([degraded.ratio, degraded.pauseEndsAt, degraded.phase], [0.2, null, 'gray']);
    const entry = (await audit('degrade')).at(-1);
    assert.deepEqual([entry?.action, entry?.actor], ['degrade', 'service']);
    assert.match(entry?.reason ?? '', /errorRate of the canary is 0\.4 \(100 observations\), above its limit 0\.05/);
    await requests('degrade', 2000, 0);
    const recovered = await until(
      () => read('degrade'),
      ({ state }) => state === 'progressing',
    );
    assert.ok(recovered.pauseEndsAt !== null);
    assert.equal((await audit('degrade')).at(-1)?.action, 'recover');
  });

  it('pause, and look at fresh evidence only after a person resumed', async () => {
    await guarded('pause', 'pause');
    await requests('pause', 100, 50);
    const paused = await until(
      () => read('pause'),
      ({ state }) => state === 'paused',
    );
    assert.deepEqual(
      (await audit('pause')).map(({ action }) => action),
      ['create', 'degrade', 'pause'],
    );
    await call(service, '/api/v1/releases/pause/actions/resume', { method: 'POST', ifMatch: paused.revision });
    await nextSecond('pause');
    await requests('pause', 100, 0);
    await guardPass();
    assert.equal((await read('pause')).state, 'progressing');
  });

  it('abort', async () => {
    await guarded('abort', 'abort');
    await requests('abort', 100, 50);
    const aborted = await until(
      () => read('abort'),
      ({ phase }) => phase === 'rolledBack',
    );
    assert.deepEqual([aborted.state, aborted.ratio], ['aborted', 0]);
    assert.deepEqual((await audit('abort')).map(({ action, actor }) => [action, actor]).at(-1), ['abort', 'service']);
  });
});
