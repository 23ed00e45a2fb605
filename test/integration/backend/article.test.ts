import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { call, createRelease, sendEvents, serve, suiteScope, temporaryFolder, type Started } from './serviceProcess.ts';

interface ArticleJson {
  readonly status: string;
  readonly message: string;
  readonly release?: string;
  readonly variant?: string;
  readonly verdict?: string;
  readonly anomalies?: readonly { metric: string; severity: string }[];
}

describe("the article's routes", { timeout: 120_000 }, () => {
  const scope = suiteScope();
  let service: Started;
  const form = (userId: string, query = '') =>
    call<ArticleJson>(service, `/api/gray_release${query}`, {
      token: null,
      body: `user_id=${encodeURIComponent(userId)}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
  const monitor = (query = '') => call<ArticleJson>(service, `/api/monitor${query}`, { token: null });
  before(async () => {
    service = await serve(scope, temporaryFolder(scope));
  });

  it('answer fail and normal while there is no gray release, never an error', async () => {
    assert.deepEqual([(await form('1')).status, (await form('1')).body.status], [200, 'fail']);
    assert.deepEqual([(await monitor()).status, (await monitor()).body.status], [200, 'normal']);
    assert.equal((await monitor('?release=none')).body.status, 'normal');
    assert.equal((await form('1', '?release=none')).body.status, 'fail');
  });

  it('assign a share of the users and not the first ones, each the same for ever', async () => {
    await createRelease(service, { id: 'share', name: 'n', service: 's', ratio: 0.1 });
    const users = Array.from({ length: 400 }, (_, i) => String(1000 + i));
    const ask = () => Promise.all(users.map(async (user) => (await form(user)).body.status));
    const first = await ask();
    const successes = first.filter((status) => status === 'success').length;
    // 99.99 % of binomial(400, 0.1) lie within; the sketch would say 10.
    assert.ok(successes >= 19 && successes <= 66, String(successes));
    assert.deepEqual(await ask(), first);
    const json = await Promise.all(
      users
        .slice(0, 50)
        .map(async (user) => (await call<ArticleJson>(service, '/api/gray_release', { token: null, body: { user_id: user } })).body.status),
    );
    assert.deepEqual(json, first.slice(0, 50));
    const number = await call<ArticleJson>(service, '/api/gray_release', { token: null, body: { user_id: 1000 } });
    assert.equal(number.body.status, first[0]);
  });

  it('act on the release that changed last unless one is named', async () => {
    await createRelease(service, { id: 'later', name: 'n', service: 's', ratio: 1 });
    assert.deepEqual([(await form('somebody')).body.status, (await form('somebody')).body.release], ['success', 'later']);
    assert.equal((await form('somebody', '?release=share')).body.release, 'share');
    await call(service, '/api/v1/releases/later/actions/abort', { method: 'POST', ifMatch: 1 });
    assert.equal((await form('somebody')).body.release, 'share');
  });

  it('refuse a missing or empty user with a problem and not with a page', async () => {
    for (const answer of [
      await form(''),
      await call<ArticleJson>(service, '/api/gray_release', { token: null, body: {} }),
      await call<ArticleJson>(service, '/api/gray_release', { token: null, method: 'POST' }),
      await call<ArticleJson>(service, '/api/gray_release', { token: null, body: { user_id: ['a'] } }),
    ]) {
      assert.equal(answer.status, 400);
      assert.match(String(answer.headers['content-type']), /^application\/problem\+json/);
    }
  });

  it('need a token from whoever does not call this machine by a loopback name', async () => {
    const rebound = await call(service, '/api/monitor', { token: null, headers: { host: 'attacker.example' } });
    assert.equal(rebound.status, 401);
    const named = await call(service, '/api/monitor', { token: null, headers: { host: `localhost:${new URL(service.url).port}` } });
    assert.equal(named.status, 200);
  });

  it('monitor what was measured: normal for like variants, an anomaly when the canary fails, whatever the ids are', async () => {
    const traffic = (release: string, canaryErrors: number): unknown[] => {
      const end = Date.now() - 1000;
      return Array.from({ length: 6000 }, (_, i) => {
        const variant = i % 4 === 0 ? 'canary' : 'stable';
        const failed = variant === 'canary' ? (i / 4) % 100 < canaryErrors * 100 : i % 100 === 1;
        return {
          id: `${release}-${String(i)}`,
          time: end - (6000 - i) * 200,
          release,
          variant,
          userId: `alice-${String(i % 700)}`,
          kind: 'request',
          status: failed ? 500 : 200,
          latencyMs: 20 + (i % 7),
        };
      });
    };
    for (const [id, errors, status] of [
      ['calm', 0.01, 'normal'],
      ['wild', 0.2, 'anomaly'],
    ] as const) {
      await createRelease(service, { id, name: 'n', service: 's', ratio: 0.25 });
      assert.equal((await monitor(`?release=${id}`)).body.status, 'normal', 'nothing measured yet');
      assert.equal((await sendEvents(service, traffic(id, errors))).body.accepted, 6000);
      // An answer may be five seconds old.
      await call(service, `/api/v1/releases/${id}`, { method: 'PATCH', body: { ratio: 0.26 }, ifMatch: 1 });
      const answer = await monitor(`?release=${id}`);
      assert.deepEqual([answer.status, answer.body.status], [200, status], answer.text);
    }
  });
});
