import type { PlantedRegression, ScenarioId } from './scenario.ts';

/** The one place that states what is wrong with the canary of each scenario. Tests and docs/scenarios.md read it from here. */
export const PLANTED: Readonly<Record<ScenarioId, PlantedRegression>> = {
  finance: {
    scenario: 'finance',
    seed: 11,
    second: 1200,
    metric: 'errorRate',
    effect: 0.06,
    effectUnit: 'points',
    verdictWithinSeconds: 720,
  },
  commerce: {
    scenario: 'commerce',
    seed: 23,
    second: 1200,
    metric: 'latencyP50',
    effect: 0.6,
    effectUnit: 'relative',
    verdictWithinSeconds: 720,
  },
  medical: {
    scenario: 'medical',
    seed: 37,
    second: 1200,
    metric: 'accuracy',
    effect: -0.12,
    effectUnit: 'points',
    verdictWithinSeconds: 720,
  },
};
