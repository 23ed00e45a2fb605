import type { Scenario } from './scenario.ts';

/** A model that scores card payments for fraud: fast, few clients with much traffic, labels from confirmed cases. */
export const FINANCE: Scenario = {
  id: 'finance',
  release: {
    id: 'fraud-model',
    name: 'Fraud model',
    service: 'payment-scoring',
    versions: { stable: 'fraud-4.2.0', canary: 'fraud-5.0.0' },
    ratio: 0.1,
    steps: [
      { ratio: 0.1, pauseSeconds: null },
      { ratio: 0.25, pauseSeconds: 1800 },
      { ratio: 0.5, pauseSeconds: null },
    ],
  },
  requestsPerSecond: 40,
  waves: [
    { periodSeconds: 2700, amplitude: 0.12 },
    { periodSeconds: 7900, amplitude: 0.1 },
  ],
  audience: {
    prefix: 'account',
    regulars: 600,
    skew: 0.6,
    regularShare: 0.55,
    visitorPool: 1200,
    visitorPopulation: 40_000,
    visitorTurnover: 0.4,
  },
  latency: {
    medianMs: 38,
    sigma: 0.32,
    slowShare: 0.04,
    slowFactor: 3.2,
    tailShare: 0.002,
    tailFrom: 6,
    tailIndex: 1.7,
    maxMs: 10_000,
  },
  errorRate: 0.006,
  clientErrorRate: 0.012,
  labelledShare: 0.35,
  accuracy: 0.962,
  ratedShare: 0.01,
  ratings: [0.03, 0.05, 0.14, 0.36, 0.42],
  cpu: { base: 1.6, perLoad: 0.7, noise: 0.05, drift: 0.04, floor: 0.05 },
  memoryBytes: { base: 1.9e9, perLoad: 4e7, noise: 1.2e7, drift: 3e7, floor: 2e8 },
  resourceEverySeconds: 5,
};
