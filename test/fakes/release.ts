import type { Assessment, Verdict } from '../../src/model/assessment.ts';
import { EMPTY_TALLY, type Evidence, type Tally } from '../../src/model/evidence.ts';
import { message } from '../../src/model/message.ts';
import { INTENT_KINDS, keyOf, type Ability, type IntentKind, type Release } from '../../src/model/release.ts';

const CAN: Ability = { can: true };

/** A release in the gray phase at 10 % of users, changed where a test says so. */
export const aRelease = (changes: Partial<Release> = {}): Release => ({
  id: 'fraud-model',
  sourceId: 'svc',
  name: 'fraud-model',
  service: 'fraud',
  phase: 'gray',
  state: 'progressing',
  ratio: { unit: 'users', desired: 0.1, actual: 0.1, since: 1_000_000 },
  steps: [
    { ratio: 0.1, pauseSeconds: null },
    { ratio: 0.2, pauseSeconds: 600 },
    { ratio: 0.5, pauseSeconds: null },
  ],
  stepIndex: 0,
  stateSince: 1_000_000,
  pauseEndsAt: null,
  pauseLeftMs: null,
  versions: { stable: 'v41', canary: 'v42' },
  owner: { kind: 'service', name: 'Built-in service' },
  revision: '7',
  createdAt: 900_000,
  updatedAt: 1_000_000,
  simulated: false,
  abilities: Object.fromEntries(INTENT_KINDS.map((kind) => [kind, CAN])) as Record<IntentKind, Ability>,
  ...changes,
});

export const aTally = (changes: Partial<Tally> = {}): Tally => ({ ...EMPTY_TALLY, requests: 1000, users: 100, ...changes });

export const someEvidence = (changes: Partial<Evidence> = {}): Evidence => ({
  from: 0,
  to: 3_600_000,
  variants: { stable: aTally({ requests: 5400, users: 900 }), canary: aTally({ requests: 600, users: 100 }) },
  ...changes,
});

export const anAssessment = (verdict: Verdict, release: Release = aRelease()): Assessment => ({
  release: keyOf(release),
  at: 3_601_000,
  from: 0,
  to: 3_600_000,
  verdict,
  metrics: [],
  worst: verdict === 'regressing' ? 'errorRate' : null,
  sentence: message('analysis.test'),
  recommendation: null,
  assigned: null,
  anomalies: [],
  caveats: [],
});
