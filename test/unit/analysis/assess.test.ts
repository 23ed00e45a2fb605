import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assess } from '../../../src/analysis/assess.ts';
import { randomOf } from '../../../src/analysis/detect/random.ts';
import { stratifiedDifference } from '../../../src/analysis/stats/stratifiedDifference.ts';
import type { Evidence, EvidenceStratum, Tally } from '../../../src/model/evidence.ts';
import { merge } from '../../../src/model/histogram.ts';
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
  it('calls a clear harm regressing, with its size, interval and counts', () => {
    const got = judge(evidence(side(36_000, 0.01, 120), side(4_000, 0.04, 121)));
    assert.equal(got.verdict, 'regressing');
    assert.equal(got.worst, 'errorRate');
    assert.equal(got.sentence.key, 'analysis.regressing.errorRate');
    const metric = metricOf(got, 'errorRate');
    assert.ok(Math.abs(metric.effect! - 0.03) < 1e-9);
    assert.ok(metric.interval!.low > 0.01 && metric.interval!.low < 0.03 && metric.interval!.high > 0.03);
    assert.equal((got.sentence.args['requests'] as Quantity).value, 4_000);
    assert.equal((got.sentence.args['effect'] as Quantity).unit, 'points');
    assert.equal(got.recommendation!.key, 'analysis.recommend.rollback');
    assert.equal(metricOf(got, 'latencyP50').verdict, 'healthy');
  });

  it('has no verdict and no forecast from counts that cannot be', () => {
    const metric = metricOf(judge(evidence(side(36_000, 0.01, 120), tally({ requests: 4_000, errors: 4_100, users: 2_000 }))), 'errorRate');
    assert.deepEqual([metric.verdict, metric.effect, metric.missing, metric.sentence.key], ['noData', null, null, 'analysis.impossible']);
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

  describe('margin and confidence', () => {
    const right = (correct: number) =>
      tally({
        requests: 1_000_000,
        users: 90_000,
        errors: 10,
        predictions: 1_000_000,
        correct: 1_000_000 * correct,
        latency: latencies(50, 5_000),
      });
    const many = (errorRate: number, median: number) =>
      tally({ requests: 1_000_000, errors: 1_000_000 * errorRate, users: 90_000, latency: latencies(median, 200_000) });
    it('with next to no doubt left the margin decides: 1 point of errors, 10 % of the median, 2 points of accuracy', () => {
      const verdicts = (metric: MetricId, stable: Tally, ...canaries: readonly Tally[]) =>
        canaries.map((canary) => metricOf(judge(evidence(stable, canary)), metric).verdict);
      const both = ['healthy', 'regressing'];
      assert.deepEqual(verdicts('errorRate', many(0.01, 100), many(0.019, 100), many(0.021, 100)), both);
      assert.deepEqual(verdicts('latencyP50', many(0.01, 100), many(0.01, 108.5), many(0.01, 111.5)), both);
      assert.deepEqual(verdicts('accuracy', right(0.9), right(0.882), right(0.878)), both);
    });

    it('calls neither what only a 99 % interval would call: 99.9 % are asked for, and said', () => {
      const canary = (errors: number) => tally({ requests: 2_000, errors, users: 900, latency: latencies(100, 2_000) });
      const at99 = (errors: number) =>
        stratifiedDifference([{ k1: errors, n1: 2_000, k2: 10_000, n2: 1_000_000, weight: 1 }], 0.99).interval;
      const metric = (errors: number) => metricOf(judge(evidence(many(0.01, 100), canary(errors))), 'errorRate');
      assert.ok(at99(59).low > 0.01, 'at 99 % it would regress');
      assert.equal(metric(59).verdict, 'inconclusive');
      assert.ok(at99(22).high < 0.01, 'at 99 % it would be healthy');
      assert.equal(metric(22).verdict, 'inconclusive');
      assert.equal(metric(59).confidence, 0.999);
      assert.deepEqual([metric(80).verdict, metric(10).verdict], ['regressing', 'healthy']);
      assert.equal((metric(80).sentence.args['confidence'] as Quantity).value, 0.999);
    });
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
      // Requests are enough: none is asked for.
      assert.equal(got.sentence.key, 'analysis.waitingOnlyUsers');
      assert.equal(bad(90, 19).sentence.key, 'analysis.waitingUsers');
      assert.equal(bad(400, 20).verdict, 'regressing');
    });
    it('asks for 1,000 requests a side where users are unknown, and says why, and that it took them as independent', () => {
      const few = bad(999, null);
      assert.equal(few.verdict, 'inconclusive');
      assert.equal(few.sentence.key, 'analysis.waitingUnidentified');
      assert.deepEqual(few.sentence.args['minimum'], { value: 1_000, unit: 'count' });
      assert.equal(metricOf(few, 'errorRate').missing!.requests, 1);
      const got = bad(1_000, null);
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

  it('calls no improvement near the limit of harm, where the traffic is too thin to tell when it will be known', () => {
    const times = Float64Array.from({ length: 60 }, (_, i) => NOON - (60 - i) * 60_000);
    const none = {
      variant: 'canary',
      metric: 'requests',
      unit: 'perSecond',
      times,
      values: times,
      counts: times.map((_, i) => Number(i < 10)),
    } as const;
    const history = { from: NOON - HOUR, to: NOON, stepMs: 60_000, series: [none, { ...none, variant: 'stable' as const }], changes: [] };
    const key = (errorRate: number): string => {
      const of = evidence(side(3_000, 0.03, 100), side(200, errorRate, 100));
      return metricOf(assess({ release: release(), evidence: of, history, at: NOON }), 'errorRate').sentence.key;
    };
    assert.deepEqual([key(0.025), key(0.04)], ['analysis.unsure', 'analysis.close']);
  });

  describe('nothing to compare', () => {
    const some = side(1_000, 0.5, 100);
    const cases: readonly [string, Evidence | null, Partial<Release>][] = [
      ['analysis.release.preparation', evidence(some, some), { phase: 'preparation' }],
      ['analysis.release.full', evidence(some, some), { phase: 'full' }],
      ['analysis.release.rolledBack', evidence(some, some), { phase: 'rolledBack' }],
      // Nobody told the phase of a release that is seen only in logs, so the sentence tells what was seen.
      ['analysis.release.noCanarySeen', evidence(some, some), { phase: 'preparation', owner: { kind: 'logs', name: 'Edge' } }],
      ['analysis.release.onlyCanarySeen', evidence(some, some), { phase: 'full', owner: { kind: 'logs', name: 'Edge' } }],
      ['analysis.release.canaryGone', evidence(some, some), { phase: 'rolledBack', owner: { kind: 'logs', name: 'Edge' } }],
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
        assert.ok(got.metrics.every((metric) => metric.verdict === 'noData'));
        const isOver = changes.phase === 'full' || changes.phase === 'rolledBack';
        assert.ok(isOver || got.metrics.every((metric) => metric.interval === null));
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
    it('never leads on a release that its own guardrail stopped, and does not call it healthy', () => {
      assert.equal(key(good, { state: 'degraded' }), 'analysis.recommend.degraded');
      assert.equal(key(good, { state: 'degraded', abilities: abilities(false) }), 'analysis.recommend.degradedElsewhere');
      const { verdict, sentence } = judge(good, { state: 'degraded' });
      assert.deepEqual([verdict, sentence.key], ['inconclusive', 'analysis.release.degraded']);
      assert.equal(judge(bad, { state: 'degraded' }).verdict, 'regressing');
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
    it('of a release that is only observed is that of the last five minutes, as the ratio shown is; of another that of the whole window', () => {
      const recent = evidence(side(300, 0.01, 100, 90), side(300, 0.01, 100, 90), 5);
      const share = (ratio: Release['ratio']) =>
        assess({ release: release({ ratio }), evidence: of, history: null, recent, at: NOON }).assigned!;
      const seen = share({ unit: 'requests', desired: null, actual: 0.5, since: null });
      assert.equal(seen.share, 0.5);
      assert.ok(seen.interval.low < 0.5 && seen.interval.high > 0.5);
      assert.deepEqual([seen.from, seen.to], [recent.from, recent.to]);
      const told = share({ unit: 'users', desired: 0.1, actual: 0.1, since: NOON - 5 * HOUR });
      assert.deepEqual([told.share, told.from, told.to], [0.1, of.from, of.to]);
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

  describe('a ratio that moved inside the window', () => {
    interface Half {
      readonly canaryShare: number;
      readonly stable: readonly [errorRate: number, median: number];
      readonly canary: readonly [errorRate: number, median: number];
    }
    /** Two half hours of 60,000 requests each, the ratio raised between them. */
    const halves = (...of: readonly [Half, Half]): { readonly cut: Evidence; readonly pooled: Evidence } => {
      const strata = of.map(({ canaryShare, stable, canary }, i): EvidenceStratum => {
        const [from, to] = [NOON - HOUR + (i * HOUR) / 2, NOON - HOUR / 2 + (i * HOUR) / 2];
        const n = Math.round(60_000 * canaryShare);
        return { from, to, variants: { stable: side(60_000 - n, ...stable), canary: side(n, ...canary) } };
      });
      const sum = (variant: 'stable' | 'canary'): Tally => {
        const [a, b] = [strata[0]!.variants[variant], strata[1]!.variants[variant]];
        return tally({
          requests: a.requests + b.requests,
          errors: a.errors + b.errors,
          users: 5_000,
          latency: merge(a.latency, b.latency),
        });
      };
      const pooled = evidence(sum('stable'), sum('canary'));
      return { cut: { ...pooled, strata }, pooled };
    };
    const verdictOf = (of: Evidence, id: MetricId) => metricOf(judge(of), id).verdict;

    it('is no regression where both sides fail alike in each half, and the bad half had the larger ratio', () => {
      const { cut, pooled } = halves(
        { canaryShare: 0.05, stable: [0.001, 100], canary: [0.001, 100] },
        { canaryShare: 0.5, stable: [0.05, 100], canary: [0.05, 100] },
      );
      assert.equal(verdictOf(pooled, 'errorRate'), 'regressing', 'the mixture looks like harm');
      const got = judge(cut);
      assert.equal(got.verdict, 'healthy');
      const metric = metricOf(got, 'errorRate');
      assert.ok(Math.abs(metric.effect!) < 1e-9, String(metric.effect));
      assert.ok(Math.abs(metric.canary! - metric.stable!) < 1e-9, 'the values shown do not say otherwise');
    });

    it('is not healthy where the canary fails more often in both halves, and the ratio was raised after the bad one', () => {
      const { cut, pooled } = halves(
        { canaryShare: 0.05, stable: [0.05, 100], canary: [0.07, 100] },
        { canaryShare: 0.5, stable: [0.001, 100], canary: [0.021, 100] },
      );
      assert.equal(verdictOf(pooled, 'errorRate'), 'healthy', 'the mixture hides it');
      const metric = metricOf(judge(cut), 'errorRate');
      assert.equal(metric.verdict, 'regressing');
      assert.ok(Math.abs(metric.effect! - 0.02) < 1e-6);
      assert.ok(Math.abs(metric.canary! - metric.stable! - metric.effect!) < 1e-9);
    });

    it('weighs a stretch by what it can tell, where the harm differs', () => {
      const { cut } = halves(
        { canaryShare: 0.05, stable: [0.01, 100], canary: [0.01, 100] },
        { canaryShare: 0.5, stable: [0.01, 100], canary: [0.03, 100] },
      );
      const [small, large] = [0.05 * 0.95, 0.5 * 0.5];
      const { effect } = metricOf(judge(cut), 'errorRate');
      assert.ok(Math.abs(effect! - (0.02 * large) / (small + large)) < 1e-9, String(effect));
    });

    it('response times: the same both ways', () => {
      const alike = halves(
        { canaryShare: 0.05, stable: [0.01, 100], canary: [0.01, 100] },
        { canaryShare: 0.5, stable: [0.01, 200], canary: [0.01, 200] },
      );
      assert.equal(verdictOf(alike.pooled, 'latencyP50'), 'regressing');
      const same = metricOf(judge(alike.cut), 'latencyP50');
      assert.equal(same.verdict, 'healthy');
      assert.ok(Math.abs(same.canary! / same.stable! - 1) < 0.01, `${same.canary} against ${same.stable}`);
      const slower = halves(
        { canaryShare: 0.05, stable: [0.01, 200], canary: [0.01, 260] },
        { canaryShare: 0.5, stable: [0.01, 100], canary: [0.01, 130] },
      );
      assert.equal(verdictOf(slower.pooled, 'latencyP50'), 'healthy');
      const harm = metricOf(judge(slower.cut), 'latencyP50');
      assert.equal(harm.verdict, 'regressing');
      assert.ok(Math.abs(harm.effect! - 0.3) < 0.02);
      assert.ok(harm.canary! > harm.stable!, 'the values shown do not say otherwise');
    });

    it('says that stretches are compared, and how much of the window they are', () => {
      const quiet = { stable: [0.01, 100], canary: [0.01, 100] } as const;
      const { cut } = halves({ canaryShare: 0, ...quiet }, { canaryShare: 0.3, ...quiet });
      const history = {
        from: NOON - HOUR,
        to: NOON,
        stepMs: 10_000,
        series: [],
        changes: [{ time: NOON - HOUR / 2, from: 0, to: 0.3, by: null, reason: null, action: 'setRatio' }],
      };
      const got = assess({ release: release(), evidence: cut, history, at: NOON });
      assert.equal(got.verdict, 'healthy');
      assert.deepEqual(got.sentence.args['span'], { value: 1800, unit: 'seconds' });
      assert.equal(metricOf(got, 'errorRate').counts.stable, 42_000, 'what was before the canary is not compared');
      assert.ok(got.caveats.some(({ key }) => key === 'analysis.caveat.ratioChanged'));
      const newest = { ...cut, strata: [cut.strata![1]!] };
      assert.ok(
        assess({
          release: release(),
          evidence: { ...cut, strata: [{ ...newest.strata[0]!, to: NOON - 60_000 }, newest.strata[0]!] },
          history,
          at: NOON,
        }).caveats.some(({ key }) => key === 'analysis.caveat.ratioChangedOften'),
      );
    });

    it('compares nothing where the sides were never seen together', () => {
      const { cut, pooled } = halves(
        { canaryShare: 0, stable: [0.01, 100], canary: [0, 100] },
        { canaryShare: 1, stable: [0, 100], canary: [0.2, 300] },
      );
      assert.equal(judge(pooled).verdict, 'regressing');
      const got = judge(cut);
      assert.equal(got.verdict, 'noData');
      assert.equal(got.sentence.key, 'analysis.notTogether');
      assert.ok(got.metrics.every((metric) => metric.interval === null && metric.effect === null));
    });

    it('splitting a window in which the ratio held changes little', () => {
      const random = randomOf(5);
      const chance = (n: number, p: number): number => Array.from({ length: n }, () => random()).filter((u) => u < p).length;
      for (let round = 0; round < 40; round++) {
        const p = [random() * 0.05, random() * 0.05] as const;
        const median = 80 + 60 * random();
        const parts = 2 + Math.floor(random() * 6);
        const one = (requests: number, errorRate: number, of: number): Tally =>
          tally({ requests, errors: chance(requests, errorRate), latency: latencies(of, requests) });
        const strata = Array.from({ length: parts }, (_, i): EvidenceStratum => ({
          from: NOON - HOUR + (i * HOUR) / parts,
          to: NOON - HOUR + ((i + 1) * HOUR) / parts,
          variants: { stable: one(2_000, p[0], 100), canary: one(300, p[1], median) },
        }));
        const sum = (variant: 'stable' | 'canary'): Tally =>
          strata
            .map(({ variants }) => variants[variant])
            .reduce((a, b) =>
              tally({ requests: a.requests + b.requests, errors: a.errors + b.errors, latency: merge(a.latency, b.latency) }),
            );
        const whole = evidence(sum('stable'), sum('canary'));
        for (const id of ['errorRate', 'latencyP50'] as const) {
          const [a, b] = [metricOf(judge(whole), id), metricOf(judge({ ...whole, strata }), id)];
          const width = a.interval!.high - a.interval!.low;
          for (const end of ['low', 'high'] as const) {
            assert.ok(Math.abs(a.interval![end] - b.interval![end]) < 0.1 * width, `${id} ${end} ${a.interval![end]} ${b.interval![end]}`);
          }
          assert.ok(Math.abs(a.effect! - b.effect!) < 0.05 * width && Math.abs(a.canary! / b.canary! - 1) < 0.02);
          assert.deepEqual(a.counts, b.counts);
        }
      }
    });
  });

  describe('users reached by harm', () => {
    const bad = evidence(side(19_000, 0.01, 100, 5_000), side(20_000, 0.1, 100, 4_000));
    const said = (recent: ReturnType<typeof evidence> | null, at = NOON): number | null => {
      const users = assess({ release: release(), evidence: bad, history: null, recent, at }).sentence.args['users'];
      return typeof users === 'object' ? users.value : null;
    };
    const lately = evidence(side(1_000, 0.01, 100, 900), side(1_000, 0.1, 100, 640), 5);
    it('are those that were counted in the last five minutes, not a share of those of the hour', () => assert.equal(said(lately), 640));
    it('are not told where they are not known, nor of a log that stands still', () => {
      assert.equal(said(null), null);
      assert.equal(said(evidence(side(1_000, 0.01, 100, null), side(1_000, 0.1, 100, null), 5)), null);
      assert.equal(said(lately, NOON + 2 * 60_000), null);
    });
  });

  it('tells requests a second, and for how long none was worse, over the time that has data', () => {
    const of = evidence(side(10_800, 0.01, 100, 5_000), side(10_800, 0.01, 100, 5_000));
    const times = Float64Array.from({ length: 60 }, (_, i) => NOON - HOUR + i * 60_000);
    const counts = times.map((_, i) => (i < 42 ? 0 : 600));
    const series = { metric: 'requests', unit: 'perSecond', times, values: counts, counts } as const;
    const history = {
      from: NOON - HOUR,
      to: NOON,
      stepMs: 60_000,
      series: [
        { ...series, variant: 'stable' as const },
        { ...series, variant: 'canary' as const },
      ],
      changes: [],
    };
    const got = assess({ release: release(), evidence: of, history, at: NOON });
    assert.equal(metricOf(got, 'requests').canary, 10, 'eighteen minutes, not an hour');
    assert.equal(got.verdict, 'healthy');
    assert.equal((got.sentence.args['span'] as Quantity).value, 18 * 60);
  });

  it('keeps the differences that led to a roll-back, without a verdict', () => {
    const bad = evidence(side(36_000, 0.01, 120), side(4_000, 0.04, 121));
    const got = judge(bad, { phase: 'rolledBack' });
    assert.equal(got.verdict, 'noData');
    const { verdict, effect, interval } = metricOf(got, 'errorRate');
    assert.equal(verdict, 'noData');
    assert.ok(effect !== null && Math.abs(effect - 0.03) < 1e-9 && interval !== null);
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
