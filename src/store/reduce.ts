import type { Assessment } from '../model/assessment.ts';
import type { Evidence } from '../model/evidence.ts';
import type { Message } from '../model/message.ts';
import { keyOf, type Release, type ReleaseKey } from '../model/release.ts';
import type { History } from '../model/series.ts';
import type { SourceError, SourceKind, SourceSnapshot } from '../sources/source.ts';
import type { PendingRatio, ReleaseState, SourceState, State } from './state.ts';

/** Everything that can happen to the state. Data comes from sources and analysis only; no view or command edits it. */
export type StoreAction =
  | { readonly type: 'sourceAdded'; readonly id: string; readonly kind: SourceKind; readonly name: string; readonly pollIntervalMs: number }
  | { readonly type: 'sourceRemoved'; readonly id: string }
  | { readonly type: 'snapshot'; readonly snapshot: SourceSnapshot; readonly elapsed: number }
  | { readonly type: 'sourceError'; readonly error: SourceError }
  /** Time passed, by both readings of the clock: what has had no news for three poll intervals becomes stale. */
  | { readonly type: 'tick'; readonly now: number; readonly elapsed: number }
  | { readonly type: 'measured'; readonly key: ReleaseKey; readonly evidence: Evidence; readonly history: History }
  /** Measuring or judging it failed at `at`; what was known is kept, and is old from now on. */
  | { readonly type: 'measureFailed'; readonly key: ReleaseKey; readonly at: number; readonly message: Message }
  | { readonly type: 'assessed'; readonly key: ReleaseKey; readonly assessment: Assessment }
  | { readonly type: 'ratioRequested'; readonly key: ReleaseKey; readonly pending: PendingRatio }
  | { readonly type: 'ratioSettled'; readonly key: ReleaseKey }
  | { readonly type: 'builtinFailed'; readonly lastOutput: string }
  | { readonly type: 'builtinRecovered' };

/** A source without news for this many poll intervals is stale. */
const STALE_INTERVALS = 3;

/** How long a requested ratio is shown as wanted without any snapshot that says so. */
export const PENDING_MAX_MS = 60_000;

const updateSource = (state: State, id: string, change: (source: SourceState) => SourceState): State => ({
  ...state,
  sources: state.sources.map((source) => (source.id === id ? change(source) : source)),
});

const updateRelease = (state: State, key: ReleaseKey, change: (release: ReleaseState) => ReleaseState): State => {
  const release = state.releases.get(key);
  if (!release) return state;
  const changed = change(release);
  return changed === release ? state : { ...state, releases: new Map(state.releases).set(key, changed) };
};

/**
 * Since when it regresses: since the worst metric began to be strange on the canary, where that goes on; else since the verdict said so first.
 * It only moves back: the begin of what is strange leaves the window that is looked at while the harm goes on.
 */
const regressingSince = (known: number | null, { verdict, worst, anomalies, at }: Assessment): number | null => {
  if (verdict !== 'regressing') return null;
  const begins = anomalies.filter((anomaly) => anomaly.ongoing && anomaly.variant === 'canary' && anomaly.metric === worst);
  return Math.min(known ?? at, ...begins.map((anomaly) => anomaly.from));
};

/** A pending ratio ends when a snapshot made after it shows it, or anything else that moved the revision, or too much time, or a clock that was set back. */
const settle = (pending: PendingRatio | null, before: Release, after: Release, at: number): PendingRatio | null => {
  if (!pending) return null;
  if (Math.abs(at - pending.at) > PENDING_MAX_MS) return null;
  if (at < pending.at) return pending;
  if (after.ratio.desired === pending.to || after.revision !== before.revision) return null;
  return pending;
};

/**
 * Whether both are one attempt: the same id may be used again by a later one, of which nothing is known yet. A log does not tell when an attempt
 * began: its oldest line goes when files are rotated.
 */
const isSameAttempt = (a: Release, b: Release): boolean => a.owner.kind === 'logs' || a.createdAt === b.createdAt;

const takeSnapshot = (state: State, snapshot: SourceSnapshot, elapsed: number): State => {
  if (!state.sources.some((source) => source.id === snapshot.sourceId)) return state;
  const releases = new Map<ReleaseKey, ReleaseState>();
  for (const [key, known] of state.releases) if (known.release.sourceId !== snapshot.sourceId) releases.set(key, known);
  for (const release of snapshot.releases) {
    const key = keyOf(release);
    const known = state.releases.get(key);
    releases.set(
      key,
      known && isSameAttempt(known.release, release)
        ? { ...known, release, pending: settle(known.pending, known.release, release, snapshot.at) }
        : { key, release, evidence: null, history: null, assessment: null, regressingSince: null, pending: null, measureError: null },
    );
  }
  return updateSource({ ...state, releases }, snapshot.sourceId, (source) => ({
    ...source,
    status: 'connected',
    snapshot,
    error: null,
    lastSuccessAt: snapshot.at,
    lastSuccessElapsed: elapsed,
  }));
};

const withoutSource = (state: State, id: string): State => ({
  ...state,
  sources: state.sources.filter((source) => source.id !== id),
  releases: new Map([...state.releases].filter(([, release]) => release.release.sourceId !== id)),
});

/** A wall clock that is set back hides time that passed, and one that only counts hides the machine's sleep: the longer of both is believed. */
const quietFor = (source: SourceState, now: number, elapsed: number): number =>
  Math.max(now - (source.lastSuccessAt ?? now), elapsed - (source.lastSuccessElapsed ?? elapsed));

const becomesStale = (source: SourceState, now: number, elapsed: number): boolean =>
  source.status === 'connected' && quietFor(source, now, elapsed) > STALE_INTERVALS * source.pollIntervalMs;

/** The state after an action. Pure; answers the same object when nothing changed. */
export const reduce = (state: State, action: StoreAction): State => {
  switch (action.type) {
    case 'sourceAdded': {
      const { id, kind, name, pollIntervalMs } = action;
      const added: SourceState = {
        id,
        kind,
        name,
        pollIntervalMs,
        status: 'connecting',
        snapshot: null,
        error: null,
        lastSuccessAt: null,
        lastSuccessElapsed: null,
      };
      const cleared = withoutSource(state, id);
      return { ...cleared, sources: [...cleared.sources, added] };
    }
    case 'sourceRemoved':
      return withoutSource(state, action.id);
    case 'snapshot':
      return takeSnapshot(state, action.snapshot, action.elapsed);
    case 'sourceError':
      return updateSource(state, action.error.sourceId, (source) => ({ ...source, status: 'failed', error: action.error }));
    case 'tick':
      return state.sources.some((source) => becomesStale(source, action.now, action.elapsed))
        ? {
            ...state,
            sources: state.sources.map((source) =>
              becomesStale(source, action.now, action.elapsed) ? { ...source, status: 'stale' } : source,
            ),
          }
        : state;
    case 'measured':
      return updateRelease(state, action.key, (release) => ({ ...release, evidence: action.evidence, history: action.history }));
    case 'measureFailed':
      return updateRelease(state, action.key, (release) => ({
        ...release,
        measureError: { at: action.at, since: release.measureError?.since ?? action.at, message: action.message },
      }));
    case 'assessed':
      return updateRelease(state, action.key, (release) => ({
        ...release,
        assessment: action.assessment,
        regressingSince: regressingSince(release.regressingSince, action.assessment),
        measureError: null,
      }));
    case 'ratioRequested':
      return updateRelease(state, action.key, (release) => ({ ...release, pending: action.pending }));
    case 'ratioSettled':
      return updateRelease(state, action.key, (release) => (release.pending ? { ...release, pending: null } : release));
    case 'builtinFailed':
      return { ...state, builtinFailure: action.lastOutput };
    case 'builtinRecovered':
      return state.builtinFailure === null ? state : { ...state, builtinFailure: null };
  }
};
