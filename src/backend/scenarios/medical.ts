import type { Scenario } from './scenario.ts';

/** A triage model of a hospital group: fewer requests, clinicians who come back, most predictions reviewed by a person. */
export const MEDICAL: Scenario = {
  id: 'medical',
  release: {
    id: 'triage-model',
    name: 'Triage model',
    service: 'triage',
    versions: { stable: 'triage-1.14', canary: 'triage-2.0' },
    ratio: 0.1,
    steps: [
      { ratio: 0.1, pauseSeconds: null },
      { ratio: 0.2, pauseSeconds: null },
      { ratio: 0.5, pauseSeconds: null },
    ],
  },
  requestsPerSecond: 26,
  waves: [
    { periodSeconds: 4100, amplitude: 0.14 },
    { periodSeconds: 14_400, amplitude: 0.1 },
  ],
  audience: {
    prefix: 'clinician',
    regulars: 420,
    skew: 0.45,
    regularShare: 0.7,
    visitorPool: 500,
    visitorPopulation: 9_000,
    visitorTurnover: 0.15,
  },
  latency: {
    medianMs: 240,
    sigma: 0.3,
    slowShare: 0.05,
    slowFactor: 2.4,
    tailShare: 0.002,
    tailFrom: 4,
    tailIndex: 1.8,
    maxMs: 30_000,
  },
  errorRate: 0.004,
  clientErrorRate: 0.008,
  labelledShare: 0.7,
  accuracy: 0.934,
  ratedShare: 0.04,
  ratings: [0.02, 0.04, 0.12, 0.4, 0.42],
  cpu: { base: 3.2, perLoad: 1.1, noise: 0.1, drift: 0.08, floor: 0.05 },
  memoryBytes: { base: 6.4e9, perLoad: 1.1e8, noise: 4e7, drift: 9e7, floor: 5e8 },
  resourceEverySeconds: 5,
};
