import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { message } from '../../../src/model/message.ts';
import { keyOf, type Release } from '../../../src/model/release.ts';
import type { SourceSnapshot } from '../../../src/sources/source.ts';
import { PENDING_MAX_MS, reduce, type StoreAction } from '../../../src/store/reduce.ts';
import { EMPTY_STATE, type State } from '../../../src/store/state.ts';
import { Store } from '../../../src/store/store.ts';
import { anAssessment, aRelease, someEvidence } from '../../fakes/release.ts';

const POLL = 5_000;
const snapshot = (at: number, releases: readonly Release[], sourceId = 'svc'): SourceSnapshot => ({
  type: 'snapshot',
  sourceId,
  sequence: at,
  at,
  releases,
  note: null,
});
const added = (id = 'svc'): StoreAction => ({ type: 'sourceAdded', id, kind: 'http', name: id, pollIntervalMs: POLL });
const after = (...actions: readonly StoreAction[]): State => actions.reduce(reduce, EMPTY_STATE);
const take = (at: number, ...releases: readonly Release[]): StoreAction => ({
  type: 'snapshot',
  snapshot: snapshot(at, releases),
  elapsed: at,
});
const KEY = keyOf(aRelease());

describe('reduce', () => {
  it('takes a release out when a later snapshot no longer has it, and leaves other sources alone', () => {
    const other = aRelease({ sourceId: 'other' });
    const before = after(added(), added('other'), take(1, aRelease()), {
      type: 'snapshot',
      snapshot: snapshot(1, [other], 'other'),
      elapsed: 1,
    });
    assert.equal(before.releases.size, 2);
    const now = reduce(before, take(2));
    assert.deepEqual([...now.releases.keys()], [keyOf(other)]);
  });

  it('ignores a snapshot of a source that was removed', () => {
    const state = after(added(), { type: 'sourceRemoved', id: 'svc' });
    assert.equal(reduce(state, take(1, aRelease())), state);
  });

  it('keeps what was measured when the next snapshot comes', () => {
    const state = after(
      added(),
      take(1, aRelease()),
      { type: 'measured', key: KEY, evidence: someEvidence(), history: { from: 0, to: 1, stepMs: 1, series: [], changes: [] } },
      { type: 'assessed', key: KEY, assessment: anAssessment('regressing') },
      take(2, aRelease({ state: 'waiting' })),
    );
    const release = state.releases.get(KEY);
    assert.equal(release?.release.state, 'waiting');
    assert.equal(release.assessment?.verdict, 'regressing');
    assert.ok(release.evidence);
  });

  it('knows nothing yet of a new attempt that has the id of the last one; a log is one attempt whichever its oldest line is', () => {
    const next = (owner: Release['owner']) => {
      const before = aRelease({ createdAt: 1, owner });
      const state = after(
        added(),
        take(1, before),
        { type: 'measured', key: KEY, evidence: someEvidence(), history: { from: 0, to: 1, stepMs: 1, series: [], changes: [] } },
        { type: 'assessed', key: KEY, assessment: anAssessment('regressing') },
        take(2, { ...before, createdAt: 2 }),
      );
      const { evidence, history, assessment, regressingSince } = state.releases.get(KEY)!;
      return [evidence, history, assessment, regressingSince].map((known) => known === null);
    };
    assert.deepEqual(next({ kind: 'service', name: 'x' }), [true, true, true, true]);
    assert.deepEqual(next({ kind: 'logs', name: 'x' }), [false, false, false, false]);
  });

  it('numbers that could not be renewed are kept and known to be old since the first failure, until they are renewed', () => {
    const failed = (at: number): StoreAction => ({ type: 'measureFailed', key: KEY, at, message: message('source.error.timeout') });
    const known = after(
      added(),
      take(1, aRelease()),
      { type: 'assessed', key: KEY, assessment: anAssessment('healthy') },
      failed(10),
      failed(20),
      take(21, aRelease()),
    );
    const release = known.releases.get(KEY);
    assert.equal(release?.assessment?.verdict, 'healthy');
    assert.deepEqual([release.measureError?.since, release.measureError?.at], [10, 20]);
    const renewed = reduce(known, { type: 'assessed', key: KEY, assessment: anAssessment('regressing') });
    assert.equal(renewed.releases.get(KEY)?.measureError, null);
  });

  it('regresses since what is strange began, if that goes on, and without it since the verdict said so; not since the ratio moved', () => {
    const of = (verdict: 'healthy' | 'regressing', at: number, from: number | null): StoreAction => {
      const anomaly = { id: 'a', variant: 'canary', metric: 'errorRate', to: at, ongoing: true, seenAt: 5, seen: 1, expected: 0 } as const;
      const anomalies = from === null ? [] : [{ ...anomaly, from, band: { low: 0, high: 0 }, score: 1, severity: 'major' as const }];
      return { type: 'assessed', key: KEY, assessment: { ...anAssessment(verdict), at, anomalies } };
    };
    const since = (...actions: readonly StoreAction[]) =>
      after(added(), take(1, aRelease()), ...actions).releases.get(KEY)?.regressingSince;
    assert.equal(since(of('regressing', 100, null)), 100);
    assert.equal(since(of('regressing', 100, 40)), 40);
    const widened = take(150, aRelease({ revision: '8', stateSince: 150 }));
    assert.equal(since(of('regressing', 100, 40), widened, of('regressing', 200, 90)), 40);
    assert.equal(since(of('regressing', 100, 40), of('healthy', 200, null)), null);
  });

  it('a source becomes stale after three poll intervals without news, not before, and live again with the next snapshot', () => {
    const live = after(added(), take(1_000, aRelease()));
    const edge = 1_000 + 3 * POLL;
    assert.equal(reduce(live, { type: 'tick', now: edge, elapsed: edge }), live);
    const stale = reduce(live, { type: 'tick', now: edge + 1, elapsed: edge + 1 });
    assert.equal(stale.sources[0]?.status, 'stale');
    assert.equal(stale.sources[0].lastSuccessAt, 1_000);
    assert.ok(stale.releases.has(KEY), 'what was known is kept');
    assert.equal(reduce(stale, take(edge + 2, aRelease())).sources[0]?.status, 'connected');
  });

  it('a source becomes stale although the clock was set back by an hour, and after the machine slept', () => {
    const live = after(added(), take(5_000_000, aRelease()));
    const status = (now: number, elapsed: number) => reduce(live, { type: 'tick', now, elapsed }).sources[0]?.status;
    assert.equal(status(1_400_000, 5_000_000 + 3 * POLL), 'connected');
    assert.equal(status(1_400_000, 5_000_000 + 3 * POLL + 1), 'stale');
    assert.equal(status(8_600_000, 5_000_001), 'stale', 'what counts the time stands still while the machine sleeps');
  });

  it('an error keeps the last snapshot and its date beside the error', () => {
    const state = after(added(), take(1_000, aRelease()), {
      type: 'sourceError',
      error: { type: 'error', sourceId: 'svc', kind: 'unreachable', at: 9_000, message: message('source.error.refused'), detail: '' },
    });
    const [source] = state.sources;
    assert.equal(source?.status, 'failed');
    assert.equal(source.lastSuccessAt, 1_000);
    assert.equal(source.error?.at, 9_000);
    assert.ok(state.releases.has(KEY));
    assert.equal(reduce(state, take(10_000, aRelease())).sources[0]?.error, null);
  });

  describe('a requested ratio', () => {
    const requested: StoreAction = { type: 'ratioRequested', key: KEY, pending: { from: 0.1, to: 0.25, at: 2_000 } };
    const pendingAfter = (...actions: readonly StoreAction[]) =>
      after(added(), take(1_000, aRelease()), requested, ...actions).releases.get(KEY)?.pending;

    it('is not shown as wanted for an hour when the clock is set back by one', () => {
      const before: StoreAction = { type: 'ratioRequested', key: KEY, pending: { from: 0.1, to: 0.25, at: 3_600_000 } };
      assert.equal(pendingAfter(before, take(3_601_000, aRelease()), take(2_000, aRelease())), null);
    });

    it('is shown as wanted until a snapshot shows it', () => {
      assert.equal(pendingAfter()?.to, 0.25);
      assert.equal(pendingAfter(take(3_000, aRelease()))?.to, 0.25);
      const shows = aRelease({ ratio: { unit: 'users', desired: 0.25, actual: 0.25, since: 2_500 }, revision: '8' });
      assert.equal(pendingAfter(take(3_000, shows)), null);
    });

    it('is not settled by a snapshot that is older than the request', () => {
      assert.equal(pendingAfter(take(1_500, aRelease({ revision: '8' })))?.to, 0.25);
    });

    it('gives way when somebody else moved the release, when it is refused, and after a minute', () => {
      assert.equal(pendingAfter(take(3_000, aRelease({ revision: '8' }))), null);
      assert.equal(pendingAfter({ type: 'ratioSettled', key: KEY }), null);
      assert.equal(pendingAfter(take(2_001 + PENDING_MAX_MS, aRelease())), null);
    });
  });
});

describe('Store', () => {
  it('tells listeners of changes only, with the complete state', () => {
    const store = new Store();
    const seen: State[] = [];
    store.onDidChange((state) => seen.push(state));
    store.dispatch(added());
    store.dispatch({ type: 'tick', now: 5, elapsed: 5 });
    store.dispatch({ type: 'builtinRecovered' });
    assert.equal(seen.length, 1);
    assert.equal(seen[0], store.state);
  });
});
