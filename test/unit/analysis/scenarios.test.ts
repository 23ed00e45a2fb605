import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { assess } from '../../../src/analysis/assess.ts';
import { segmentsOf } from '../../../src/analysis/ratioSegments.ts';
import { PLANTED } from '../../../src/backend/scenarios/planted.ts';
import { SCENARIO_IDS, type ScenarioId } from '../../../src/backend/scenarios/scenario.ts';
import type { Anomaly, Assessment } from '../../../src/model/assessment.ts';
import { HOUR, NOON, release } from './fixtures.ts';
import { runScenario, type RunOptions } from './scenarioRun.ts';

const STEP_MS = 10_000;
/** A look every four minutes, each at what was known then; the store looks more often, at nearly the same data. */
const LOOKS = Array.from({ length: 15 }, (_, i) => (i + 1) * 240);

interface Watched {
  /** The assessment of each look. */
  readonly looks: readonly Assessment[];
  /** Every marker that any look showed, as it first was, and the second of that look. */
  readonly markers: readonly { readonly anomaly: Anomaly; readonly seenAt: number }[];
}

const watch = (options: Omit<RunOptions, 'seconds'>, known = true): Watched => {
  const { rollup, changes } = runScenario({ ...options, seconds: 3600 });
  const markers = new Map<string, { anomaly: Anomaly; seenAt: number }>();
  const looks = LOOKS.map((second) => {
    const to = NOON + second * 1000;
    const from = to - HOUR;
    const history = {
      from,
      to,
      stepMs: STEP_MS,
      series: rollup.history(from, to, STEP_MS),
      changes: known ? changes.filter(({ time }) => time < to) : [],
    };
    // As the monitor does: what is known of the ratio cuts the window; without that, what the traffic shows.
    const of = release(known ? {} : { owner: { kind: 'logs', name: 'access.log' } });
    const whole = rollup.evidence(from, to);
    const strata = segmentsOf(of, whole, history).map((segment) => rollup.evidence(segment.from, segment.to));
    const assessment = assess({ release: of, evidence: { ...whole, strata }, history, at: to });
    for (const anomaly of assessment.anomalies) {
      if (!markers.has(anomaly.id)) markers.set(anomaly.id, { anomaly, seenAt: second });
    }
    return assessment;
  });
  return { looks, markers: [...markers.values()] };
};

const secondOf = (time: number): number => (time - NOON) / 1000;
const seedsOf = (scenario: ScenarioId): readonly number[] => [PLANTED[scenario].seed, 1, 2];

describe('an hour of each scenario, looked at every four minutes', { timeout: 120_000 }, () => {
  const lines: string[] = [];
  after(() => lines.forEach((line) => console.log(line)));

  for (const scenario of SCENARIO_IDS) {
    for (const seed of seedsOf(scenario)) {
      it(`${scenario}, seed ${seed}, without its regression: no alert and at most one marker`, () => {
        const { looks, markers } = watch({ scenario, seed, regression: false });
        lines.push(
          `${scenario} ${seed} without: ${markers.length} markers over ${looks.length} looks, last verdict ${looks.at(-1)?.verdict}`,
        );
        assert.equal(looks.filter((look) => look.verdict === 'regressing').length, 0);
        assert.ok(markers.length <= 1, JSON.stringify(markers));
      });

      it(`${scenario}, seed ${seed}, with its regression: a marker and a verdict after the onset, none before`, () => {
        const planted = PLANTED[scenario];
        const { looks, markers } = watch({ scenario, seed, regression: true });
        const first = LOOKS[looks.findIndex((look) => look.verdict === 'regressing')];
        const own = markers.filter(({ anomaly }) => anomaly.metric === planted.metric && anomaly.variant === 'canary');
        const marked = Math.min(...own.map(({ seenAt }) => seenAt));
        lines.push(`${scenario} ${seed} with: onset ${planted.second} s, first marker seen ${marked} s, regressing ${first} s`);
        assert.ok(first !== undefined && first > planted.second, `regressing at ${first}`);
        assert.ok(first <= planted.second + planted.verdictWithinSeconds, `regressing at ${first}`);
        const last = looks.at(-1);
        assert.equal(last?.verdict, 'regressing');
        assert.equal(last.worst, planted.metric);
        assert.ok(marked <= planted.second + 600, `the first marker came at ${marked} s`);
        for (const { anomaly } of markers) {
          assert.ok(secondOf(anomaly.from) >= planted.second - 60, `${anomaly.id} begins long before the onset`);
          const { low, high } = anomaly.band;
          assert.ok(anomaly.seen < low || anomaly.seen > high, `${anomaly.id}: what was seen lies outside what was expected`);
          assert.ok(anomaly.expected >= low && anomaly.expected <= high);
        }
        assert.ok(
          last.anomalies.some(({ metric, severity }) => metric === planted.metric && severity === 'major'),
          'in the end it is one major run',
        );
      });
    }
  }

  const ratios = [
    { second: 0, ratio: 0.1 },
    { second: 900, ratio: 0.25 },
    { second: 2400, ratio: 0.5 },
  ];

  it('a ratio that is raised twice, as the history knows, is no anomaly', () => {
    const { markers, looks } = watch({ scenario: 'finance', seed: 5, regression: false, ratios });
    assert.deepEqual(markers, []);
    assert.ok(looks.at(-1)?.caveats.some(({ key }) => key === 'analysis.caveat.ratioChanged'));
  });

  it('a ratio that is raised where nobody knows of it (logs) shows as a change of the canary’s traffic when it happens', () => {
    const { markers, looks } = watch({ scenario: 'commerce', seed: 5, regression: false, ratios }, false);
    assert.ok(looks.at(-1)?.caveats.some(({ key }) => key === 'analysis.caveat.ratioObserved'));
    assert.ok(looks.every(({ verdict }) => verdict !== 'regressing'));
    assert.deepEqual(
      [...new Set(markers.map(({ anomaly }) => `${anomaly.variant} ${anomaly.metric} ${anomaly.severity}`))],
      ['canary requests minor'],
    );
    assert.deepEqual(
      markers.map(({ anomaly }) => secondOf(anomaly.from)),
      [900, 2400],
    );
  });
});
