import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { assess } from '../../../src/analysis/assess.ts';
import { PLANTED } from '../../../src/backend/scenarios/planted.ts';
import { SCENARIO_IDS } from '../../../src/backend/scenarios/scenario.ts';
import type { Assessment } from '../../../src/model/assessment.ts';
import { createHttpSource } from '../../../src/sources/http/httpSource.ts';
import type { Source } from '../../../src/sources/source.ts';
import { createTransport } from '../../../src/sources/transport.ts';
import { realClock } from '../../fakes/realClock.ts';
import { recordingLog } from '../../fakes/wait.ts';
import { Service, Simulation } from './harness.ts';

const limit = { timeout: 60_000 };
const never = new AbortController().signal;
const HOUR = 3_600_000;

describe('simulated traffic, through the service and the source, to a verdict', () => {
  let service: Service;
  let source: Source;
  const log = recordingLog();
  const transport = createTransport({ proxy: null, ca: [], strictSSL: true, log, clock: realClock });

  before(async () => {
    service = await Service.start();
    source = createHttpSource({
      id: 'svc',
      name: 'Service',
      url: service.url,
      getToken: () => Promise.resolve(service.token),
      transport,
      clock: realClock,
      pollIntervalMs: 500,
      log,
      actor: 'test',
    });
  }, limit);
  after(async () => {
    transport.dispose();
    await service.close();
  });

  /** What a person sees who opens the release now. */
  const assessed = async (releaseId: string): Promise<Assessment> => {
    const end = new AbortController();
    let release;
    for await (const item of source.watch(end.signal)) {
      release = item.type === 'snapshot' ? item.releases.find(({ id }) => id === releaseId) : undefined;
      end.abort();
    }
    assert.ok(release, `${releaseId} is in the source's snapshot`);
    assert.equal(release.simulated, true);
    const at = Date.now();
    const range = { releaseId, from: at - HOUR, to: at };
    const [evidence, history] = await Promise.all([source.evidence(range, never), source.history({ ...range, stepMs: 10_000 }, never)]);
    assert.ok(evidence.ok && history.ok);
    return assess({ release, evidence: evidence.value, history: history.value, at });
  };

  for (const scenario of SCENARIO_IDS) {
    // Each without its regression, over several seeds, is in the unit tests of the analysis; here one is enough.
    for (const regression of scenario === 'finance' ? [true, false] : [true]) {
      it(`${scenario}, ${regression ? 'with' : 'without'} its regression`, limit, async () => {
        const id = `${scenario}-${regression ? 'bad' : 'good'}`;
        const args = ['--scenario', scenario, '--duration', '3300', '--backfill', '3300', '--speed', '10000', '--release', id];
        const simulation = new Simulation(service, ...args, ...(regression ? [] : ['--no-regression']));
        assert.equal(await simulation.ended, 0, simulation.stderr);
        const { verdict, worst, anomalies, caveats, assigned } = await assessed(id);
        assert.equal(verdict, regression ? 'regressing' : 'healthy');
        assert.equal(worst, regression ? PLANTED[scenario].metric : null);
        // Made just now and fed from before: its ratio held for all that was counted.
        assert.equal(assigned?.offTarget, false);
        assert.ok(caveats.every(({ key }) => !key.startsWith('analysis.caveat.ratio')));
        if (!regression) {
          assert.ok(anomalies.length <= 1, JSON.stringify(anomalies));
          return;
        }
        const { start } = await simulation.first('start');
        const onset = start + PLANTED[scenario].second * 1000;
        const marker = anomalies.find(({ metric, variant }) => metric === worst && variant === 'canary');
        assert.ok(marker, 'the regression is marked');
        assert.ok(Math.abs(marker.from - onset) < 300_000, `marked ${(marker.from - onset) / 1000} s after its onset`);
      });
    }
  }
});
