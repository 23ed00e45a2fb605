import type { Scenario } from './scenario.ts';

/** A recommender of a shop: many shoppers, a wide audience that changes, ratings, a slower model. */
export const COMMERCE: Scenario = {
  id: 'commerce',
  release: {
    id: 'shop-recommender',
    name: 'Shop recommender',
    service: 'recommendations',
    versions: { stable: 'ranker-2.8', canary: 'ranker-3.0' },
    ratio: 0.1,
    steps: [
      { ratio: 0.05, pauseSeconds: 1200 },
      { ratio: 0.1, pauseSeconds: null },
      { ratio: 0.3, pauseSeconds: null },
      { ratio: 0.6, pauseSeconds: 3600 },
    ],
  },
  requestsPerSecond: 50,
  waves: [
    { periodSeconds: 3300, amplitude: 0.15 },
    { periodSeconds: 10_800, amplitude: 0.12 },
  ],
  audience: {
    prefix: 'shopper',
    regulars: 500,
    skew: 0.5,
    regularShare: 0.3,
    visitorPool: 2200,
    visitorPopulation: 120_000,
    visitorTurnover: 1.2,
  },
  latency: {
    medianMs: 120,
    sigma: 0.38,
    slowShare: 0.06,
    slowFactor: 2.8,
    tailShare: 0.003,
    tailFrom: 5,
    tailIndex: 1.6,
    maxMs: 20_000,
  },
  errorRate: 0.009,
  clientErrorRate: 0.02,
  labelledShare: 0.6,
  accuracy: 0.9,
  ratedShare: 0.03,
  ratings: [0.05, 0.08, 0.2, 0.37, 0.3],
  cpu: { base: 2.4, perLoad: 1.3, noise: 0.08, drift: 0.07, floor: 0.05 },
  memoryBytes: { base: 3.1e9, perLoad: 9e7, noise: 2.5e7, drift: 5e7, floor: 3e8 },
  resourceEverySeconds: 5,
};
