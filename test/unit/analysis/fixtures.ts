import { EMPTY_TALLY, type Evidence, type Tally } from '../../../src/model/evidence.ts';
import { bucketOf, histogramOf, type Histogram } from '../../../src/model/histogram.ts';
import { INTENT_KINDS, type Ability, type IntentKind, type Release } from '../../../src/model/release.ts';

export const NOON = Date.UTC(2026, 0, 5, 12);
export const HOUR = 3_600_000;

export const abilities = (can: boolean): Readonly<Record<IntentKind, Ability>> =>
  Object.fromEntries(
    INTENT_KINDS.map((kind): [IntentKind, Ability] => [kind, can ? { can } : { can, why: { key: 'test.no', args: {} } }]),
  ) as Record<IntentKind, Ability>;

export const release = (changes: Partial<Release> = {}): Release => ({
  id: 'fraud-model',
  sourceId: 'local',
  name: 'Fraud model',
  service: 'payments',
  phase: 'gray',
  state: 'progressing',
  ratio: { unit: 'users', desired: 0.1, actual: 0.1, since: NOON - 5 * HOUR },
  steps: [
    { ratio: 0.1, pauseSeconds: null },
    { ratio: 0.2, pauseSeconds: null },
  ],
  stepIndex: 0,
  stateSince: null,
  pauseEndsAt: null,
  pauseLeftMs: null,
  versions: { stable: 'v41', canary: 'v42' },
  owner: { kind: 'service', name: 'Built-in service' },
  revision: '7',
  createdAt: null,
  updatedAt: null,
  simulated: false,
  abilities: abilities(true),
  ...changes,
});

/** A log-normal-like spread of response times around `median`, without chance: evenly spaced quantiles. */
export const latencies = (median: number, count: number): Histogram =>
  histogramOf(
    Array.from({ length: count }, (_, i): [number, number] => {
      const p = (i + 0.5) / count;
      return [bucketOf(median * (p / (1 - p)) ** 0.3), 1];
    }),
  );

export const tally = (changes: Partial<Tally> = {}): Tally => ({ ...EMPTY_TALLY, users: null, ...changes });

export const evidence = (stable: Tally, canary: Tally, minutes = 60): Evidence => ({
  from: NOON - minutes * 60_000,
  to: NOON,
  variants: { stable, canary },
});
