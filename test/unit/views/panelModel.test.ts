import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { wilson } from '../../../src/analysis/stats/wilson.ts';
import { message } from '../../../src/model/message.ts';
import { INTENT_KINDS, type Ability, type IntentKind } from '../../../src/model/release.ts';
import type { PanelState } from '../../../src/protocol/messages.ts';
import type { SourceState } from '../../../src/store/state.ts';
import { wantedRatio } from '../../../src/views/panelRatio.ts';
import { CoverageTracker } from '../../../src/views/coverage.ts';
import { buildPanelMissing } from '../../../src/views/panelModel.ts';
import { windowOf } from '../../../src/views/panelRange.ts';
import { ANOMALIES, aHistory, aPanel, aReleaseState, aSource, aVerdict, MINUTE, NOW, words } from '../../fakes/panel.ts';
import { anAssessment, aRelease } from '../../fakes/release.ts';

const chart = (state: PanelState, metric: string) => state.charts.find((item) => item.metric === metric);
const abilities = (...can: IntentKind[]): Record<IntentKind, Ability> =>
  Object.fromEntries(
    INTENT_KINDS.map((kind) => [kind, can.includes(kind) ? { can: true } : { can: false, why: message(`cannot ${kind}`) }]),
  ) as Record<IntentKind, Ability>;

describe('the head of the panel', () => {
  it('names release, versions, ratio in force and wanted, phase, step, and that traffic is simulated', () => {
    const state = aPanel();
    assert.deepEqual([state.title, state.versions, state.ratio], ['fraud-model', 'v41 → v42', '10% (wanted 20%)']);
    assert.equal(state.phase, 'gray · progressing for 12 min · step 2/3');
    assert.equal(state.simulated, 'simulated traffic');
    assert.deepEqual([state.verdict, state.verdictLabel], ['regressing', 'regressing']);
  });
  it('of a release that is seen only in logs says "observed": nobody told a phase', () => {
    const seen = { owner: { kind: 'logs', name: 'Edge' }, steps: [], stepIndex: -1, stateSince: null } as const;
    assert.equal(aPanel({ state: aReleaseState({}, seen) }).phase, 'observed');
    assert.equal(aPanel({ state: aReleaseState({}, { ...seen, phase: 'rolledBack' }) }).phase, 'observed · canary no longer seen');
  });
  it('says the unit of the ratio where it is not one of users, and does not repeat what is in force', () => {
    const ratio = { unit: 'requests', desired: 0.1, actual: 0.1, since: null } as const;
    assert.equal(aPanel({ state: aReleaseState({}, { ratio }) }).ratio, '10% of requests');
    assert.equal(aPanel({ state: aReleaseState({}, { ratio: { ...ratio, desired: null, actual: null } }) }).ratio, 'ratio unknown');
  });
  it('shows an observed ratio with the interval of the same five minutes, and names them', () => {
    const ratio = { unit: 'requests', desired: null, actual: 0.5, since: null } as const;
    const assigned = {
      from: NOW - 5 * MINUTE,
      to: NOW,
      unit: 'requests',
      canary: 300,
      total: 600,
      share: 0.5,
      interval: { low: 0.44, high: 0.56 },
      confidence: 0.999,
      offTarget: null,
    } as const;
    const state = aReleaseState({ assessment: { ...anAssessment('healthy'), assigned } }, { ratio });
    assert.equal(aPanel({ state }).ratio, '50% of requests (44% … 56% in 5 min)');
  });
  it('shows what was asked for and is not seen yet as wanted, never as in force', () => {
    const pending = { from: 0.1, to: 0.5, at: NOW };
    const ratio = { unit: 'users', desired: 0.1, actual: 0.1, since: null } as const;
    assert.equal(aPanel({ state: aReleaseState({ pending }, { ratio }) }).ratio, '10% (wanted 50%)');
  });
  it('says how old the data is, and that it is stale or failed', () => {
    assert.deepEqual(aPanel().freshness, { status: 'live', text: 'live, 2 s ago', of: 'answer', at: NOW - 2000 });
    assert.equal(aPanel({ source: aSource({ status: 'stale', lastSuccessAt: NOW - 40_000 }) }).freshness.text, 'no data for 40 s');
    const error = {
      type: 'error',
      sourceId: 'svc',
      kind: 'unreachable',
      at: NOW,
      message: message('cannot be reached'),
      detail: '',
    } as const;
    assert.deepEqual(aPanel({ source: aSource({ status: 'failed', error }) }).freshness.text, 'cannot be reached');
    assert.equal(aPanel({ source: null }).freshness.status, 'failed');
  });
  it('of a log is as fresh as its newest line, however often its files are read', () => {
    const of = (updatedAt: number) => {
      const state = aReleaseState({}, { owner: { kind: 'logs', name: 'nginx' }, updatedAt });
      return aPanel({ state, source: aSource({ kind: 'logs' }) }).freshness;
    };
    assert.deepEqual(of(NOW - 3000), { status: 'live', text: 'newest line 3 s ago', of: 'line', at: NOW - 3000 });
    assert.deepEqual(of(NOW - 130_000), { status: 'quiet', text: 'no new line for 2 min', of: 'line', at: NOW - 130_000 });
  });
});

describe('the answer', () => {
  it('is the sentence of the verdict, the recommendation and the caveats', () => {
    const state = aPanel();
    assert.match(state.sentence, /fails more often: 3\.1% against 0\.98%, \+2\.1 points/);
    assert.equal(state.recommendation, 'Recommended: roll back to v41.');
    assert.equal(state.caveats.length, 2);
  });
  it('after a roll-back says that nobody judges any more, over the differences that led to it', () => {
    const release = aRelease({ phase: 'rolledBack', state: 'aborted' });
    const verdict = aVerdict(release);
    const metrics = verdict.metrics.map((metric) => ({ ...metric, verdict: 'noData' as const }));
    const panel = aPanel({ state: aReleaseState({ assessment: { ...verdict, verdict: 'noData', metrics } }, release) });
    assert.equal(panel.verdictLabel, 'not judged any more');
    assert.deepEqual(
      [3, 6].map((column) => panel.evidence[0]?.cells[column]?.text),
      ['+2.1 points', 'not judged any more'],
    );
  });
  it('without an assessment is not "healthy"', () => {
    const state = aPanel({ state: aReleaseState({ assessment: null }) });
    assert.equal(state.verdict, 'noData');
    assert.match(state.sentence, /No verdict yet/);
    assert.deepEqual([state.recommendation, state.evidence, state.anomalies], [null, [], []]);
  });
});

describe('the buttons', () => {
  const of = (can: IntentKind[], verdict: 'healthy' | 'regressing' = 'healthy') => {
    const release = aRelease({ abilities: abilities(...can) });
    return aPanel({ state: aReleaseState({ assessment: { ...aVerdict(release), verdict } }, release) }).actions;
  };
  it('make the next step primary, and nothing that hurts', () => {
    const actions = of(['nextStep', 'setRatio', 'pause', 'rollback', 'abort']);
    assert.deepEqual(
      actions.map((action) => action.command.split('.')[1]),
      ['nextStep', 'setRatio', 'pause', 'rollback', 'abort', 'showJournal'],
    );
    assert.deepEqual(actions.map((action) => action.tone).filter((tone) => tone === 'primary').length, 1);
    assert.equal(actions[0]?.tone, 'primary');
  });
  it('undo only what can be undone, before what hurts', () => {
    const release = aRelease({ abilities: abilities('nextStep', 'setRatio', 'pause', 'undo', 'rollback', 'abort') });
    const names = (undoable: boolean): readonly string[] =>
      aPanel({ state: aReleaseState({}, release), undoable }).actions.map((action) => action.command.split('.')[1] ?? '');
    assert.ok(!names(false).includes('undo'));
    assert.deepEqual(names(true), ['nextStep', 'setRatio', 'pause', 'undo', 'rollback', 'abort', 'showJournal']);
  });
  it('make the recommended roll-back primary while the release regresses, and never the next step', () => {
    const primary = (can: IntentKind[]) =>
      of(can, 'regressing').flatMap((action) => (action.tone === 'primary' ? [action.command.split('.')[1]] : []));
    assert.deepEqual([primary(['nextStep', 'rollback']), primary(['nextStep'])], [['rollback'], []]);
  });
  it('cannot be pressed while the source fails, and say why', () => {
    const error = {
      type: 'error',
      sourceId: 'svc',
      kind: 'unreachable',
      at: NOW,
      message: message('cannot be reached'),
      detail: '',
    } as const;
    const { actions } = aPanel({ source: aSource({ status: 'failed', error }) });
    const verbs = actions.filter((action) => action.command !== 'rolloutLens.showJournal');
    assert.deepEqual([...new Set(verbs.map((action) => action.enabled))], [false]);
    assert.equal(verbs[0]?.title, 'Built-in service does not answer: cannot be reached');
    assert.ok(actions.every((action) => action.tone === 'secondary'));
  });
  it('stay in place when they cannot be used, and say why', () => {
    const actions = of([]);
    assert.deepEqual(
      actions.map((action) => [action.command.split('.')[1], action.enabled, action.title]),
      [
        ['nextStep', false, 'cannot nextStep'],
        ['setRatio', false, 'cannot setRatio'],
        ['pause', false, 'cannot pause'],
        ['rollback', false, 'cannot rollback'],
        ['showJournal', true, 'What was done, by whom and why'],
      ],
    );
  });
  it('offer to resume what is paused', () => {
    assert.ok(of(['resume']).some((action) => action.command === 'rolloutLens.resume' && action.tone === 'primary'));
  });
});

describe('the charts', () => {
  it('come one a metric that has data, what hurts first, canary drawn over stable', () => {
    const state = aPanel();
    assert.deepEqual(
      state.charts.map((item) => item.metric),
      ['ratio', 'errorRate', 'latencyP50', 'latencyP99', 'accuracy', 'requests', 'cpu', 'memory'],
    );
    assert.deepEqual(
      chart(state, 'errorRate')?.columns.map((column) => column.tone),
      ['stable', 'canary'],
    );
  });
  it('carry the interval of each share by its count, and none for what is no share', () => {
    const canary = chart(aPanel(), 'errorRate')?.columns[1];
    assert.ok(canary);
    const i = canary.values.findIndex((value) => value > 0);
    const n = canary.counts[i] ?? 0;
    const expected = wilson(Math.round((canary.values[i] ?? 0) * n), n, 0.95);
    assert.deepEqual([canary.low[i], canary.high[i]], [expected.low, expected.high]);
    assert.equal(chart(aPanel(), 'latencyP50')?.columns[1]?.low.length, 0);
  });
  it('have the interval that the source knows of a median', () => {
    const series = aHistory().series.map((of) =>
      of.metric === 'latencyP50' ? { ...of, low: of.values.map((v) => v * 0.9), high: of.values.map((v) => v * 1.2) } : of,
    );
    const history = { ...aHistory(), series };
    const canary = chart(aPanel({ history }), 'latencyP50')!.columns[1]!;
    const last = canary.values.findLastIndex((value) => Number.isFinite(value));
    assert.deepEqual([canary.low[last], canary.high[last]], [canary.values[last]! * 0.9, canary.values[last]! * 1.2]);
  });
  it('mark anomalies with what was expected, only in their range and metric', () => {
    const state = aPanel();
    assert.deepEqual(
      chart(state, 'errorRate')?.markers.map((marker) => marker.id),
      ['a1', 'a3'],
    );
    assert.match(chart(state, 'errorRate')?.markers[0]?.text ?? '', /error rate of canary 4\.1%, expected 0\.6% … 1\.4%/);
    assert.equal(chart(aPanel({ history: aHistory(10) }), 'errorRate')?.markers.length, 1);
  });
  it('put a marker where its value was seen, whatever the range and the steps', () => {
    const own = Date.UTC(2026, 2, 4, 12) - 14.5 * MINUTE;
    for (const history of [aHistory(), aHistory(90, 10_000), aHistory(144, 600_000)]) {
      const [marker] = chart(aPanel({ history }), 'errorRate')?.markers ?? [];
      assert.ok(marker);
      assert.deepEqual([marker.at, marker.seenAt, marker.value, marker.inRange], [own, own, 0.041, true]);
    }
  });
  it('mark what began before the range at its edge, without a value there', () => {
    const state = aReleaseState();
    const anomaly = { ...ANOMALIES[0]!, from: NOW - 40 * MINUTE, seenAt: NOW - 38 * MINUTE, to: NOW, ongoing: true };
    const release = { ...state, assessment: { ...state.assessment!, anomalies: [anomaly] } };
    const history = aHistory(30);
    const [marker] = chart(aPanel({ state: release, history }), 'errorRate')?.markers ?? [];
    assert.deepEqual([marker?.at, marker?.inRange, marker?.seenAt, marker?.ongoing], [history.from, false, anomaly.seenAt, true]);
  });
  it('say in a sentence what they show, for who cannot see them', () => {
    assert.match(chart(aPanel(), 'errorRate')?.summary ?? '', /^Error rate\. stable: .*, last .*\. canary: .*, last .*\. anomalies: 2$/);
  });
  it('show the counted share of requests with its interval beside the wanted ratio', () => {
    const counted = chart(aPanel(), 'ratio')?.columns.find((column) => column.tone === 'counted');
    assert.ok(counted);
    assert.deepEqual(
      chart(aPanel(), 'ratio')?.columns.map((column) => column.label),
      ['wanted ratio of users', 'counted share of requests'],
    );
    const last = counted.values.length - 1;
    assert.equal(counted.values[last], 0.2);
    assert.equal(counted.counts[last], 1200);
    assert.deepEqual([counted.low[last], counted.high[last]], Object.values(wilson(240, 1200, 0.95)));
  });
  it('are none while there is no history', () => {
    const state = aPanel({ history: null, historyStatus: { status: 'loading', text: null } });
    assert.deepEqual([state.charts, state.events], [[], []]);
    assert.equal(state.history.status, 'loading');
  });
  it('draw a line where the ratio changed, with who and why', () => {
    assert.deepEqual(
      aPanel().events.map(({ label, detail }) => [label, detail]),
      [['10% → 20%', 'ann: errors are flat']],
    );
  });
  it('of a log, where nobody tells of a change, draws what the traffic shows and says that it is observed', () => {
    const history = { ...aHistory(), changes: [] };
    const [event, ...more] = aPanel({ history, state: aReleaseState({}, { owner: { kind: 'logs', name: 'Edge' } }) }).events;
    assert.deepEqual(more, []);
    assert.match(event?.label ?? '', /^(9|10)(\.\d+)?% → (19|20)(\.\d+)?% observed$/);
    assert.match(event?.detail ?? '', /read off the traffic/);
    assert.ok(Math.abs((event?.time ?? 0) - (aHistory().changes[0]?.time ?? 0)) <= 2 * history.stepMs);
    assert.deepEqual(aPanel({ history }).events, [], 'an owner that told of none had none');
  });
});

describe('the ratio chart reaches the present', () => {
  const wanted = (state: PanelState) => {
    const column = chart(state, 'ratio')?.columns.find(({ id }) => id === 'wanted');
    assert.ok(column);
    return { at: column.times.at(-1), value: column.values.at(-1) };
  };
  it('with the ratio that the head says, before a history tells of the move', () => {
    const at = NOW - 2_000;
    const ratio = { unit: 'users', desired: 0.4, actual: 0.2, since: at } as const;
    const state = aPanel({ state: aReleaseState({}, { ratio }) });
    assert.equal(state.ratio, '20% (wanted 40%)');
    assert.deepEqual(wanted(state), { at: NOW, value: 0.4 });
    assert.deepEqual([state.events.at(-1)?.time, state.events.at(-1)?.label], [at, '20% → 40%']);
    assert.ok(state.to >= NOW && state.measuredTo <= NOW && state.to - state.measuredTo <= 30_000);
  });
  it('with who moved it, once the history tells of a move after its last whole step', () => {
    const at = NOW - 2_000;
    const history = aHistory();
    const move = { time: at, from: 0.2, to: 0.4, by: 'bob', reason: 'looks good', action: 'setRatio' };
    const ratio = { unit: 'users', desired: 0.4, actual: 0.2, since: at } as const;
    const state = aPanel({ history: { ...history, changes: [...history.changes, move] }, state: aReleaseState({}, { ratio }) });
    assert.deepEqual(wanted(state), { at: NOW, value: 0.4 });
    assert.deepEqual(state.events.map(({ label, detail }) => [label, detail]).at(-1), ['20% → 40%', 'bob: looks good']);
  });
  it('with what was asked for and is not seen yet, which moved nothing yet', () => {
    const state = aPanel({ state: aReleaseState({ pending: { from: 0.2, to: 0.5, at: NOW - 1_000 } }) });
    assert.deepEqual(wanted(state), { at: NOW, value: 0.5 });
    assert.equal(state.events.at(-1)?.label, '10% → 20%');
  });
  it('or the last answer, where the source does not answer any more', () => {
    const state = aPanel({ source: aSource({ status: 'stale', lastSuccessAt: NOW - 1_000 }), now: NOW + 600_000 });
    assert.deepEqual(wanted(state), { at: NOW - 1_000, value: 0.2 });
    assert.ok(state.to < NOW + 60_000);
  });
});

describe('the evidence and the measurements say of when they are', () => {
  const FROM = NOW - 60 * MINUTE;
  const of = (first: number, last: number) => {
    const times = Float64Array.from({ length: 60 }, (_, i) => FROM + i * MINUTE);
    const counts = times.map((time) => (time >= first && time < last ? 100 : 0));
    const series = { metric: 'requests', unit: 'perSecond', times, values: counts, counts } as const;
    const history = { from: FROM, to: NOW, stepMs: MINUTE, series: [{ ...series, variant: 'canary' as const }], changes: [] };
    const state = aReleaseState();
    return { ...state, history, evidence: state.evidence && { ...state.evidence, from: FROM, to: NOW } };
  };
  const window = (first: number, last: number) => aPanel({ state: of(first, last) }).evidenceWindow;
  it('names the part of the window that has data', () => {
    assert.deepEqual(window(FROM, NOW), { from: FROM, to: NOW, begun: false });
    assert.deepEqual(window(FROM + 42 * MINUTE, NOW), { from: FROM + 42 * MINUTE, to: NOW, begun: true });
    assert.deepEqual(window(FROM + 5 * MINUTE, FROM + 20 * MINUTE), { from: FROM + 5 * MINUTE, to: FROM + 20 * MINUTE, begun: false });
  });
  it('says that the past is still being told, and when it is not', () => {
    const tracker = new CoverageTracker();
    const at = (last: number, seconds: number, changes: Partial<SourceState> = {}) => {
      const state = of(FROM, FROM + last * MINUTE);
      const to = NOW + seconds * 1000;
      return tracker.of({ ...state, history: { ...state.history, to } }, aSource(changes), null);
    };
    assert.deepEqual(at(5, 0), { until: FROM + 5 * MINUTE, catchingUp: false });
    assert.deepEqual(at(20, 5), { until: FROM + 20 * MINUTE, catchingUp: true });
    assert.deepEqual(at(20, 5), { until: FROM + 20 * MINUTE, catchingUp: true }, 'nothing was measured anew');
    assert.deepEqual(at(20, 10), { until: FROM + 20 * MINUTE, catchingUp: false }, 'it stands still');
    assert.equal(at(60, 15), null);
    assert.equal(at(20, 20, { status: 'stale' }), null, 'the source itself says since when it is silent');
  });
  it('takes data from before the release for a past that is being told', () => {
    const state = of(FROM, FROM + 5 * MINUTE);
    const coverage = new CoverageTracker().of({ ...state, release: { ...state.release, createdAt: NOW - MINUTE } }, aSource(), null);
    assert.deepEqual(coverage, { until: FROM + 5 * MINUTE, catchingUp: true });
    const none = of(NOW, NOW);
    assert.equal(new CoverageTracker().of(none, aSource(), null), null);
    assert.equal(
      new CoverageTracker().of(none, aSource(), of(FROM, FROM + 7 * MINUTE).history)?.until,
      FROM + 7 * MINUTE,
      'what the charts show',
    );
  });
});

describe('the wanted ratio over time', () => {
  const change = (time: number, from: number | null, to: number) => ({ time, from, to, by: null, reason: null, action: 'setRatio' });
  const corners = (...args: Parameters<typeof wantedRatio>) => {
    const { times, values } = wantedRatio(...args);
    return [...times].map((time, i) => [time, values[i]]);
  };
  it('is flat from the first change before the range', () => {
    assert.deepEqual(corners([change(5, null, 0.1)], 0.1, 5, 10, 20), [
      [10, 0.1],
      [20, 0.1],
    ]);
  });
  it('is a staircase, unknown before a change that does not say from what', () => {
    assert.deepEqual(corners([change(12, null, 0.1), change(15, 0.1, 0.3)], 0.3, 15, 10, 20), [
      [10, NaN],
      [12, 0.1],
      [15, 0.3],
      [20, 0.3],
    ]);
    assert.deepEqual(corners([change(12, 0.05, 0.1)], 0.1, 12, 10, 20), [
      [10, 0.05],
      [12, 0.1],
      [20, 0.1],
    ]);
  });
  it('without known changes begins when the ratio is said to hold since', () => {
    assert.deepEqual(corners([], 0.1, 14, 10, 20), [
      [10, NaN],
      [14, 0.1],
      [20, 0.1],
    ]);
    assert.deepEqual(corners([], 0.1, null, 10, 20), [
      [10, 0.1],
      [20, 0.1],
    ]);
  });
  it('is nothing where nobody holds a ratio', () => {
    assert.deepEqual(corners([], null, null, 10, 20), []);
  });
});

describe('the tables', () => {
  it('show evidence a metric with its interval, its verdict, and what is missing', () => {
    const state = aPanel();
    assert.equal(state.evidenceHeader[4], 'Interval (99.9%)');
    assert.deepEqual(
      state.evidence[0]?.cells.map((cell) => cell.text),
      ['Error rate', '0.98%', '3.1%', '+2.1 points', '+1.2 … +3 points', '37,080 / 4,120', 'regressing'],
    );
    assert.equal(state.evidence[2]?.cells.at(-1)?.text, 'not enough data yet: 39 more requests, about 12 min at this traffic');
    assert.equal(state.evidence[4]?.cells[2]?.sort, null);
    assert.deepEqual([state.evidence[3]?.cells[0]?.text, state.evidence[3]?.cells[5]?.text], ['CPU', '–'], 'samples are not requests');
    assert.ok(state.evidence.every((row) => row.cells.length === state.evidenceHeader.length));
  });
  it('say of an anomaly that has not ended that it goes on', () => {
    const state = aReleaseState();
    const anomalies = [{ ...ANOMALIES[0]!, ongoing: true }];
    const [row] = aPanel({ state: { ...state, assessment: { ...state.assessment!, anomalies } } }).anomalies;
    assert.deepEqual([row?.cells[1]?.text, row?.cells[1]?.time], ['goes on', null]);
  });
  it('show anomalies newest first, their moment for the page to write', () => {
    const state = aPanel();
    assert.deepEqual(
      state.anomalies.map((row) => row.markerId),
      ['a3', 'a2', 'a1'],
    );
    const noon = Date.UTC(2026, 2, 4, 12);
    assert.deepEqual(
      [0, 1, 5].map((column) => (noon - (state.anomalies[0]?.cells[column]?.time ?? 0)) / MINUTE),
      [4, 3, 3.5],
    );
    assert.ok(state.anomalies.every((row) => row.cells.length === state.anomalyHeader.length));
  });
});

describe('a release that no source tells of', () => {
  it('is waited for while its source connects, and is gone when the source answers without it', () => {
    const missing = (source: SourceState | null) =>
      buildPanelMissing({ releaseKey: 'svc/x', name: 'x', source, builtinFailure: null }, words);
    assert.deepEqual([missing(aSource({ status: 'connecting' })).waiting, missing(aSource()).waiting], [true, false]);
    assert.match(missing(aSource()).text, /does not know the release x/);
    assert.match(missing(null).text, /not configured/);
  });
});

describe('the window of a range', () => {
  const release = (createdAt: number | null) => aRelease({ createdAt });
  it('is of whole steps, ends with the last complete one, and has few enough to read', () => {
    for (const range of [15, 60, 360, 1440] as const) {
      const { from, to, stepMs } = windowOf(range, release(null), NOW);
      assert.ok(to <= NOW && NOW - to < stepMs);
      assert.ok(Number.isInteger((to - from) / stepMs) && (to - from) / stepMs <= 181);
      assert.ok(to - from >= range * MINUTE);
    }
  });
  it('reaches back to the begin of a release, however long ago, and never less than a quarter of an hour', () => {
    const years = windowOf(0, release(NOW - 900 * 86_400_000), NOW);
    assert.ok(years.from <= NOW - 900 * 86_400_000 && (years.to - years.from) / years.stepMs <= 181);
    const young = windowOf(0, release(NOW - 1000), NOW);
    assert.ok(young.to - young.from >= 15 * MINUTE);
  });
  it('reaches back to measurements that are older than the release, as the example has them', () => {
    const { from, to } = windowOf(0, release(NOW - 1000), NOW, NOW - 65 * MINUTE);
    assert.ok(from <= NOW - 65 * MINUTE && to - from < 75 * MINUTE);
  });
  it('ends with the last line of log files that have come to their end, and holds that line', () => {
    const logs = (updatedAt: number) => aRelease({ owner: { kind: 'logs', name: 'nginx' }, updatedAt });
    const lastLine = NOW - 86_400_000;
    const { from, to, stepMs } = windowOf(60, logs(lastLine), NOW);
    assert.ok(to > lastLine && to - lastLine <= stepMs && from <= lastLine - 59 * MINUTE);
    assert.deepEqual(windowOf(60, logs(NOW - 500), NOW), windowOf(60, release(null), NOW), 'a log that is still written ends now');
  });
});
