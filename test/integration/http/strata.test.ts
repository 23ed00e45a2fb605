import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assess } from '../../../src/analysis/assess.ts';
import { ok } from '../../../src/base/result.ts';
import { releaseKey } from '../../../src/model/release.ts';
import { Monitor } from '../../../src/platform/monitor.ts';
import { createHttpSource } from '../../../src/sources/http/httpSource.ts';
import { createTransport } from '../../../src/sources/transport.ts';
import { Store } from '../../../src/store/store.ts';
import { realClock } from '../../fakes/realClock.ts';
import { recordingLog, until } from '../../fakes/wait.ts';
import { call, createRelease, sendEvents, serve, temporaryFolder } from '../backend/serviceProcess.ts';

const ID = 'raised';

describe('a real service whose ratio was raised while errors rose on both sides', () => {
  it('is compared within each stretch: no alarm, where the whole hour would have made one', { timeout: 60_000 }, async (t) => {
    const service = await serve(t, temporaryFolder(t));
    const { revision } = await createRelease(service, { id: ID, name: 'n', service: 's', ratio: 0.05 });
    let ids = 0;
    const requests = async (variant: string, count: number, errors: number): Promise<void> => {
      const time = Date.now();
      const events = Array.from({ length: count }, (_, i) => {
        const [id, userId] = [`e${String(++ids)}`, `${variant}-${String(i % 100)}`];
        return { id, time, release: ID, variant, userId, kind: 'request', status: i < errors ? 500 : 200, latencyMs: 10 };
      });
      const { status, body } = await sendEvents(service, events);
      assert.deepEqual([status, body.accepted], [200, count]);
    };
    await requests('stable', 1900, 2);
    await requests('stable', 1900, 2);
    await requests('canary', 200, 0);
    const raised = await call<{ updatedAt: number }>(service, `/api/v1/releases/${ID}`, {
      method: 'PATCH',
      body: { ratio: 0.5 },
      ifMatch: revision,
    });
    assert.equal(raised.status, 200);
    // Sources count in whole seconds: the one in which the ratio moved belongs to the ratio before.
    const next = Math.ceil(raised.body.updatedAt / 1000) * 1000;
    await until(() => Date.now() > next);
    await requests('stable', 2000, 120);
    await requests('canary', 2000, 120);

    const log = recordingLog();
    const transport = createTransport({ proxy: null, ca: [], strictSSL: true, log, clock: realClock });
    const store = new Store();
    const monitor = new Monitor({ store, clock: realClock, log, assessor: { assess: (input) => Promise.resolve(ok(assess(input))) } });
    t.after(() => {
      monitor.dispose();
      transport.dispose();
    });
    monitor.attach(
      createHttpSource({
        id: 'svc',
        name: 'Service',
        url: service.url,
        getToken: () => Promise.resolve(service.token),
        transport,
        clock: realClock,
        pollIntervalMs: 500,
        log,
        actor: 'test',
      }),
    );
    const state = () => store.state.releases.get(releaseKey('svc', ID));
    await until(() => state()?.evidence?.variants.canary.requests === 2200 && state()?.assessment !== null);
    const { release, evidence, history, assessment } = state()!;
    assert.deepEqual(
      evidence?.strata?.map(({ variants: { stable, canary } }) => [stable.requests, stable.errors, canary.requests, canary.errors]),
      [
        [3800, 4, 200, 0],
        [2000, 120, 2000, 120],
      ],
    );
    assert.equal(assess({ release, evidence: { ...evidence, strata: [] }, history, at: Date.now() }).worst, 'errorRate');
    assert.notEqual(assessment!.verdict, 'regressing');
    assert.ok(assessment!.caveats.some(({ key }) => key === 'analysis.caveat.ratioChanged'));
  });
});
