/** What the service does by itself, on a clock that is set back: guardrails must not sleep until it is where it was. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { it } from 'node:test';
import type { Clock } from '../../../src/base/clock.ts';
import { SYSTEM_CLOCK } from '../../../src/backend/clock.ts';
import { Keeper } from '../../../src/backend/keeper.ts';
import { Service, THE_SERVICE } from '../../../src/backend/service.ts';
import { until } from '../../fakes/wait.ts';

it('guardrails go on when the clock is set back by an hour', { timeout: 20_000 }, async (t) => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'rollout-lens-'));
  let now = Date.UTC(2026, 0, 15, 12);
  let looks = 0;
  let passed = 0;
  // The keeper's waits are over at once, and counted.
  const clock: Clock = {
    now: () => now,
    elapsed: () => passed,
    delay: async (ms, signal) => {
      looks++;
      passed += ms;
      await SYSTEM_CLOCK.delay(1, signal);
    },
  };
  const looked = (): Promise<void> => {
    const from = looks;
    return until(() => looks >= from + 2);
  };
  const fault = (error: unknown): void => assert.fail(String(error));
  const service = new Service(path.join(folder, 'rollout.db'), clock, fault);
  const keeper = new Keeper(service, fault);
  t.after(() => {
    keeper.dispose();
    service.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const failing = async (batch: string): Promise<void> => {
    const event = { time: now, release: 'r', variant: 'canary', kind: 'request', status: 500 };
    const lines = Array.from({ length: 100 }, (_, i) => JSON.stringify({ ...event, id: `${batch}${String(i)}` }));
    assert.ok((await service.ingest(new TextEncoder().encode(lines.join('\n')), null)).ok);
  };
  await service.create(
    {
      id: 'r',
      name: 'n',
      service: 's',
      ratio: 0.3,
      steps: [],
      guardrails: [{ metric: 'errorRate', limit: 0.05, action: 'pause', windowSeconds: 600, minCount: 50 }],
      versions: { stable: 'a', canary: 'b' },
      salt: 'r',
      simulated: false,
      metadata: {},
    },
    THE_SERVICE,
  );
  // The keeper has looked at the time before it is set back, and after it.
  await looked();
  now -= 3_600_000;
  await looked();
  now += 2_000;
  await failing('after');
  now += 2_000;
  await until(() => service.find('r')?.state === 'paused');
});
