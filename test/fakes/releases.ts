/** States of the store as the sources make them, for tests of what is shown. */
import type { Assessment, MetricAssessment } from '../../src/model/assessment.ts';
import { EMPTY_TALLY, type Evidence } from '../../src/model/evidence.ts';
import { message } from '../../src/model/message.ts';
import { INTENT_KINDS, keyOf, type IntentKind, type Release } from '../../src/model/release.ts';
import type { ReleaseState, SourceState, State } from '../../src/store/state.ts';

export const NOW = Date.UTC(2026, 0, 15, 12, 0, 0);
const MINUTE = 60_000;

export const abilities = (...can: readonly IntentKind[]): Release['abilities'] =>
  Object.fromEntries(
    INTENT_KINDS.map((kind) => [kind, can.includes(kind) ? { can: true } : { can: false, why: message('source.cannot.unsupported') }]),
  ) as Release['abilities'];

export const release = (given: Partial<Release> = {}): Release => ({
  id: 'fraud',
  sourceId: 'prod',
  name: 'fraud-model',
  service: 'fraud',
  phase: 'gray',
  state: 'progressing',
  ratio: { unit: 'users', desired: 0.2, actual: 0.2, since: NOW - 12 * MINUTE },
  steps: [
    { ratio: 0.1, pauseSeconds: 300 },
    { ratio: 0.2, pauseSeconds: 600 },
    { ratio: 0.5, pauseSeconds: null },
  ],
  stepIndex: 1,
  stateSince: NOW - 3 * MINUTE,
  pauseEndsAt: null,
  pauseLeftMs: null,
  versions: { stable: 'v41', canary: 'v42' },
  owner: { kind: 'service', name: 'gray-service' },
  revision: '7',
  createdAt: NOW - 60 * MINUTE,
  updatedAt: NOW - 3 * MINUTE,
  simulated: false,
  abilities: abilities('setRatio', 'nextStep', 'pause', 'rollback'),
  ...given,
});

export const metric = (given: Partial<MetricAssessment> = {}): MetricAssessment => ({
  metric: 'errorRate',
  verdict: 'regressing',
  stable: 0.01,
  canary: 0.031,
  effect: 0.021,
  effectUnit: 'points',
  interval: { low: 0.012, high: 0.03 },
  confidence: 0.999,
  margin: 0.01,
  kind: 'tested',
  counts: { stable: 37_000, canary: 4_120 },
  missing: null,
  sentence: message('analysis.described'),
  ...given,
});

export const assessment = (of: Release, given: Partial<Assessment> = {}): Assessment => ({
  release: keyOf(of),
  at: NOW,
  from: NOW - 60 * MINUTE,
  to: NOW,
  verdict: 'regressing',
  metrics: [metric()],
  worst: 'errorRate',
  sentence: message('analysis.release.noEvidence'),
  recommendation: null,
  assigned: null,
  anomalies: [],
  caveats: [],
  ...given,
});

export const evidence = (): Evidence => ({
  from: NOW - 10 * MINUTE,
  to: NOW,
  variants: {
    stable: { ...EMPTY_TALLY, requests: 32_400, users: 13_770, errors: 320 },
    canary: { ...EMPTY_TALLY, requests: 3_600, users: 1_530, errors: 110 },
  },
});

export const releaseState = (given: Partial<Release> = {}, rest: Partial<ReleaseState> = {}): ReleaseState => {
  const of = release(given);
  return {
    key: keyOf(of),
    release: of,
    evidence: null,
    history: null,
    assessment: null,
    regressingSince: null,
    pending: null,
    measureError: null,
    ...rest,
  };
};

export const sourceState = (given: Partial<SourceState> = {}): SourceState => ({
  id: 'prod',
  kind: 'http',
  name: 'prod-eu',
  pollIntervalMs: 5_000,
  status: 'connected',
  snapshot: {
    type: 'snapshot',
    sourceId: given.id ?? 'prod',
    sequence: 1,
    at: NOW - 2_000,
    releases: [],
    note: message('source.note.live'),
  },
  error: null,
  lastSuccessAt: NOW - 2_000,
  lastSuccessElapsed: 0,
  ...given,
});

export const stateOf = (
  sources: readonly SourceState[],
  releases: readonly ReleaseState[],
  builtinFailure: string | null = null,
): State => ({
  sources,
  releases: new Map(releases.map((item) => [item.key, item])),
  builtinFailure,
});
