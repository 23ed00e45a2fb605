import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assess } from '../../../src/analysis/assess.ts';
import type { Evidence } from '../../../src/model/evidence.ts';
import type { MetricId } from '../../../src/model/metric.ts';
import type { Quantity } from '../../../src/model/quantity.ts';
import type { Release } from '../../../src/model/release.ts';
import { abilities, evidence, HOUR, latencies, NOON, release, tally } from './fixtures.ts';

const judge = (of: Evidence | null, changes: Partial<Release> = {}) =>
  assess({ release: release(changes), evidence: of, history: null, at: NOON });
const metricOf = (assessment: ReturnType<typeof assess>, id: MetricId) => assessment.metrics.find((metric) => metric.metric === id)!;

const side = (requests: number, errorRate: number, median: number, users: number | null = Math.ceil(requests / 2)) =>
  tally({ requests, errors: Math.round(requests * errorRate), users, latency: latencies(median, requests) });

describe('assess', () => {
  it('calls a clear harm regressing, with its size, interval, counts and the users it reaches', () => {
    const got = judge(evidence(side(36_000, 0.01, 120), side(4_000, 0.04, 121)));
    assert.equal(got.verdict, 'regressing');
    assert.equal(got.worst, 'errorRate');
    assert.equal(got.sentence.key, 'analysis.regressingUsers.errorRate');
    const metric = metricOf(got, 'errorRate');
    assert.ok(Math.abs(metric.effect! - 0.03) < 1e-9);
    assert.ok(metric.interval!.low > 0.01 && metric.interval!.low < 0.03 && metric.interval!.high > 0.03);
    assert.equal((got.sentence.args['requests'] as Quantity).value, 4_000);
    assert.equal((got.sentence.args['effect'] as Quantity).unit, 'points');
    assert.equal((got.sentence.args['users'] as Quantity).value, Math.round(2_000 / 60));
    assert.equal(got.recommendation!.key, 'analysis.recommend.rollback');
    assert.equal(metricOf(got, 'latencyP50').verdict, 'healthy');
  });

  it('calls slower typical responses regressing beyond 10 %, as a ratio', () => {
    const got = judge(evidence(side(20_000, 0.01, 100), side(4_000, 0.01, 130)));
    assert.equal(got.worst, 'latencyP50');
    const { effect, interval, effectUnit } = metricOf(got, 'latencyP50');
    assert.equal(effectUnit, 'relative');
    assert.ok(Math.abs(effect! - 0.3) < 0.02, String(effect));
    assert.ok(interval!.low > 0.2 && interval!.high < 0.4);
  });

  it('calls falling accuracy regressing, and a rise of it healthy', () => {
    const with_ = (correct: number) =>
      tally({ requests: 3_000, users: 500, errors: 10, predictions: 3_000, correct, latency: latencies(50, 3_000) });
    const worse = judge(evidence(with_(2_700), with_(2_400)));
    assert.equal(worse.worst, 'accuracy');
    assert.ok(metricOf(worse, 'accuracy').effect! < 0, 'the effect keeps the sign of the metric');
    assert.equal(judge(evidence(with_(2_400), with_(2_900))).verdict, 'healthy');
  });

  it('does not test processor, memory, p99 and ratings: they are described', () => {
    const cpu = (value: number) => ({ ...side(5_000, 0.01, 100), cpu: value, memoryBytes: value * 1e9 });
    const got = judge(evidence(cpu(1), cpu(3)));
    assert.equal(got.verdict, 'healthy');
    const metric = metricOf(got, 'cpu');
    assert.equal(metric.kind, 'described');
    assert.equal(metric.effect, 2);
    assert.equal(metric.interval, null);
  });

  describe('minimum of evidence', () => {
    const bad = (requests: number, users: number | null) => judge(evidence(side(5_000, 0.01, 100, 900), side(requests, 0.6, 400, users)));
    it('needs 100 requests a side, however bad they look', () => {
      assert.equal(bad(99, 60).verdict, 'inconclusive');
      assert.equal(bad(100, 60).verdict, 'regressing');
    });
    it('needs 20 users a side where users are known', () => {
      const got = bad(400, 19);
      assert.equal(got.verdict, 'inconclusive');
      assert.equal(metricOf(got, 'errorRate').missing!.users, 1);
      assert.equal(got.sentence.key, 'analysis.waitingUsers');
      assert.equal(bad(400, 20).verdict, 'regressing');
    });
    it('asks only for requests where users are unknown, and says that it took them as independent', () => {
      const got = bad(400, null);
      assert.equal(got.verdict, 'regressing');
      assert.equal(got.sentence.key.startsWith('analysis.regressing.'), true);
      assert.ok(got.caveats.some((caveat) => caveat.key === 'analysis.caveat.requestsIndependent'));
    });
    it('says how much is missing: requests, and minutes at the traffic of the window', () => {
      const got = judge(evidence(side(5_000, 0.01, 100), side(50, 0, 100, 30), 10));
      assert.equal(got.verdict, 'inconclusive');
      const missing = metricOf(got, 'errorRate').missing!;
      assert.ok(missing.requests >= 50);
      assert.ok(Math.abs(missing.minutes! - missing.requests / 5) < 1e-6, 'five requests a minute');
      assert.equal(got.recommendation!.key, 'analysis.recommend.wait');
    });
    it('keeps its word: with about the missing requests and the same rates, the verdict is there', () => {
      const stable = side(50_000, 0.01, 100);
      const first = judge(evidence(stable, side(200, 0.01, 100)));
      const verdict = (requests: number) =>
        metricOf(judge(evidence(stable, side(Math.round(requests / 100) * 100, 0.01, 100))), 'errorRate').verdict;
      assert.equal(first.verdict, 'inconclusive');
      const more = metricOf(first, 'errorRate').missing!.requests;
      assert.equal(verdict((200 + more) * 1.3), 'healthy');
      assert.equal(verdict((200 + more) * 0.3), 'inconclusive');
    });
    it('forecasts from the traffic of now: a canary that began five minutes ago, and one that gets nothing any more', () => {
      const of = evidence(side(5_000, 0.01, 100), side(50, 0, 100, 30));
      const wait = (counts: (minute: number) => number): number | null => {
        const times = Float64Array.from({ length: 60 }, (_, i) => NOON - (60 - i) * 60_000);
        const series = {
          metric: 'requests',
          variant: 'canary',
          unit: 'perSecond',
          times,
          values: times.map((_, i) => counts(i) / 60),
          counts: times.map((_, i) => counts(i)),
        } as const;
        const history = { from: NOON - HOUR, to: NOON, stepMs: 60_000, series: [series], changes: [] };
        const got = metricOf(assess({ release: release(), evidence: of, history, at: NOON }), 'errorRate').missing!;
        return got.minutes === null ? null : got.minutes / got.requests;
      };
      assert.ok(Math.abs(wait((minute) => (minute >= 55 ? 10 : 0))! - 1 / 10) < 1e-9);
      assert.ok(Math.abs(wait(() => 50 / 60)! - 60 / 50) < 1e-9);
      assert.equal(
        wait((minute) => (minute < 30 ? 50 / 30 : 0)),
        null,
      );
    });
    it('asks for the minimum first when the effect lies at the margin', () => {
      const missing = metricOf(judge(evidence(side(5_000, 0.01, 100), side(50, 0.02, 100, 30), 10)), 'errorRate').missing!;
      assert.deepEqual(missing, { requests: 50, users: 0, minutes: 10 });
    });
  });

  it('shows no interval where too few response times leave an end open', () => {
    const got = metricOf(judge(evidence(side(5_000, 0.01, 100), side(2, 0, 100))), 'latencyP50');
    assert.equal(got.interval, null);
    assert.equal(got.verdict, 'inconclusive');
    assert.ok(got.missing!.requests >= 98);
  });

  it('says that an effect at the margin may never be settled instead of a number of years', () => {
    const got = judge(evidence(side(100_000, 0.01, 100), side(10_000, 0.02, 100)));
    const metric = metricOf(got, 'errorRate');
    assert.equal(metric.verdict, 'inconclusive');
    assert.equal(metric.missing!.minutes, null);
    assert.equal(metric.sentence.key, 'analysis.leaning.errorRate');
  });

  it('leans to harm in words when the canary is surely worse, but not surely beyond the margin', () => {
    const got = judge(evidence(side(100_000, 0.01, 100), side(5_000, 0.017, 100)));
    assert.equal(got.verdict, 'inconclusive');
    assert.equal(got.sentence.key, 'analysis.leaning.errorRate');
  });

  describe('nothing to compare', () => {
    const some = side(1_000, 0.5, 100);
    const cases: readonly [string, Evidence | null, Partial<Release>][] = [
      ['analysis.release.preparation', evidence(some, some), { phase: 'preparation' }],
      ['analysis.release.full', evidence(some, some), { phase: 'full' }],
      ['analysis.release.rolledBack', evidence(some, some), { phase: 'rolledBack' }],
      ['analysis.release.noEvidence', null, {}],
      ['analysis.release.noTraffic', evidence(tally(), tally()), {}],
      ['analysis.release.noCanary', evidence(some, tally()), {}],
      ['analysis.release.noStable', evidence(tally(), some), {}],
    ];
    for (const [key, of, changes] of cases) {
      it(key, () => {
        const got = judge(of, changes);
        assert.equal(got.verdict, 'noData');
        assert.equal(got.sentence.key, key);
        assert.equal(got.recommendation, null);
        assert.equal(got.worst, null);
        assert.ok(got.metrics.every((metric) => metric.verdict === 'noData' && metric.interval === null));
      });
    }
  });

  describe('recommendation', () => {
    const good = evidence(side(50_000, 0.01, 100), side(20_000, 0.01, 100));
    const bad = evidence(side(50_000, 0.01, 100), side(20_000, 0.1, 100));
    const key = (of: Evidence, changes: Partial<Release>) => judge(of, changes).recommendation?.key;
    it('next step, full, resume, or nothing to press', () => {
      assert.equal(key(good, {}), 'analysis.recommend.nextStep');
      assert.equal(key(good, { stepIndex: 1 }), 'analysis.recommend.promoteFull');
      assert.equal(key(good, { state: 'paused' }), 'analysis.recommend.resume');
      assert.equal(key(good, { abilities: abilities(false) }), undefined);
      assert.equal(key(bad, { abilities: abilities(false) }), 'analysis.recommend.rollbackElsewhere');
    });
  });

  describe('assigned share', () => {
    const of = evidence(side(9_000, 0.01, 100, 900), side(1_000, 0.01, 100, 100));
    it('counts users, with an interval, against the desired ratio', () => {
      const { assigned } = judge(of);
      assert.equal(assigned!.unit, 'users');
      assert.equal(assigned!.share, 0.1);
      assert.ok(assigned!.interval.low < 0.1 && assigned!.interval.high > 0.1);
      assert.equal(assigned!.offTarget, false);
    });
    it('is off target, said as a caveat, when the desired ratio is outside', () => {
      const got = judge(of, { ratio: { unit: 'users', desired: 0.3, actual: 0.3, since: null } });
      assert.equal(got.assigned!.offTarget, true);
      assert.ok(got.caveats.some((caveat) => caveat.key === 'analysis.caveat.assignedShare'));
    });
    it('is held against a ratio that holds since the release was made, inside the window', () => {
      const made = NOON - 60_000;
      const young = judge(of, { createdAt: made, ratio: { unit: 'users', desired: 0.3, actual: 0.3, since: made } });
      assert.equal(young.assigned!.offTarget, true);
      assert.ok(young.caveats.every((caveat) => caveat.key !== 'analysis.caveat.ratioMixed'));
    });
    it('is not held against a ratio that moved inside the window, nor against another unit', () => {
      const moved = judge(of, { ratio: { unit: 'users', desired: 0.3, actual: 0.3, since: NOON - 60_000 } });
      assert.equal(moved.assigned!.offTarget, null);
      assert.ok(moved.caveats.some((caveat) => caveat.key === 'analysis.caveat.ratioMixed'));
      assert.equal(judge(of, { ratio: { unit: 'replicas', desired: 0.3, actual: null, since: null } }).assigned!.offTarget, null);
      assert.equal(judge(of, { ratio: { unit: 'requests', desired: 0.1, actual: null, since: null } }).assigned!.unit, 'requests');
      assert.equal(judge(of, { ratio: { unit: 'users', desired: null, actual: null, since: null } }).assigned!.offTarget, null);
    });
  });

  it('says when the evidence is old and when few users make many requests', () => {
    const of = evidence(side(9_000, 0.01, 100, 900), side(1_000, 0.01, 100, 100));
    const got = assess({ release: release(), evidence: of, history: null, at: NOON + 10 * 60_000 });
    assert.deepEqual(
      got.caveats.map((caveat) => caveat.key),
      ['analysis.caveat.old', 'analysis.caveat.requestsPerUser'],
    );
  });
});
