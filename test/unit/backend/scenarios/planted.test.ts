import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SCENARIOS } from '../../../../src/backend/scenarios/catalogue.ts';
import { generate } from '../../../../src/backend/scenarios/generate.ts';
import { PLANTED } from '../../../../src/backend/scenarios/planted.ts';
import type { ScenarioId } from '../../../../src/backend/scenarios/scenario.ts';
import { METRIC_RULES } from '../../../../src/model/metric.ts';
import type { VariantRole } from '../../../../src/model/release.ts';
import { assignAt, SCENARIO_START } from '../../../fakes/scenarios.ts';

const limit = { timeout: 120_000 };
const METRICS = ['errorRate', 'clientErrorRate', 'accuracy', 'rating', 'latencyP50'] as const;
type Counted = (typeof METRICS)[number];

/** A plain count: no roll-up, no histogram, nothing of the product in between. */
interface Raw {
  readonly latencies: number[];
  requests: number;
  errors: number;
  clientErrors: number;
  predictions: number;
  correct: number;
  ratings: number;
  ratingSum: number;
}

const count = (id: ScenarioId, from: number, to: number, regression: boolean): Readonly<Record<VariantRole, Raw>> => {
  const none = (): Raw => ({
    latencies: [],
    requests: 0,
    errors: 0,
    clientErrors: 0,
    predictions: 0,
    correct: 0,
    ratings: 0,
    ratingSum: 0,
  });
  const raw = { stable: none(), canary: none() };
  const scenario = SCENARIOS[id];
  const assign = assignAt(scenario.release.id, scenario.release.ratio);
  for (const event of generate(scenario, { seed: PLANTED[id].seed, from, to, start: SCENARIO_START, regression, assign })) {
    const side = raw[event.variant];
    if (event.kind === 'request') {
      side.requests += 1;
      side.latencies.push(event.latencyMs);
      if (event.status >= 500) side.errors += 1;
      else if (event.status >= 400) side.clientErrors += 1;
    } else if (event.kind === 'prediction') {
      side.predictions += 1;
      if (event.correct) side.correct += 1;
    } else if (event.kind === 'feedback') {
      side.ratings += 1;
      side.ratingSum += event.rating;
    }
  }
  return raw;
};

/** The difference canary − stable and its standard error; latency as a difference of log medians. */
const difference = (
  metric: Counted,
  { stable, canary }: Readonly<Record<VariantRole, Raw>>,
): { readonly effect: number; readonly error: number } => {
  const share = (hits: (raw: Raw) => number, of: (raw: Raw) => number) => {
    const [p, q, n, m] = [hits(canary) / of(canary), hits(stable) / of(stable), of(canary), of(stable)];
    return { effect: p - q, error: Math.sqrt((p * (1 - p)) / n + (q * (1 - q)) / m) };
  };
  switch (metric) {
    case 'errorRate':
      return share(
        (raw) => raw.errors,
        (raw) => raw.requests,
      );
    case 'clientErrorRate':
      return share(
        (raw) => raw.clientErrors,
        (raw) => raw.requests,
      );
    case 'accuracy':
      return share(
        (raw) => raw.correct,
        (raw) => raw.predictions,
      );
    case 'rating': {
      const effect = canary.ratingSum / canary.ratings - stable.ratingSum / stable.ratings;
      return { effect, error: 1.1 * Math.sqrt(1 / canary.ratings + 1 / stable.ratings) };
    }
    case 'latencyP50': {
      const median = (raw: Raw): number => Math.log(raw.latencies.sort((a, b) => a - b)[Math.floor(raw.requests / 2)]!);
      return { effect: median(canary) - median(stable), error: 0.55 * Math.sqrt(1 / canary.requests + 1 / stable.requests) };
    }
  }
};

for (const planted of Object.values(PLANTED)) {
  const { scenario, second, metric, effect } = planted;

  describe(`${scenario}: ${metric} from second ${second} on`, () => {
    it('is in the raw events with the stated effect, and in no other metric', limit, () => {
      const after = count(scenario, second, second + 2400, true);
      for (const other of METRICS) {
        const seen = difference(other, after);
        const expected = other !== metric ? 0 : planted.effectUnit === 'points' ? effect : Math.log(1 + effect);
        assert.ok(Math.abs(seen.effect - expected) < 4 * seen.error, `${other}: ${seen.effect} ± ${seen.error}, expected ${expected}`);
      }
      const own = difference(metric, after);
      assert.ok(Math.abs(own.effect) > 10 * own.error, `${own.effect} ± ${own.error} stands out`);
    });

    it('is not there a second before it begins, nor without the regression', limit, () => {
      for (const raw of [count(scenario, 0, second, true), count(scenario, 0, 3600, false)]) {
        for (const each of METRICS) {
          const seen = difference(each, raw);
          assert.ok(Math.abs(seen.effect) < 4 * seen.error, `${each}: ${seen.effect} ± ${seen.error}`);
        }
      }
    });

    it('changes nothing before its second and nothing of the stable ever', limit, () => {
      assert.deepEqual(count(scenario, second - 300, second, true), count(scenario, second - 300, second, false));
      assert.deepEqual(count(scenario, second, second + 300, true).stable, count(scenario, second, second + 300, false).stable);
      assert.notDeepEqual(count(scenario, second, second + 300, true).canary, count(scenario, second, second + 300, false).canary);
    });

    it('harms by more than the margin of its metric', limit, () => {
      const rule = METRIC_RULES[metric];
      assert.equal(planted.effectUnit, rule.marginUnit);
      assert.ok((rule.harm === 'up' ? effect : -effect) > 2 * rule.margin);
    });
  });
}
