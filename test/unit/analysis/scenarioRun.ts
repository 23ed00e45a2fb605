import { variantOfBucket, bucketOfUser } from '../../../src/backend/domain/assignment.ts';
import { SCENARIOS } from '../../../src/backend/scenarios/catalogue.ts';
import { generate } from '../../../src/backend/scenarios/generate.ts';
import type { ScenarioId } from '../../../src/backend/scenarios/scenario.ts';
import { Rollup } from '../../../src/model/rollup.ts';
import type { RatioChange } from '../../../src/model/series.ts';
import { NOON } from './fixtures.ts';

export interface RunOptions {
  readonly scenario: ScenarioId;
  readonly seed: number;
  readonly seconds: number;
  readonly regression: boolean;
  /** The ratio from a second on; the scenario's own from the start when absent. */
  readonly ratios?: readonly { readonly second: number; readonly ratio: number }[];
}

/** A scenario's events counted as every source counts them, without a service between. Second 0 is `NOON`. */
export const runScenario = ({
  scenario,
  seed,
  seconds,
  regression,
  ratios,
}: RunOptions): { readonly rollup: Rollup; readonly changes: readonly RatioChange[] } => {
  const of = SCENARIOS[scenario];
  const rollup = new Rollup(() => NOON + seconds * 1000);
  const plan = ratios ?? [{ second: 0, ratio: of.release.ratio }];
  for (const [i, { second, ratio }] of plan.entries()) {
    const events = generate(of, {
      seed,
      from: second,
      to: plan[i + 1]?.second ?? seconds,
      start: NOON,
      regression,
      assign: (userId) => variantOfBucket(bucketOfUser(of.release.id, userId), ratio),
    });
    for (const event of events) {
      const { time, variant } = event;
      if (event.kind === 'resource') rollup.add({ time, variant, cpu: event.cpu, memoryBytes: event.memoryBytes });
      else if (event.kind === 'prediction') rollup.add({ time, variant, userId: event.userId, correct: event.correct });
      else if (event.kind === 'feedback') rollup.add({ time, variant, userId: event.userId, rating: event.rating });
      else {
        const outcome = event.status >= 500 ? 'error' : event.status >= 400 ? 'clientError' : 'ok';
        rollup.add({ time, variant, userId: event.userId, outcome, latencyMs: event.latencyMs });
      }
    }
  }
  const changes = plan.slice(1).map(({ second, ratio }, i): RatioChange => {
    return { time: NOON + second * 1000, from: plan[i]?.ratio ?? null, to: ratio, by: null, reason: null, action: 'setRatio' };
  });
  return { rollup, changes };
};
