import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { Worker } from 'node:worker_threads';
import { assess } from '../../../src/analysis/assess.ts';
import { HOUR, evidence, latencies, NOON, release, tally } from './fixtures.ts';

const script = new URL('../../../src/analysis/worker.ts', import.meta.url);

describe('analysis worker', { timeout: 20_000 }, () => {
  it('answers as assess does, by id, and answers a failure with its error and goes on', async () => {
    const worker = new Worker(script);
    try {
      const side = (errors: number) => tally({ requests: 5_000, errors, users: 900, latency: latencies(80, 5_000) });
      const times = Float64Array.from({ length: 360 }, (_, i) => NOON - HOUR + i * 10_000);
      const series = (['stable', 'canary'] as const).map((variant) => ({
        metric: 'errorRate' as const,
        variant,
        unit: 'ratio' as const,
        times,
        values: times.map((_, i) => (variant === 'canary' && i > 300 ? 0.5 : 0.01)),
        counts: times.map(() => 100),
      }));
      const history = { from: NOON - HOUR, to: NOON, stepMs: 10_000, series, changes: [] };
      const input = { release: release(), evidence: evidence(side(10), side(400)), history, at: NOON };
      const ask = async (id: number, what: unknown): Promise<unknown> => {
        worker.postMessage({ id, input: what });
        return ((await once(worker, 'message')) as unknown[])[0];
      };
      const expected = assess(input);
      assert.equal(expected.verdict, 'regressing');
      assert.equal(expected.anomalies.length, 1);
      assert.deepEqual(await ask(1, input), { id: 1, assessment: expected });
      const failed = (await ask(2, { release: null })) as { id: number; error: string };
      assert.equal(failed.id, 2);
      assert.match(failed.error, /TypeError/);
      assert.deepEqual(await ask(3, input), { id: 3, assessment: expected });
    } finally {
      await worker.terminate();
    }
  });
});
