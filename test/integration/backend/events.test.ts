import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { total, type Histogram } from '../../../src/model/histogram.ts';
import { call, createRelease, sendEvents, serve, suiteScope, temporaryFolder, type Started } from './serviceProcess.ts';

interface TallyJson {
  readonly requests: number;
  readonly errors: number;
  readonly clientErrors: number;
  readonly users: number | null;
  readonly predictions: number;
  readonly correct: number;
  readonly ratings: number;
  readonly ratingSum: number;
  readonly latency: Histogram;
  readonly cpu: number | null;
  readonly memoryBytes: number | null;
}
interface EvidenceJson {
  readonly from: number;
  readonly to: number;
  readonly variants: Readonly<Record<'stable' | 'canary', TallyJson>>;
}
interface SeriesJson {
  readonly from: number;
  readonly to: number;
  readonly step: number;
  readonly series: readonly {
    metric: string;
    variant: string;
    unit: string;
    times: number[];
    values: (number | null)[];
    counts: number[];
  }[];
}

describe('events over HTTP', { timeout: 120_000 }, () => {
  const scope = suiteScope();
  let service: Started;
  let ids = 0;
  const newRelease = async (ratio = 0.5): Promise<string> =>
    (await createRelease(service, { id: `events-${String(++ids)}`, name: 'n', service: 's', ratio })).id;
  const evidence = async (id: string, query = ''): Promise<EvidenceJson> =>
    (await call<EvidenceJson>(service, `/api/v1/releases/${id}/evidence${query}`)).body;
  const request = (release: string, id: string, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
    id,
    time: Date.now() - 1000,
    release,
    userId: `user-${id}`,
    kind: 'request',
    status: 200,
    latencyMs: 10,
    ...more,
  });
  before(async () => {
    service = await serve(scope, temporaryFolder(scope));
  });

  it('refuses a batch that is not NDJSON, instead of losing its events', async () => {
    const id = await newRelease();
    for (const type of ['application/json', 'text/plain']) {
      const response = await fetch(`${service.url}/api/v1/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${service.token}`, 'content-type': type },
        body: JSON.stringify([request(id, 'typed')]),
      });
      assert.equal(response.status, 415, type);
      assert.match(await response.text(), /application\/x-ndjson/);
    }
    const packed = await sendEvents(service, [request(id, 'packed')], { 'content-encoding': 'gzip' });
    assert.deepEqual([packed.status, packed.headers['accept-encoding']], [415, 'identity']);
  });

  it('counts an event once, however often it comes, and says which lines it refused and why', async () => {
    const id = await newRelease();
    const first = await sendEvents(service, [
      request(id, 'once-1', { variant: 'canary' }),
      '',
      request(id, 'once-2', { variant: 'stable' }),
    ]);
    assert.deepEqual(first.body, { accepted: 2, duplicate: 0, rejected: [] });
    const again = await sendEvents(service, [
      request(id, 'once-1'),
      request(id, 'once-3', { variant: 'stable', status: 503 }),
      request(id, 'once-3', { variant: 'stable', status: 503 }),
      'not json',
      request('nobody', 'once-4'),
      request(id, 'once-5', { time: Date.now() + 3600_000 }),
      request(id, 'once-6', { userId: null }),
      request(id, 'once-7', { kind: 'prediction' }),
      request(id, 'once-8', { latencyMs: -1 }),
      request(id, 'once-9', { time: Math.floor(Date.now() / 1000) }),
    ]);
    assert.equal(again.body.accepted, 1);
    assert.equal(again.body.duplicate, 2);
    assert.deepEqual(
      again.body.rejected.map(({ line }) => line),
      [4, 5, 6, 7, 8, 9, 10],
    );
    for (const [i, reason] of [/JSON/, /no release "nobody"/, /future/, /variant/, /correct/, /latencyMs/, /milliseconds/].entries()) {
      assert.match(again.body.rejected[i]!.reason, reason);
    }
    const { variants } = await evidence(id);
    assert.deepEqual([variants.canary.requests, variants.stable.requests, variants.stable.errors], [1, 2, 1]);
  });

  it('answers a retried batch as the first time by its Idempotency-Key, and refuses the key for another batch', async () => {
    const id = await newRelease();
    const batch = [request(id, 'idem-1'), request(id, 'idem-2')];
    const key = { 'idempotency-key': 'batch-1' };
    const first = await sendEvents(service, batch, key);
    const retry = await sendEvents(service, batch, key);
    assert.deepEqual(retry.body, first.body);
    assert.deepEqual(first.body, { accepted: 2, duplicate: 0, rejected: [] });
    const other = await sendEvents(service, [request(id, 'idem-3')], key);
    assert.equal(other.status, 422);
  });

  it('assigns events without variant as the assignment does', async () => {
    const id = await newRelease(0.3);
    const users = Array.from({ length: 60 }, (_, i) => `person-${String(i)}`);
    const variants = await Promise.all(
      users.map(
        async (user) =>
          (await call<{ variant: string; bucket: number }>(service, `/api/v1/releases/${id}/assignment?user_id=${user}`)).body,
      ),
    );
    await sendEvents(
      service,
      users.map((userId, i) => request(id, `assigned-${String(i)}`, { userId })),
    );
    const seen = await evidence(id);
    const canary = variants.filter(({ variant }) => variant === 'canary').length;
    assert.ok(canary > 0 && canary < 60);
    assert.ok(variants.every(({ variant, bucket }) => (variant === 'canary') === bucket < 30_000));
    assert.deepEqual([seen.variants.canary.requests, seen.variants.canary.users], [canary, canary]);
  });

  it('shows the interval of 10 users of 100 rightly', async () => {
    const id = await newRelease(0.1);
    await sendEvents(
      service,
      Array.from({ length: 100 }, (_, i) => request(id, `share-${String(i)}`, { variant: i < 10 ? 'canary' : 'stable' })),
    );
    const from = Date.now() - 60_000;
    const { body } = await call<{
      assigned: { canary: number; total: number; interval: { low: number; high: number }; offTarget: boolean | null };
    }>(service, `/api/v1/releases/${id}/evidence?from=${String(from)}`);
    const { canary, total: n, interval, offTarget } = body.assigned;
    assert.deepEqual([canary, n, interval.low.toFixed(4), interval.high.toFixed(4)], [10, 100, '0.0552', '0.1744']);
    assert.equal(offTarget, null, 'the ratio did not hold over the whole window');
  });

  it('keeps 4xx and 499 apart from errors, and knows all five metrics', async () => {
    const id = await newRelease();
    const canary = { variant: 'canary' };
    await sendEvents(service, [
      ...[200, 404, 499, 500, 503, 599].map((status, i) => request(id, `five-${String(i)}`, { ...canary, status, latencyMs: 8 })),
      request(id, 'five-a', { ...canary, kind: 'prediction', correct: true }),
      request(id, 'five-b', { ...canary, kind: 'prediction', correct: false }),
      request(id, 'five-c', { ...canary, kind: 'feedback', rating: 4 }),
      request(id, 'five-d', { ...canary, kind: 'feedback', rating: 5 }),
      request(id, 'five-e', { ...canary, kind: 'resource', cpu: 0.5, memoryBytes: 1000 }),
      request(id, 'five-f', { ...canary, kind: 'resource', cpu: 1.5, memoryBytes: 3000, userId: null }),
    ]);
    const { canary: tally, stable } = (await evidence(id)).variants;
    assert.deepEqual(
      { ...tally, latency: total(tally.latency) },
      {
        requests: 6,
        errors: 3,
        clientErrors: 2,
        users: 11,
        predictions: 2,
        correct: 1,
        ratings: 2,
        ratingSum: 9,
        latency: 6,
        cpu: 1,
        memoryBytes: 2000,
      },
    );
    assert.deepEqual([stable.requests, stable.cpu, stable.latency.counts.length], [0, null, 0]);
    const { body } = await call<SeriesJson>(
      service,
      `/api/v1/releases/${id}/metrics?from=${String(Date.now() - 60_000)}&step=3600&variant=canary`,
    );
    const last = Object.fromEntries(body.series.map(({ metric, values }) => [metric, values.at(-1)]));
    assert.deepEqual([last['errorRate'], last['accuracy'], last['rating'], last['cpu'], last['memory']], [0.5, 0.5, 4.5, 1, 2000]);
    assert.ok(Math.abs(last['latencyP50']! / 8 - 1) < 0.03);
  });

  it('gives series on an aligned grid with null where there is nothing', async () => {
    const id = await newRelease();
    const now = Date.now();
    const at = Math.floor(now / 10_000) * 10_000 - 60_000;
    await sendEvents(
      service,
      [0, 1, 2, 25].map((second, i) => request(id, `grid-${String(i)}`, { variant: 'stable', time: at + second * 1000 })),
    );
    const { body } = await call<SeriesJson>(
      service,
      `/api/v1/releases/${id}/metrics?from=${String(at)}&to=${String(at + 40_000)}&step=10&metric=requests&variant=stable`,
    );
    assert.deepEqual(body, {
      from: at,
      to: at + 40_000,
      step: 10,
      series: [
        {
          metric: 'requests',
          variant: 'stable',
          unit: 'perSecond',
          times: [0, 1, 2, 3].map((i) => at + i * 10_000),
          values: [0.3, 0, 0.1, null],
          counts: [3, 0, 1, 0],
        },
      ],
    });
    // Four response times are too few for an interval of their median: said as null, not left out.
    const medians = await call(
      service,
      `/api/v1/releases/${id}/metrics?from=${String(at)}&to=${String(at + 40_000)}&step=10&metric=latencyP50&variant=stable`,
    );
    const [median] = (medians.body as { readonly series: readonly { readonly low: unknown; readonly high: unknown }[] }).series;
    assert.deepEqual([median?.low, median?.high], [Array(4).fill(null), Array(4).fill(null)]);
    const many = await call(service, `/api/v1/releases/${id}/metrics?from=0&to=${String(now)}&step=3600`);
    assert.equal(many.status, 400);
    for (const query of ['metric=nonsense', 'step=0', 'from=5&to=5', 'from=yesterday', 'variant=both', 'stepp=5']) {
      const wrong = await call(service, `/api/v1/releases/${id}/metrics?${query}`);
      assert.equal(wrong.status, 400, query);
    }
  });

  it('says that users are unknown where no event named one', async () => {
    const id = await newRelease();
    await sendEvents(service, [request(id, 'anon-1', { variant: 'stable', userId: null })]);
    assert.equal((await evidence(id)).variants.stable.users, null);
  });

  it('refuses a batch that is too large', async () => {
    const lines = await sendEvents(service, new Array(50_001).fill('x'));
    assert.equal(lines.status, 413);
    const bytes = await sendEvents(service, ['x'.repeat(9 * 1024 * 1024)]).catch(() => null);
    // The service may hang up before it has read so much.
    assert.ok(bytes === null || bytes.status === 413);
  });

  it('exports what it counted to Prometheus', async () => {
    const id = await newRelease();
    await sendEvents(service, [request(id, 'prom-1', { variant: 'canary', status: 500 })]);
    const { text, headers } = await call(service, '/metrics');
    assert.match(String(headers['content-type']), /^text\/plain; version=0.0.4/);
    assert.ok(text.includes(`rollout_lens_request_errors_total{release="${id}",variant="canary"} 1`));
    assert.ok(text.includes(`rollout_lens_release_ratio{release="${id}"} 0.5`));
    assert.match(text, /^process_resident_memory_bytes \d+/m);
  });
});
