import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { SCENARIOS } from '../../../src/backend/scenarios/catalogue.ts';
import { generate } from '../../../src/backend/scenarios/generate.ts';
import { isScenarioId, SCENARIO_IDS } from '../../../src/backend/scenarios/scenario.ts';
import { countEvent, emptyCounts, type Counts } from '../../../src/backend/simulate/counts.ts';
import type { Report } from '../../../src/backend/simulate/report.ts';
import type { Evidence } from '../../../src/model/evidence.ts';
import { total } from '../../../src/model/histogram.ts';
import { assignAt } from '../../fakes/scenarios.ts';
import { deserted, Service, Simulation, until } from './harness.ts';

interface Shown {
  readonly salt: string;
  readonly ratio: number;
  readonly revision: number;
  readonly simulated: boolean;
  readonly phase: string;
}

const limit = { timeout: 60_000 };
let service: Service;
before(async () => (service = await Service.start()), limit);
after(() => service.close());

const evidence = async (release: string, from: number, to: number): Promise<Evidence> =>
  (await service.call('GET', `/api/v1/releases/${release}/evidence?from=${from}&to=${to}`)).body as Evidence;

const show = async (release: string): Promise<Shown> => (await service.call('GET', `/api/v1/releases/${release}`)).body as Shown;

/** The counts of evidence that the simulator counts too. */
const countsOf = ({ variants }: Evidence) =>
  (['stable', 'canary'] as const).map((variant) => {
    const { requests, errors, clientErrors, predictions, correct, ratings, ratingSum, latency } = variants[variant];
    return { variant, requests, errors, clientErrors, predictions, correct, ratings, ratingSum, latencies: total(latency) };
  });

const sent = (counts: Counts) =>
  (['stable', 'canary'] as const).map((variant) => {
    const { requests, errors, clientErrors, predictions, correct, ratings, ratingSum } = counts[variant];
    return { variant, requests, errors, clientErrors, predictions, correct, ratings, ratingSum, latencies: requests };
  });

type End = Extract<Report, { type: 'end' }>;

/** What a run at a constant ratio must have sent, generated again. */
const expected = async (run: Extract<Report, { type: 'start' }>, seconds: number) => {
  const { salt, ratio } = await show(run.release);
  assert.ok(isScenarioId(run.scenario));
  const counts = emptyCounts();
  const users = { stable: new Set<string>(), canary: new Set<string>() };
  const options = {
    seed: run.seed,
    from: 0,
    to: seconds,
    start: run.start,
    regression: run.regression !== null,
    assign: assignAt(salt, ratio),
  };
  for (const event of generate(SCENARIOS[run.scenario], options)) {
    countEvent(counts, event);
    if (event.kind !== 'resource') users[event.variant].add(event.userId);
  }
  return { counts, users: { stable: users.stable.size, canary: users.canary.size } };
};

const assertCountedAsSent = async (simulation: Simulation): Promise<End> => {
  const run = await simulation.first('start');
  const end = await simulation.first('end');
  const generated = await expected(run, end.seconds);
  assert.deepEqual(end.variants, generated.counts);
  const counted = await evidence(run.release, end.from, end.to);
  assert.deepEqual(countsOf(counted), sent(generated.counts));
  assert.deepEqual({ stable: counted.variants.stable.users, canary: counted.variants.canary.users }, generated.users);
  return end;
};

describe('simulate against the service', () => {
  for (const scenario of SCENARIO_IDS) {
    it(`${scenario}: what the service counted is what was generated`, limit, async () => {
      const simulation = new Simulation(
        service,
        '--scenario',
        scenario,
        '--duration',
        '600',
        '--speed',
        '600',
        '--release',
        `counted-${scenario}`,
      );
      assert.equal(await simulation.ended, 0, simulation.stderr);
      const end = await assertCountedAsSent(simulation);
      assert.equal(end.stopped, 'finished');
      assert.equal(end.seconds, 600);
      assert.ok(end.to <= Date.now(), 'no timestamp lies in the future');
      const release = await show(`counted-${scenario}`);
      assert.equal(release.simulated, true);
      assert.equal(release.ratio, SCENARIOS[scenario].release.ratio);
    });
  }

  it('stops on SIGINT with a summary that is true', limit, async () => {
    const simulation = new Simulation(service, '--scenario', 'finance', '--duration', '3600', '--speed', '30', '--release', 'stopped');
    await simulation.first('progress');
    simulation.kill('SIGINT');
    assert.equal(await simulation.ended, 0, simulation.stderr);
    const end = await assertCountedAsSent(simulation);
    assert.equal(end.stopped, 'interrupted');
    assert.ok(end.seconds > 0 && end.seconds < 3600);
  });

  it('is stopped by the end of its reader', limit, async () => {
    const simulation = new Simulation(service, '--scenario', 'finance', '--release', 'unread', '--backfill', '60', '--speed', '60');
    await simulation.first('start');
    simulation.closeOutput();
    assert.equal(await simulation.ended, 0, simulation.stderr);
  });

  it('ends with the process that holds its input, if it was told to', limit, async () => {
    const simulation = new Simulation(service, '--scenario', 'finance', '--release', 'leashed', '--exit-with-stdin');
    await simulation.first('start');
    simulation.closeInput();
    assert.equal(await simulation.ended, 0, simulation.stderr);
    assert.equal((await simulation.first('end')).stopped, 'interrupted');
  });

  it('loses and doubles nothing while the service is killed and started again', limit, async () => {
    const simulation = new Simulation(service, '--scenario', 'commerce', '--duration', '900', '--speed', '180', '--release', 'survivor');
    const { start } = await simulation.first('start');
    for (let kill = 0; kill < 2; kill++) {
      const before = total((await evidence('survivor', start, Date.now())).variants.stable.latency);
      await until(async () => total((await evidence('survivor', start, Date.now())).variants.stable.latency) > before + 500);
      await service.kill();
      const retries = simulation.all('retry').length;
      await until(() => simulation.all('retry').length > retries);
      await service.start();
    }
    assert.equal(await simulation.ended, 0, simulation.stderr);
    const end = await assertCountedAsSent(simulation);
    assert.ok(end.retries > 0);
    assert.equal(end.rejected, 0);
  });

  it('goes with the service to another port', limit, async () => {
    const simulation = new Simulation(service, '--scenario', 'medical', '--duration', '600', '--speed', '100', '--release', 'mover');
    await simulation.first('progress');
    const before = new URL(service.url);
    await service.kill();
    const squatter = createServer().listen(Number(before.port), before.hostname);
    await once(squatter, 'listening');
    try {
      await service.start();
      assert.notEqual(service.url, before.origin);
      assert.equal(await simulation.ended, 0, simulation.stderr);
      await assertCountedAsSent(simulation);
    } finally {
      squatter.close();
    }
  });

  it('tells a release on where it was: what overlaps is counted once', limit, async () => {
    const args = ['--scenario', 'finance', '--duration', '300', '--speed', '300', '--release', 'continued'];
    const runs = [];
    for (let run = 0; run < 2; run++) {
      const simulation = new Simulation(service, ...args);
      assert.equal(await simulation.ended, 0, simulation.stderr);
      runs.push({ start: await simulation.first('start'), end: await simulation.first('end') });
    }
    const [one, two] = runs;
    assert.ok(one && two);
    assert.equal(two.start.created, false);
    assert.equal(two.start.start, one.start.start);
    assert.ok(two.start.first > 0 && two.end.duplicates > 5000);
    const generated = await expected(one.start, two.start.first + two.end.seconds);
    assert.deepEqual(countsOf(await evidence('continued', one.end.from, two.end.to)), sent(generated.counts));
  });

  it('makes a release of its own after the last one was rolled back', limit, async () => {
    const run = async () => {
      const simulation = new Simulation(service, '--scenario', 'medical', '--duration', '2', '--speed', '2');
      assert.equal(await simulation.ended, 0, simulation.stderr);
      return simulation.first('start');
    };
    assert.equal((await run()).release, 'triage-model');
    assert.equal((await run()).release, 'triage-model');
    const rolledBack = await service.call('POST', '/api/v1/releases/triage-model/actions/rollback', {}, { 'if-match': '*' });
    assert.equal(rolledBack.status, 200);
    const next = await run();
    assert.deepEqual([next.release, next.created, next.phase], ['triage-model-2', true, 'gray']);
  });

  it('follows what an operator does within seconds', limit, async () => {
    const simulation = new Simulation(
      service,
      '--scenario',
      'commerce',
      '--duration',
      '3600',
      '--speed',
      '20',
      '--backfill',
      '1800',
      '--release',
      'steered',
    );
    const { start } = await simulation.first('start');
    const steps = [
      { method: 'PATCH', route: '', body: { ratio: 0.5 }, low: 0.45, high: 0.55 },
      { method: 'POST', route: '/actions/promote', body: { full: true }, low: 1, high: 1 },
      { method: 'POST', route: '/actions/rollback', body: {}, low: 0, high: 0 },
    ];
    for (const [index, { method, route, body, low, high }] of steps.entries()) {
      const { revision } = await show('steered');
      const answer = await service.call(method, `/api/v1/releases/steered${route}`, body, { 'if-match': `"${revision}"` });
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      const asked = Date.now();
      await until(() => simulation.all('release').length > index);
      assert.ok(Date.now() - asked < 3000, `seen after ${Date.now() - asked} ms`);
      // What was under way was made with the old ratio; from here on nothing is.
      const { second } = simulation.all('release')[index]!;
      const from = start + (second + 40) * 1000;
      const share = async () => {
        const { stable, canary } = (await evidence('steered', from, from + 60_000)).variants;
        return { share: canary.requests / (canary.requests + stable.requests), requests: canary.requests + stable.requests };
      };
      await until(async () => (await share()).requests > 2000);
      const seen = (await share()).share;
      assert.ok(seen >= low && seen <= high, `${method} ${route}: ${seen}`);
    }
    simulation.kill('SIGINT');
    assert.equal(await simulation.ended, 0, simulation.stderr);
  });

  it('never feeds a release that is not labelled as simulated', limit, async () => {
    const created = await service.call('POST', '/api/v1/releases', { id: 'real', name: 'Real', service: 'shop', ratio: 0.1 });
    assert.equal(created.status, 201);
    const simulation = new Simulation(service, '--scenario', 'finance', '--release', 'real');
    assert.equal(await simulation.ended, 1);
    assert.match(simulation.stderr, /"real" is not labelled as simulated/);
    const counted = await evidence('real', Date.now() - 3_600_000, Date.now());
    assert.equal(counted.variants.stable.requests + counted.variants.canary.requests, 0);
  });

  it('says plainly that its token is wrong', limit, async () => {
    const simulation = new Simulation({ url: service.url, token: 'nonsense' }, '--scenario', 'finance');
    assert.equal(await simulation.ended, 1);
    assert.match(simulation.stderr, /401/);
  });

  it('gives up an address where nobody answers', limit, async () => {
    const url = await deserted();
    const simulation = new Simulation({ url, token: 'any' }, '--scenario', 'finance');
    assert.equal(await simulation.ended, 1);
    assert.ok(simulation.stderr.includes(`no answer from ${url}: ECONNREFUSED`), simulation.stderr);
  });
});
