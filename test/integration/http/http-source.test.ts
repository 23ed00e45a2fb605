import assert from 'node:assert/strict';
import { writeFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { generate } from 'selfsigned';
import type { Intent } from '../../../src/model/intent.ts';
import type { Release } from '../../../src/model/release.ts';
import { createHttpSource } from '../../../src/sources/http/httpSource.ts';
import type { HttpSourceOptions } from '../../../src/sources/http/httpSourceTypes.ts';
import type { Plan, Source, SourceError, SourceSnapshot } from '../../../src/sources/source.ts';
import { createTransport } from '../../../src/sources/transport.ts';
import type { TransportOptions } from '../../../src/sources/transportTypes.ts';
import { cutBefore, type CuttingProxy } from '../../fakes/cuttingProxy.ts';
import { realClock } from '../../fakes/realClock.ts';
import { recordingLog, until } from '../../fakes/wait.ts';
import { OPERATOR, RealService, VIEWER } from './service.ts';

const LIMIT = { timeout: 60_000 };
const never = new AbortController().signal;

interface Watched {
  readonly source: Source;
  readonly items: (SourceSnapshot | SourceError)[];
  last(): SourceSnapshot | null;
  release(): Release;
  log: readonly string[];
}

type Changes = Partial<HttpSourceOptions> & { readonly token?: string | null; readonly net?: Partial<TransportOptions> };

const watch = (t: TestContext, url: string, { token = OPERATOR, net = {}, ...changes }: Changes = {}): Watched => {
  const log = recordingLog();
  const transport = createTransport({ proxy: null, ca: [], strictSSL: true, log, clock: realClock, ...net });
  const source = createHttpSource({
    id: 'svc',
    name: 'Service',
    url,
    getToken: () => Promise.resolve(token),
    transport,
    clock: realClock,
    pollIntervalMs: 500,
    log,
    actor: '李雷',
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
  });
  const last = (): SourceSnapshot | null => items.findLast((item) => item.type === 'snapshot') ?? null;
  const release = (): Release => {
    const found = last()?.releases[0];
    assert.ok(found, 'a release');
    return found;
  };
  return { source, items, last, release, log: log.lines };
};

const isLive = (watched: Watched): boolean => watched.items.at(-1)?.type === 'snapshot' && watched.last()?.note?.key === 'source.note.live';
const ratioOf = (watched: Watched): number | null | undefined => watched.last()?.releases[0]?.ratio.desired;
const lastError = (watched: Watched): SourceError | undefined => watched.items.findLast((item) => item.type === 'error');

const planned = async (watched: Watched, intent: Intent): Promise<Plan> => {
  const plan = await watched.source.plan(watched.release(), intent, never);
  assert.ok(plan.ok, JSON.stringify(plan));
  return plan.value;
};

const started = async (t: TestContext, changes: Changes = {}): Promise<{ service: RealService; watched: Watched }> => {
  const service = await RealService.start(t);
  await service.create();
  const watched = watch(t, service.url, changes);
  await until(() => watched.last()?.releases.length === 1);
  return { service, watched };
};

describe('http source: what it shows', () => {
  it('shows a release with everything the service knows of it', LIMIT, async (t) => {
    const { watched } = await started(t);
    const release = watched.release();
    assert.deepEqual(
      [release.name, release.service, release.phase, release.ratio.unit, release.ratio.desired, release.ratio.actual, release.stepIndex],
      ['Fraud model', 'payments', 'gray', 'users', 0.1, 0.1, 0],
    );
    assert.deepEqual(release.versions, { stable: 'v41', canary: 'v42' });
    assert.ok(release.abilities.setRatio.can && release.abilities.nextStep.can && release.abilities.abort.can);
    assert.ok(!release.abilities.retry.can);
    assert.ok(Math.abs(Date.now() - (release.ratio.since ?? 0)) < 60_000);
  });

  it('shows what a second client changes at once, by events', LIMIT, async (t) => {
    // Polling would need a minute.
    const { service, watched } = await started(t, { pollIntervalMs: 60_000 });
    await until(() => isLive(watched));
    await service.call('PATCH', '/api/v1/releases/fraud-model', { ratio: 0.3, reason: 'second client' }, { 'if-match': '"1"' });
    await until(() => ratioOf(watched) === 0.3);
    await service.create({ id: 'other' });
    await until(() => watched.last()?.releases.length === 2);
    const sequences = watched.items.flatMap((item) => (item.type === 'snapshot' ? [item.sequence] : []));
    assert.deepEqual(
      sequences,
      [...sequences].sort((a, b) => a - b),
    );
  });

  it('polls where the stream does not come through, and refresh reads at once', LIMIT, async (t) => {
    const service = await RealService.start(t);
    await service.create();
    const proxy = await cutBefore(service.url);
    t.after(() => proxy.close());
    proxy.mode = (line) => (line.includes('/stream') ? 'drop' : 'pass');
    const watched = watch(t, proxy.url, { pollIntervalMs: 60_000 });
    await until(() => watched.last()?.releases.length === 1);
    assert.equal(watched.last()?.note?.key, 'source.note.polling');
    await service.call('PATCH', '/api/v1/releases/fraud-model', { ratio: 0.4 }, { 'if-match': '"1"' });
    watched.source.refresh();
    await until(() => ratioOf(watched) === 0.4);
  });

  it('tells with a date that the service died, and recovers by itself with what happened meanwhile', LIMIT, async (t) => {
    const { service, watched } = await started(t);
    await until(() => isLive(watched));
    const before = Date.now();
    await service.kill();
    // A request that was under way breaks off first; the next one finds nobody.
    await until(() => lastError(watched)?.message.key === 'source.error.refused');
    const error = lastError(watched);
    assert.equal(error?.kind, 'unreachable');
    assert.ok(error.at >= before && error.at <= Date.now());
    await service.start();
    await service.call('PATCH', '/api/v1/releases/fraud-model', { ratio: 0.45 }, { 'if-match': '"1"' });
    await until(() => isLive(watched) && ratioOf(watched) === 0.45);
  });

  it("gives history, changes, evidence and a user's variant", LIMIT, async (t) => {
    const { service, watched } = await started(t);
    const now = Date.now();
    const events = Array.from({ length: 200 }, (_unused, i) => ({
      id: `e${i}`,
      time: now - 5_000 + i * 10,
      release: 'fraud-model',
      variant: i % 10 === 0 ? 'canary' : 'stable',
      userId: `user-${i % 50}`,
      kind: 'request',
      status: i % 20 === 0 ? 500 : 200,
      latencyMs: 10 + (i % 7),
    }));
    await service.events(events);
    await service.call(
      'PATCH',
      '/api/v1/releases/fraud-model',
      { ratio: 0.2, reason: '看起来很好' },
      { 'if-match': '"1"', 'x-actor': 'mei' },
    );
    const range = { releaseId: 'fraud-model', from: now - 60_000, to: now + 60_000 };
    const evidence = await watched.source.evidence(range, never);
    assert.ok(evidence.ok);
    const { stable, canary } = evidence.value.variants;
    assert.deepEqual([stable.requests, stable.errors, canary.requests, canary.errors, canary.users], [180, 0, 20, 10, 5]);
    const history = await watched.source.history({ ...range, stepMs: 10_000 }, never);
    assert.ok(history.ok);
    const requests = history.value.series.find(({ metric, variant }) => metric === 'requests' && variant === 'stable');
    assert.ok(requests);
    const counted = requests.counts.reduce((sum, count) => sum + count, 0);
    assert.equal(counted, 180);
    const change = history.value.changes.at(-1);
    assert.deepEqual([change?.from, change?.to, change?.by, change?.reason, change?.action], [0.1, 0.2, 'mei', '看起来很好', 'setRatio']);
    const assigned = await watched.source.assignment('fraud-model', '张伟', never);
    assert.ok(assigned.ok);
    assert.match(assigned.value.because.key, /^source\.assignment\.(canary|stable)$/);
    assert.equal(assigned.value.because.args['below'], 20_000);
  });

  for (const skewMs of [-300_000, 300_000]) {
    it(`sees the newest measurements on a machine whose clock is off by ${skewMs} ms`, LIMIT, async (t) => {
      const service = await RealService.start(t);
      await service.create({ steps: [{ ratio: 0.1, pauseSeconds: 600 }] });
      const clock = { ...realClock, now: () => Date.now() + skewMs };
      const watched = watch(t, service.url, { clock });
      await until(() => watched.last()?.releases.length === 1);
      const common = { time: Date.now() - 1_000, release: 'fraud-model', variant: 'canary', kind: 'request', status: 200, latencyMs: 5 };
      await service.events(Array.from({ length: 20 }, (_, i) => ({ ...common, id: `e${i}`, userId: `u${i}` })));
      const to = clock.now();
      const evidence = await watched.source.evidence({ releaseId: 'fraud-model', from: to - 60_000, to }, never);
      assert.ok(evidence.ok);
      assert.equal(evidence.value.variants.canary.requests, 20);
      assert.ok(Math.abs(evidence.value.to - to) < 5_000, `${evidence.value.to} against ${to}`);
      const history = await watched.source.history({ releaseId: 'fraud-model', from: to - 60_000, to, stepMs: 1_000 }, never);
      assert.ok(history.ok);
      const counts = history.value.series.find((series) => series.metric === 'requests' && series.variant === 'canary');
      const at = counts?.times[counts.counts.findIndex((count) => count > 0)] ?? 0;
      assert.ok(Math.abs(at - to) < 10_000, `${at} against ${to}`);
      const { pauseEndsAt, createdAt } = watched.release();
      assert.ok(Math.abs((pauseEndsAt ?? 0) - clock.now() - 600_000) < 20_000 && Math.abs((createdAt ?? 0) - clock.now()) < 20_000);
      assert.match(watched.log.join('\n'), /clock of a service is (29\d|30\d) s (ahead of|behind)/);
    });
  }

  it('tells a release that is gone from a service that is', LIMIT, async (t) => {
    const { watched } = await started(t);
    const evidence = await watched.source.evidence({ releaseId: 'nobody', from: 0, to: 1 }, never);
    assert.ok(!evidence.ok);
    assert.deepEqual([evidence.error.kind, evidence.error.message.key], ['notFound', 'source.error.releaseGone']);
  });
});

describe('http source: tokens', () => {
  it('asks for a token when there is none, and says so when it is not accepted', LIMIT, async (t) => {
    const service = await RealService.start(t);
    for (const [token, key] of [
      [null, 'source.error.noToken'],
      ['not-the-token-1', 'source.error.unauthorized'],
    ] as const) {
      const watched = watch(t, service.url, { token });
      await until(() => watched.items.length > 0);
      assert.deepEqual([lastError(watched)?.kind, lastError(watched)?.message.key], ['unauthorized', key]);
      assert.doesNotMatch(JSON.stringify([watched.items, watched.log]), /not-the-token-1/);
    }
  });

  it('tells a viewer before the attempt what cannot be done, and the service refuses it as well', LIMIT, async (t) => {
    const { service, watched } = await started(t, { token: VIEWER });
    const { abilities } = watched.release();
    assert.ok(!abilities.setRatio.can && !abilities.abort.can);
    assert.equal(abilities.setRatio.why.key, 'source.cannot.viewer');
    const refused = await watched.source.plan(watched.release(), { kind: 'setRatio', ratio: 0.2 }, never);
    assert.ok(!refused.ok);
    assert.equal(refused.error.kind, 'unsupported');
    // A plan made before the token lost its right.
    const operator = watch(t, service.url);
    await until(() => operator.last()?.releases.length === 1);
    const plan = await planned(operator, { kind: 'setRatio', ratio: 0.2 });
    const applied = await watched.source.apply(plan, never);
    assert.ok(!applied.ok);
    assert.equal(applied.error.kind, 'forbidden');
  });
});

describe('http source: acts', () => {
  it("carries out every act it offers, in the order of a release's life", LIMIT, async (t) => {
    const { service, watched } = await started(t);
    const act = async (intent: Intent): Promise<Release> => {
      const plan = await planned(watched, intent);
      const receipt = await watched.source.apply(watched.source.withReason(plan, `because of ${intent.kind}`), never);
      assert.ok(receipt.ok, JSON.stringify(receipt));
      await until(() => watched.last()?.releases[0]?.revision === receipt.value.revision);
      return receipt.value.release;
    };
    assert.equal((await act({ kind: 'setRatio', ratio: 0.15 })).ratio.desired, 0.15);
    assert.equal((await act({ kind: 'nextStep' })).ratio.desired, 0.2);
    assert.equal((await act({ kind: 'pause' })).state, 'paused');
    assert.notEqual((await act({ kind: 'resume' })).state, 'paused');
    assert.deepEqual([(await act({ kind: 'jumpToStep', stepIndex: 2 })).stepIndex, watched.release().ratio.desired], [2, 0.5]);
    assert.ok(!watched.release().abilities.nextStep.can);
    assert.equal((await act({ kind: 'promote' })).phase, 'full');
    assert.ok(!watched.release().abilities.setRatio.can);
    assert.equal((await act({ kind: 'rollback' })).phase, 'rolledBack');
    await service.create({ id: 'a-second' });
    await until(() => watched.last()?.releases.length === 2);
    const audit = (await service.call('GET', '/api/v1/audit?release=fraud-model')) as {
      entries: { actor: string; reason: string | null; action: string }[];
    };
    assert.deepEqual(
      audit.entries.slice(1).map(({ actor, reason, action }) => [actor, reason, action]),
      ['setRatio', 'nextStep', 'pause', 'resume', 'jumpToStep', 'promote', 'rollback'].map((kind, i) => [
        '李雷',
        `because of ${kind}`,
        ['setRatio', 'promote', 'pause', 'resume', 'setRatio', audit.entries[6]?.action, 'rollback'][i],
      ]),
    );
  });

  it('previews exactly what the service then receives', LIMIT, async (t) => {
    const { watched } = await started(t);
    const plan = await planned(watched, { kind: 'setRatio', ratio: 0.9 });
    assert.deepEqual([plan.request.method, plan.request.body, plan.request.headers['if-match']], ['PATCH', '{"ratio":0.9}', '"1"']);
    assert.match(plan.request.url, /\/api\/v1\/releases\/fraud-model$/);
    assert.equal(plan.dangerous, true);
    assert.deepEqual(plan.inverse, { kind: 'setRatio', ratio: 0.1 });
  });

  it('counts down by what the service says, also after a stop', LIMIT, async (t) => {
    const service = await RealService.start(t);
    await service.create({ steps: [{ ratio: 0.1, pauseSeconds: 600 }, { ratio: 0.2 }] });
    const watched = watch(t, service.url);
    await until(() => watched.last()?.releases.length === 1);
    const ends = watched.release().pauseEndsAt;
    assert.ok(ends !== null && Math.abs(ends - Date.now() - 600_000) < 20_000, String(ends));
    const paused = await watched.source.apply(await planned(watched, { kind: 'pause' }), never);
    assert.ok(paused.ok);
    const left = paused.value.release.pauseLeftMs;
    assert.deepEqual([paused.value.release.pauseEndsAt, left !== null && left < 600_000], [null, true]);
    await until(() => watched.release().state === 'paused');
    const resume = await planned(watched, { kind: 'resume' });
    const said = resume.consequences.at(-1);
    assert.equal(said?.key, 'source.plan.goesOn');
    const resumed = await watched.source.apply(resume, never);
    assert.ok(resumed.ok && left !== null);
    const again = resumed.value.release.pauseEndsAt;
    assert.ok(again !== null && Math.abs(again - Date.now() - left) < 20_000 && again - (resumed.value.release.stateSince ?? 0) === left);
  });

  it('says beforehand what the service then does by itself', LIMIT, async (t) => {
    const service = await RealService.start(t);
    await service.create({ steps: [{ ratio: 0.1 }, { ratio: 0.2, pauseSeconds: 0.5 }] });
    const watched = watch(t, service.url);
    await until(() => watched.last()?.releases.length === 1);
    const plan = await planned(watched, { kind: 'setRatio', ratio: 0.2 });
    assert.equal(plan.consequences.at(-1)?.key, 'source.plan.goesFull');
    assert.ok((await watched.source.apply(plan, never)).ok);
    await until(() => watched.release().phase === 'full');
  });

  it('undoes a step out of a pause by going back into the pause', LIMIT, async (t) => {
    const service = await RealService.start(t);
    await service.create({ steps: [{ ratio: 0.1, pauseSeconds: 0.6 }, { ratio: 0.2, pauseSeconds: 600 }, { ratio: 0.5 }] });
    await service.call('POST', '/api/v1/releases/fraud-model/actions/pause', {}, { 'if-match': '*' });
    const watched = watch(t, service.url);
    await until(() => watched.last()?.releases[0]?.state === 'paused');
    const before = watched.release();
    const step = await planned(watched, { kind: 'nextStep' });
    assert.ok((await watched.source.apply(step, never)).ok && step.inverse !== null);
    await until(() => watched.release().revision !== before.revision);
    const undo = await planned(watched, step.inverse);
    assert.equal(undo.consequences.at(-1)?.key, 'source.plan.pausedThere');
    const undone = await watched.source.apply(undo, never);
    assert.ok(undone.ok, JSON.stringify(undone));
    const { ratio, state, stepIndex, pauseEndsAt } = undone.value.release;
    assert.deepEqual(
      [ratio.desired, state, stepIndex, pauseEndsAt],
      [before.ratio.desired, before.state, before.stepIndex, before.pauseEndsAt],
    );
    await assert.rejects(
      service.call('PATCH', '/api/v1/releases/fraud-model', { steps: [], paused: true }, { 'if-match': '*' }),
      /400 .*paused/,
    );
  });

  it('refuses with both values when a second client was first', LIMIT, async (t) => {
    const { service, watched } = await started(t);
    const plan = await planned(watched, { kind: 'setRatio', ratio: 0.2 });
    await service.call(
      'PATCH',
      '/api/v1/releases/fraud-model',
      { ratio: 0.35, reason: 'errors rise' },
      { 'if-match': '"1"', 'x-actor': 'mei' },
    );
    const applied = await watched.source.apply(plan, never);
    assert.ok(!applied.ok);
    assert.deepEqual([applied.error.kind, applied.error.expected?.['ratio'], applied.error.current?.['ratio']], ['conflict', 0.1, 0.35]);
    const { key, args } = applied.error.message;
    assert.deepEqual([key, args['actor'], args['reason']], ['source.refusal.conflictByWhy', 'mei', 'errors rise']);
    const { age } = args;
    assert.ok(typeof age === 'object' && age.value >= 0 && age.value < 30, JSON.stringify(age));
    assert.equal(((await service.call('GET', '/api/v1/releases/fraud-model')) as { ratio: number }).ratio, 0.35);
  });

  it('sends with the new revision when that alone moved', LIMIT, async (t) => {
    const { service, watched } = await started(t);
    const plan = await planned(watched, { kind: 'setRatio', ratio: 0.2 });
    await service.call(
      'PATCH',
      '/api/v1/releases/fraud-model',
      { guardrails: [{ metric: 'errorRate', limit: 0.05, action: 'none' }] },
      { 'if-match': '"1"' },
    );
    const applied = await watched.source.apply(plan, never);
    assert.ok(applied.ok, JSON.stringify(applied));
    assert.deepEqual([applied.value.revision, applied.value.release.ratio.desired], ['3', 0.2]);
  });

  it("tells in the service's words what its rules forbid", LIMIT, async (t) => {
    const { service, watched } = await started(t);
    const plan = await planned(watched, { kind: 'abort' });
    await service.call('POST', '/api/v1/releases/fraud-model/actions/abort', {}, { 'if-match': '"1"' });
    const applied = await watched.source.apply(plan, never);
    assert.ok(!applied.ok);
    assert.deepEqual([applied.error.kind, applied.error.current?.['phase']], ['conflict', 'rolledBack']);
  });

  it('says that nothing was sent when the service cannot be reached', LIMIT, async (t) => {
    const { service, watched } = await started(t);
    const plan = await planned(watched, { kind: 'setRatio', ratio: 0.2 });
    await service.kill();
    const applied = await watched.source.apply(plan, never);
    assert.ok(!applied.ok);
    assert.deepEqual([applied.error.kind, applied.error.current], ['unreachable', null]);
    assert.equal(applied.error.message.key, 'source.refusal.unreachable');
  });
});

describe('http source: an act whose answer is lost', () => {
  const behindProxy = async (t: TestContext): Promise<{ service: RealService; proxy: CuttingProxy; watched: Watched; plan: Plan }> => {
    const service = await RealService.start(t);
    await service.create();
    const proxy = await cutBefore(service.url);
    t.after(() => proxy.close());
    const watched = watch(t, proxy.url);
    await until(() => watched.last()?.releases.length === 1);
    return { service, proxy, watched, plan: await planned(watched, { kind: 'setRatio', ratio: 0.2 }) };
  };
  const writes = (proxy: CuttingProxy): number => proxy.firstLines.filter((line) => line.startsWith('PATCH')).length;

  it('is known to have been done when the audit shows it, and is sent once', LIMIT, async (t) => {
    const { service, proxy, watched, plan } = await behindProxy(t);
    proxy.mode = (line) => (line.startsWith('PATCH') ? 'swallow' : 'pass');
    const applied = await watched.source.apply(watched.source.withReason(plan, 'once'), never);
    assert.ok(applied.ok, JSON.stringify(applied));
    assert.deepEqual([applied.value.revision, applied.value.release.ratio.desired, writes(proxy)], ['2', 0.2, 1]);
    assert.equal(((await service.call('GET', '/api/v1/releases/fraud-model')) as { revision: number }).revision, 2);
  });

  it('is told as without effect when the request never arrived, and is not sent again', LIMIT, async (t) => {
    const { service, proxy, watched, plan } = await behindProxy(t);
    proxy.mode = (line) => (line.startsWith('PATCH') ? 'drop' : 'pass');
    const applied = await watched.source.apply(plan, never);
    assert.ok(!applied.ok);
    assert.deepEqual(
      [applied.error.kind, applied.error.message.key, applied.error.current?.['ratio']],
      ['unknownOutcome', 'source.refusal.lostNoEffect', 0.1],
    );
    assert.equal(writes(proxy), 1);
    assert.equal(((await service.call('GET', '/api/v1/releases/fraud-model')) as { revision: number }).revision, 1);
  });

  it('is told as unknown when the service is gone as well', LIMIT, async (t) => {
    const { service, proxy, watched, plan } = await behindProxy(t);
    proxy.mode = (line) => {
      if (!line.startsWith('PATCH')) return 'pass';
      void service.kill();
      return 'swallow';
    };
    const applied = await watched.source.apply(plan, never);
    // Killed before or after its commit: only the first may be told as not done.
    if (!applied.ok)
      assert.deepEqual(
        [applied.error.kind, applied.error.message.key, applied.error.current],
        ['unknownOutcome', 'source.refusal.lostUnknown', null],
      );
    assert.equal(applied.ok, false);
    assert.equal(writes(proxy), 1);
  });
});

describe('http source: TLS and proxy', () => {
  it('says which authority is missing, and works with it', LIMIT, async (t) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'tls-'));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const pair = await generate([{ name: 'commonName', value: 'localhost' }], {
      keySize: 2048,
      algorithm: 'sha256',
      extensions: [
        { name: 'basicConstraints', cA: true },
        { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
      ],
    });
    await writeFile(path.join(folder, 'cert.pem'), pair.cert);
    await writeFile(path.join(folder, 'key.pem'), pair.private);
    const service = await RealService.start(t, '--tls-cert', path.join(folder, 'cert.pem'), '--tls-key', path.join(folder, 'key.pem'));
    assert.match(service.url, /^https:/);
    const without = watch(t, service.url);
    await until(() => without.items.length > 0);
    assert.deepEqual([lastError(without)?.kind, lastError(without)?.message.key], ['unreachable', 'source.error.untrusted']);
    const within = watch(t, service.url, { net: { ca: [pair.cert] } });
    await until(() => isLive(within));
  });

  it('reaches a service on this machine whatever proxy is set', LIMIT, async (t) => {
    const { watched } = await started(t, { net: { proxy: { url: 'http://127.0.0.1:9', bypass: [] } } });
    await until(() => isLive(watched));
    assert.equal(lastError(watched), undefined);
  });
});
