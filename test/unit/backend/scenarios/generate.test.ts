import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SCENARIOS } from '../../../../src/backend/scenarios/catalogue.ts';
import type { ScenarioEvent } from '../../../../src/backend/scenarios/event.ts';
import { generate, type GenerateOptions } from '../../../../src/backend/scenarios/generate.ts';
import { assignAt, SCENARIO_START as START } from '../../../fakes/scenarios.ts';

const scenarios = Object.values(SCENARIOS);
const limit = { timeout: 60_000 };

const options = (changes: Partial<GenerateOptions> = {}): GenerateOptions => ({
  seed: 5,
  from: 0,
  to: 120,
  start: START,
  regression: true,
  assign: assignAt('salt', 0.1),
  ...changes,
});

const lines = (events: Iterable<ScenarioEvent>): string => [...events].map((event) => JSON.stringify(event)).join('\n');

describe('a scenario is a pure function of its options', () => {
  for (const scenario of scenarios) {
    it(`${scenario.id}: the same options give the same bytes, another seed gives others`, limit, () => {
      assert.equal(lines(generate(scenario, options())), lines(generate(scenario, options())));
      assert.notEqual(lines(generate(scenario, options())), lines(generate(scenario, options({ seed: 6 }))));
    });

    it(`${scenario.id}: it does not matter into which spans the time is cut, nor where one starts`, limit, () => {
      const whole = lines(generate(scenario, options({ from: 1100, to: 1400 })));
      const cuts = [1100, 1101, 1137, 1200, 1201, 1399, 1400];
      const pieces = cuts.slice(1).map((to, index) => lines(generate(scenario, options({ from: cuts[index]!, to }))));
      assert.equal(pieces.join('\n'), whole);
    });

    it(`${scenario.id}: ids are unique and belong to the run, times lie in their second`, limit, () => {
      const events = [...generate(scenario, options({ from: 40, to: 60 }))];
      assert.equal(new Set(events.map(({ id }) => id)).size, events.length);
      assert.ok(events.every(({ time }) => time >= START + 40_000 && time < START + 60_000));
      const later = new Set([...generate(scenario, options({ from: 40, to: 60, start: START + 1 }))].map(({ id }) => id));
      assert.ok(
        events.every(({ id }) => !later.has(id)),
        'a second run of the same scenario must not look like duplicates',
      );
    });

    it(`${scenario.id}: events name the release they are made for`, limit, () => {
      const names = new Set([...generate(scenario, options({ release: 'other' }))].map(({ release }) => release));
      assert.deepEqual([...names], ['other']);
    });
  }
});

describe('traffic', () => {
  for (const scenario of scenarios) {
    it(`${scenario.id}: requests a second keep to the stated mean and wave`, limit, () => {
      const perMinute = new Array<number>(60).fill(0);
      for (const event of generate(scenario, options({ to: 3600 }))) {
        if (event.kind === 'request') perMinute[Math.floor((event.time - START) / 60_000)]! += 1;
      }
      const swing = scenario.waves.reduce((sum, { amplitude }) => sum + amplitude, 0);
      for (const [minute, requests] of perMinute.entries()) {
        const expected = scenario.requestsPerSecond * 60;
        const noise = 5 * Math.sqrt(expected);
        assert.ok(Math.abs(requests - expected) < expected * swing + noise, `minute ${minute}: ${requests}`);
      }
      // It does move: a flat line would make every chart look dead.
      assert.ok(Math.max(...perMinute) / Math.min(...perMinute) > 1.2);
    });

    it(`${scenario.id}: users come back, some much more often than others`, limit, () => {
      const requests = new Map<string, number>();
      for (const event of generate(scenario, options({ to: 600 }))) {
        if (event.kind === 'request') requests.set(event.userId, (requests.get(event.userId) ?? 0) + 1);
      }
      const counts = [...requests.values()].sort((a, b) => b - a);
      assert.ok(counts.length > 300 && counts.length < 5000, `${counts.length} users`);
      const all = counts.reduce((sum, n) => sum + n, 0);
      const topTenth = counts.slice(0, Math.ceil(counts.length / 10)).reduce((sum, n) => sum + n, 0);
      assert.ok(topTenth / all > 0.15, `the busiest tenth makes ${topTenth} of ${all} requests`);
      assert.ok(counts[0]! / all < 0.03, 'no single user may decide a comparison');
    });

    it(`${scenario.id}: who comes when does not depend on the ratio`, limit, () => {
      const at = (ratio: number) =>
        [...generate(scenario, options({ assign: assignAt('salt', ratio) }))].flatMap((event) =>
          event.kind === 'request' ? [`${event.time} ${event.userId}`] : [],
        );
      assert.deepEqual(at(0.1), at(0.9));
    });

    it(`${scenario.id}: the variant is the assignment's, and only variants that run report resources`, limit, () => {
      const assign = assignAt('salt', 0.3);
      const seen = new Set<string>();
      for (const event of generate(scenario, options({ assign, running: (variant) => variant === 'stable' }))) {
        if (event.kind === 'resource') seen.add(event.variant);
        else assert.equal(event.variant, assign(event.userId));
      }
      assert.deepEqual([...seen], ['stable']);
    });
  }
});

describe('resource samples', () => {
  for (const scenario of scenarios) {
    it(`${scenario.id}: come every ${scenario.resourceEverySeconds} s for each variant and wander without jumps`, limit, () => {
      const samples = [...generate({ ...scenario, requestsPerSecond: 0.001 }, options({ to: 3600 }))].filter(
        (event) => event.kind === 'resource',
      );
      for (const variant of ['stable', 'canary'] as const) {
        const own = samples.filter((event) => event.variant === variant);
        assert.equal(own.length, 3600 / scenario.resourceEverySeconds);
        const mean = own.reduce((sum, { cpu }) => sum + cpu, 0) / own.length;
        assert.ok(Math.abs(mean - scenario.cpu.base) < scenario.cpu.perLoad * 0.3, `mean ${mean}`);
        let product = 0;
        let square = 0;
        for (let i = 1; i < own.length; i++) {
          product += (own[i]!.cpu - mean) * (own[i - 1]!.cpu - mean);
          square += (own[i]!.cpu - mean) ** 2;
          assert.ok(Math.abs(own[i]!.cpu - own[i - 1]!.cpu) < 4 * scenario.cpu.noise, `jump at sample ${i}`);
        }
        assert.ok(product / square > 0.8, 'neighbouring samples are alike');
        assert.ok(own.every(({ memoryBytes }) => Number.isInteger(memoryBytes) && memoryBytes > scenario.memoryBytes.floor));
      }
    });
  }
});
