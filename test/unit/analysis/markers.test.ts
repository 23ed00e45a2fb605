import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findAnomalies } from '../../../src/analysis/detect/findAnomalies.ts';
import { PLANTED } from '../../../src/backend/scenarios/planted.ts';
import { SCENARIO_IDS, type ScenarioId } from '../../../src/backend/scenarios/scenario.ts';
import type { Anomaly } from '../../../src/model/assessment.ts';
import { HOUR, NOON } from './fixtures.ts';
import { runScenario } from './scenarioRun.ts';

const STEP_MS = 10_000;

/** Every marker that a look a minute showed, as it first was, and the second of that look. */
const markersOf = (scenario: ScenarioId, seed: number, regression: boolean): readonly (readonly [Anomaly, number])[] => {
  const { rollup } = runScenario({ scenario, seed, regression, seconds: 3600 });
  const whole = rollup.history(NOON, NOON + HOUR, STEP_MS);
  const markers = new Map<string, readonly [Anomaly, number]>();
  for (let second = 60; second <= 3600; second += 60) {
    const steps = (second * 1000) / STEP_MS;
    const series = whole.map((of) => ({
      ...of,
      times: of.times.subarray(0, steps),
      values: of.values.subarray(0, steps),
      counts: of.counts.subarray(0, steps),
    }));
    for (const anomaly of findAnomalies({ from: NOON, to: NOON + second * 1000, stepMs: STEP_MS, series, changes: [] })) {
      if (!markers.has(anomaly.id)) markers.set(anomaly.id, [anomaly, second]);
    }
  }
  return [...markers.values()];
};

/** Further seeds than scenarios.test.ts, and sixty looks instead of fifteen. */
describe('markers over an hour of each scenario, looked at every minute', { timeout: 240_000 }, () => {
  for (const scenario of SCENARIO_IDS) {
    it(`${scenario} without its regression: at most one, with each of five seeds`, () => {
      for (const seed of [3, 4, 5, 6, 7]) {
        const markers = markersOf(scenario, seed, false);
        assert.ok(markers.length <= 1, `seed ${seed}: ${markers.map(([{ id }]) => id).join(' ')}`);
      }
    });

    it(`${scenario} with it: the planted metric within five minutes, with each of three seeds`, () => {
      const { metric, second: onset } = PLANTED[scenario];
      for (const seed of [3, 5, 7]) {
        const own = markersOf(scenario, seed, true).filter(([of]) => of.metric === metric && of.variant === 'canary');
        const first = Math.min(...own.map(([, second]) => second));
        assert.ok(first > onset && first <= onset + 300, `seed ${seed}: ${first - onset} s`);
      }
    });
  }
});
