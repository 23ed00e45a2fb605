import assert from 'node:assert/strict';
import { copyFile, mkdtemp, rename, rm, truncate } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ensureNginx } from '../../../scripts/bed/nginx.ts';
import { until } from '../../../scripts/bed/until.ts';
import type { Evidence } from '../../../src/model/evidence.ts';
import { quantile } from '../../../src/model/histogram.ts';
import { findSeries } from '../../../src/model/series.ts';
import { createLogSource } from '../../../src/sources/logs/logSource.ts';
import { decodeLogMapping } from '../../../src/sources/logs/mapping.ts';
import { realClock } from '../../fakes/realClock.ts';
import { isSnapshot, WatchedSource } from '../../fakes/watchedSource.ts';
import { abandon, drive, nothingCounted, type Load } from './drive.ts';
import { startGrayServers, type GrayServers } from './grayServers.ts';
import { startNginx, type NginxServer } from './nginxServer.ts';

const VARIANTS = ['stable', 'canary'] as const;
const USERS = 500;
const RELEASE = 'shop';

const nginx = await ensureNginx();
if ('skip' in nginx) console.log(`skipped: ${nginx.skip}`);

const sorted = (values: readonly number[]): readonly number[] => [...values].sort((a, b) => a - b);

describe('log source on the access log of a real nginx', { skip: 'skip' in nginx ? nginx.skip : false, timeout: 120_000 }, () => {
  let folder: string;
  let servers: GrayServers;
  let server: NginxServer;
  let watched: WatchedSource;
  /** What was started, in order: a failing start leaves nothing behind. */
  const started: (() => Promise<unknown>)[] = [];
  const begun = Date.now() - 60_000;
  const counted = nothingCounted();
  const send = (load: Partial<Load> = {}): Promise<void> =>
    drive({ url: server.url, path: '/checkout', requests: 1500, concurrency: 16, users: USERS, ...load }, counted);

  const evidence = async (): Promise<Evidence> => {
    const answer = await watched.source.evidence({ releaseId: RELEASE, from: begun, to: Date.now() + 60_000 }, watched.signal);
    assert.ok(answer.ok);
    return answer.value;
  };

  /** Waits until as many requests are counted as were sent, and checks that each was counted once and rightly. */
  const agrees = async (abandoned = 0): Promise<void> => {
    const sent = counted.stable.requests + counted.canary.requests + abandoned;
    let seen = 0;
    await until(`${String(sent)} requests`, async () => {
      const { stable, canary } = (await evidence()).variants;
      seen = stable.requests + canary.requests;
      return seen >= sent;
    }).catch((error: unknown) => {
      throw new Error(`${String(seen)} of ${String(sent)} requests were counted`, { cause: error });
    });
    assert.equal(seen, sent, 'no request counts twice');
    const { variants } = await evidence();
    for (const variant of VARIANTS) {
      assert.equal(variants[variant].errors, counted[variant].errors, `errors of ${variant}`);
      assert.equal(variants[variant].users, counted[variant].users.size, `users of ${variant}`);
    }
    assert.equal(
      variants.stable.clientErrors + variants.canary.clientErrors,
      counted.stable.clientErrors + counted.canary.clientErrors + abandoned,
    );
  };

  before(async () => {
    assert.ok('path' in nginx);
    folder = await mkdtemp(path.join(os.tmpdir(), 'rollout-lens-nginx-'));
    started.push(() => rm(folder, { recursive: true, force: true }));
    servers = await startGrayServers(42, { stable: { errors: 0.005, delay: [15, 30] }, canary: { errors: 0.06, delay: [40, 90] } });
    started.push(() => servers.close());
    server = await startNginx(nginx.path, folder, servers.ports, 10);
    started.push(() => server.stop());
    const mapping = decodeLogMapping({
      time: { field: 'msec', unit: 's' },
      variant: { field: 'variant', canary: 'canary' },
      status: { field: 'status' },
      latency: { field: 'request_time', unit: 's' },
      user: { field: 'user' },
      release: { field: 'service' },
    });
    assert.ok(mapping.ok);
    const files = [path.join(folder, 'logs/access.jsonl*')];
    watched = new WatchedSource(createLogSource({ id: 'logs', name: 'nginx', files, mapping: mapping.value, clock: realClock }));
    started.push(() => watched.stop());
  });

  after(async () => {
    for (const stop of started.reverse()) await stop();
  });

  it('counts what the client counted: share, errors, users, response times', async () => {
    await send();
    await send({ path: '/missing', requests: 60 });
    await agrees();
    assert.ok(counted.canary.errors > 0 && counted.canary.clientErrors + counted.stable.clientErrors === 60);

    const total = counted.stable.requests + counted.canary.requests;
    const share = counted.canary.requests / total;
    const snapshot = await watched.item(
      'the observed ratio',
      (item) => isSnapshot(item) && item.releases.some(({ ratio }) => ratio.actual === share),
    );
    assert.ok(isSnapshot(snapshot));
    const [release] = snapshot.releases;
    assert.equal(snapshot.releases.length, 1);
    assert.ok(release);
    assert.deepEqual([release.id, release.phase, release.ratio.unit, release.ratio.desired], [RELEASE, 'gray', 'requests', null]);
    assert.ok(share > 0.05 && share < 0.15, `split_clients gives the canary about 10 %: ${String(share)}`);
    assert.deepEqual(release.abilities.setRatio, { can: false, why: { key: 'logs.cannot.noOwner', args: {} } });

    const { variants } = await evidence();
    for (const variant of VARIANTS) {
      const mine = sorted(counted[variant].latenciesMs);
      for (const p of [0.5, 0.9]) {
        const client = mine[Math.floor(p * mine.length)]!;
        const log = quantile(variants[variant].latency, p);
        // The client waits a little longer than nginx: its own queue and the way on loopback. Nginx counts whole milliseconds.
        assert.ok(
          log < client * 1.05 + 2 && log > client * 0.6 - 5,
          `p${String(p * 100)} of ${variant}: log ${String(log)}, client ${String(client)}`,
        );
      }
    }
  });

  it('draws the share over time', async () => {
    const to = Date.now() + 1000;
    const answer = await watched.source.history({ releaseId: RELEASE, from: begun, to, stepMs: 1000 }, watched.signal);
    assert.ok(answer.ok);
    for (const variant of VARIANTS) {
      const series = findSeries(answer.value, 'requests', variant);
      assert.equal(
        series?.counts.reduce((sum, count) => sum + count, 0),
        counted[variant].requests,
      );
    }
  });

  it('keeps 499 apart: the client went away', async () => {
    for (let i = 0; i < 5; i++) await abandon(server.url, 'user-1');
    await agrees(5);
  });

  it('goes on through a rotation by rename under load, and loses nothing', async () => {
    const load = send();
    const log = server.accessLog;
    await rename(log, `${log}.1`);
    // Nginx writes to the renamed file until it is told.
    await until('requests after the rename', () => counted.stable.requests > 2000);
    server.reopenLogs();
    await load;
    await send({ requests: 300 });
    await agrees(5);
  });

  it('goes on through copytruncate, and counts neither the copy nor the lines before it twice', async () => {
    const log = server.accessLog;
    await send({ requests: 300 });
    // At once, before the last lines can have been followed: they are in the copy only.
    await copyFile(log, `${log}.2`);
    await truncate(log);
    await send({ requests: 300 });
    await agrees(5);
  });
});
