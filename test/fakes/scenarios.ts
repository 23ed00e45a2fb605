import { bucketOfUser, variantOfBucket } from '../../src/backend/domain/assignment.ts';
import { SCENARIOS } from '../../src/backend/scenarios/catalogue.ts';
import type { ScenarioEvent } from '../../src/backend/scenarios/event.ts';
import { generate } from '../../src/backend/scenarios/generate.ts';
import { PLANTED } from '../../src/backend/scenarios/planted.ts';
import type { ScenarioId } from '../../src/backend/scenarios/scenario.ts';
import type { Evidence } from '../../src/model/evidence.ts';
import type { VariantRole } from '../../src/model/release.ts';
import { Rollup, type Observation } from '../../src/model/rollup.ts';
import type { History } from '../../src/model/series.ts';

export interface PlayOptions {
  /** Whether the planted regression takes place. */
  readonly regression: boolean;
  /** Seconds of the scenario, from 0 on. */
  readonly seconds: number;
  /** The planted regression's when absent. */
  readonly seed?: number;
  /** The release's first one when absent. */
  readonly ratio?: number;
}

/** A scenario as counted by the product's own roll-ups. Windows end at a second of the scenario and are whole minutes long by default. */
export interface Played {
  /** Epoch milliseconds of second 0, a full hour. */
  readonly start: number;
  readonly time: (second: number) => number;
  readonly evidence: (toSecond: number, windowSeconds?: number) => Evidence;
  readonly history: (toSecond: number, windowSeconds?: number, stepMs?: number) => History;
}

export const SCENARIO_START = Date.UTC(2026, 0, 5, 9);

export const assignAt =
  (salt: string, ratio: number) =>
  (userId: string): VariantRole =>
    variantOfBucket(bucketOfUser(salt, userId), ratio);

const observationOf = (event: ScenarioEvent): Observation => {
  const { time, variant } = event;
  switch (event.kind) {
    case 'request': {
      const outcome = event.status >= 500 ? 'error' : event.status >= 400 ? 'clientError' : 'ok';
      return { time, variant, userId: event.userId, outcome, latencyMs: event.latencyMs };
    }
    case 'prediction':
      return { time, variant, userId: event.userId, correct: event.correct };
    case 'feedback':
      return { time, variant, userId: event.userId, rating: event.rating };
    case 'resource':
      return { time, variant, cpu: event.cpu, memoryBytes: event.memoryBytes };
  }
};

/** Plays a scenario at a constant ratio into a roll-up; everything before `toSecond` is what a reader would have had then. */
export const playScenario = (id: ScenarioId, { regression, seconds, seed, ratio }: PlayOptions): Played => {
  const scenario = SCENARIOS[id];
  const start = SCENARIO_START;
  const time = (second: number): number => start + second * 1000;
  const rollup = new Rollup(() => time(seconds));
  const assign = assignAt(scenario.release.id, ratio ?? scenario.release.ratio);
  for (const event of generate(scenario, { seed: seed ?? PLANTED[id].seed, from: 0, to: seconds, start, regression, assign })) {
    rollup.add(observationOf(event));
  }
  const from = (toSecond: number, windowSeconds: number): number => time(Math.max(0, toSecond - windowSeconds));
  return {
    start,
    time,
    evidence: (toSecond, windowSeconds = 3600) => rollup.evidence(from(toSecond, windowSeconds), time(toSecond)),
    history: (toSecond, windowSeconds = 3600, stepMs = 60_000) => ({
      from: from(toSecond, windowSeconds),
      to: time(toSecond),
      stepMs,
      series: rollup.history(from(toSecond, windowSeconds), time(toSecond), stepMs),
      changes: [],
    }),
  };
};
