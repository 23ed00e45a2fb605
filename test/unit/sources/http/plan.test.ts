import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Intent } from '../../../../src/model/intent.ts';
import { INTENT_KINDS, type IntentKind, type Release } from '../../../../src/model/release.ts';
import { isUnder } from '../../../../src/sources/http/client.ts';
import { planFor, planWithReason } from '../../../../src/sources/http/plan.ts';
import { toRelease } from '../../../../src/sources/http/toRelease.ts';
import { decodeRelease, type Role } from '../../../../src/sources/http/wire.ts';
import type { Plan } from '../../../../src/sources/source.ts';
import { wireRelease } from '../../../fakes/wireRelease.ts';

const releaseOf = (changes: Readonly<Record<string, unknown>> = {}, role: Role | null = 'operator'): Release => {
  const wire = decodeRelease(wireRelease(changes));
  assert.ok(wire.ok, JSON.stringify(wire));
  return toRelease(wire.value, 'svc', 'Service', role);
};
const plan = (release: Release, intent: Intent): Plan => {
  const planned = planFor(release, intent, { sourceUrl: 'http://svc.example/base/?x=1', actor: null, newId: () => 'id' });
  assert.ok(planned.ok, JSON.stringify(planned));
  return planned.value;
};
const can = (release: Release): readonly IntentKind[] => INTENT_KINDS.filter((kind) => release.abilities[kind].can);
const why = (release: Release, kind: IntentKind): string | null => {
  const ability = release.abilities[kind];
  return ability.can ? null : ability.why.key;
};

describe('http source: what can be done when', () => {
  it('follows phase, state and steps', () => {
    assert.deepEqual(can(releaseOf({ phase: 'preparation', state: 'waiting', ratio: 0, stepIndex: -1 })), [
      'setRatio',
      'nextStep',
      'jumpToStep',
      'promote',
      'abort',
      'undo',
    ]);
    const everything = ['setRatio', 'nextStep', 'jumpToStep', 'promote', 'promoteFull', 'pause', 'abort', 'rollback', 'undo'];
    assert.deepEqual(can(releaseOf()), everything);
    assert.deepEqual(can(releaseOf({ phase: 'full', state: 'completed', ratio: 1 })), ['rollback']);
    assert.deepEqual(can(releaseOf({ phase: 'rolledBack', state: 'aborted', ratio: 0 })), []);
  });

  it('says why not', () => {
    assert.equal(why(releaseOf({ stepIndex: 2 }), 'nextStep'), 'source.cannot.lastStep');
    assert.equal(why(releaseOf({ steps: [], stepIndex: -1 }), 'nextStep'), 'source.cannot.noSteps');
    assert.equal(why(releaseOf({ state: 'paused' }), 'pause'), 'source.cannot.alreadyPaused');
    assert.equal(why(releaseOf(), 'resume'), 'source.cannot.notPaused');
    assert.equal(why(releaseOf({ phase: 'full', state: 'completed' }), 'setRatio'), 'source.cannot.phaseFull');
    assert.equal(why(releaseOf({ phase: 'rolledBack', state: 'aborted' }), 'setRatio'), 'source.cannot.aborted');
    assert.equal(why(releaseOf(), 'restart'), 'source.cannot.unsupported');
  });

  it('lets a viewer do nothing, whatever the phase', () => {
    const release = releaseOf({}, 'viewer');
    assert.deepEqual(can(release), []);
    assert.equal(why(release, 'setRatio'), 'source.cannot.viewer');
    // A service that does not say the role has the last word itself.
    assert.ok(can(releaseOf({}, null)).includes('setRatio'));
  });
});

describe('http source: plans', () => {
  it('hold the exact request with its precondition', () => {
    const { request, facts, revision } = plan(releaseOf(), { kind: 'setRatio', ratio: 0.2 });
    assert.deepEqual(request, {
      method: 'PATCH',
      url: 'http://svc.example/base/api/v1/releases/fraud-model',
      headers: { 'if-match': '"7"', 'content-type': 'application/json' },
      body: '{"ratio":0.2}',
    });
    assert.deepEqual(
      [facts, revision],
      [{ ratio: 0.1, phase: 'gray', state: 'waiting', stepIndex: 0, nextRatio: 0.2, pauseSeconds: 600, thenRatio: 0.8 }, '7'],
    );
  });

  const requests: readonly [Intent, method: string, path: string, body: string, to: number | null][] = [
    [{ kind: 'nextStep' }, 'POST', '/actions/promote', '{}', 0.2],
    [{ kind: 'promote' }, 'POST', '/actions/promote', '{}', 0.2],
    [{ kind: 'jumpToStep', stepIndex: 2 }, 'PATCH', '', '{"ratio":0.8}', 0.8],
    [{ kind: 'promoteFull' }, 'POST', '/actions/promote', '{"full":true}', 1],
    [{ kind: 'pause' }, 'POST', '/actions/pause', '{}', null],
    [{ kind: 'abort' }, 'POST', '/actions/abort', '{}', 0],
    [{ kind: 'rollback' }, 'POST', '/actions/rollback', '{}', 0],
  ];
  for (const [intent, method, path, body, to] of requests) {
    it(`${intent.kind} is ${method} ${path}`, () => {
      const planned = plan(releaseOf(), intent);
      assert.deepEqual([planned.request.method, planned.request.body, planned.from, planned.to], [method, body, 0.1, to]);
      assert.ok(planned.request.url.endsWith(`/releases/fraud-model${path}`));
      assert.ok(planned.consequences.length > 0);
    });
  }

  it('are dangerous where it hurts: everything back, everyone on, a large rise', () => {
    const dangerous = (intent: Intent, changes = {}): boolean => plan(releaseOf(changes), intent).dangerous;
    for (const kind of ['abort', 'rollback', 'promoteFull'] as const) assert.equal(dangerous({ kind }), true, kind);
    assert.equal(dangerous({ kind: 'promote' }, { stepIndex: 2, ratio: 0.8 }), true);
    assert.equal(dangerous({ kind: 'nextStep' }, { stepIndex: 1, ratio: 0.2 }), true);
    assert.equal(dangerous({ kind: 'setRatio', ratio: 0.35 }), false);
    assert.equal(dangerous({ kind: 'setRatio', ratio: 0.36 }), true);
    assert.equal(dangerous({ kind: 'setRatio', ratio: 1 }, { ratio: 0.9 }), true);
    assert.equal(dangerous({ kind: 'setRatio', ratio: 0 }, { ratio: 0.9 }), false);
    assert.equal(dangerous({ kind: 'pause' }), false);
  });

  it('name what undoes them, and what does not come back', () => {
    assert.deepEqual(plan(releaseOf(), { kind: 'nextStep' }).inverse, { kind: 'setRatio', ratio: 0.1 });
    assert.deepEqual(plan(releaseOf(), { kind: 'pause' }).inverse, { kind: 'resume' });
    assert.deepEqual(plan(releaseOf({ state: 'paused' }), { kind: 'resume' }).inverse, { kind: 'pause' });
    for (const kind of ['abort', 'rollback', 'promoteFull'] as const) {
      const { inverse, irreversible } = plan(releaseOf(), { kind });
      assert.deepEqual([inverse, irreversible.length], [null, 1], kind);
    }
    const starting = plan(releaseOf({ phase: 'preparation', ratio: 0, stepIndex: -1 }), { kind: 'setRatio', ratio: 0.1 });
    assert.deepEqual(
      starting.irreversible.map(({ key }) => key),
      ['source.plan.noWayBackToPreparation'],
    );
  });

  it('are dangerous where the service then goes on far by itself, and know how far', () => {
    const steps = [
      { ratio: 0.1, pauseSeconds: 600 },
      { ratio: 0.2, pauseSeconds: 600 },
      { ratio: 0.9, pauseSeconds: 600 },
    ];
    const paused = { steps, state: 'paused', pauseLeftMs: 1_000 };
    const of = (intent: Intent, changes: Readonly<Record<string, unknown>>) => {
      const { goesOnTo, dangerous } = plan(releaseOf(changes), intent);
      return [goesOnTo, dangerous];
    };
    assert.deepEqual(of({ kind: 'resume' }, { ...paused, ratio: 0.1 }), [0.2, false]);
    assert.deepEqual(of({ kind: 'resume' }, { ...paused, ratio: 0.2, stepIndex: 1 }), [0.9, true]);
    assert.deepEqual(of({ kind: 'resume' }, { ...paused, ratio: 0.9, stepIndex: 2 }), [1, true]);
    assert.deepEqual(of({ kind: 'promote' }, { steps, ratio: 0.1 }), [0.9, true]);
    assert.deepEqual(of({ kind: 'setRatio', ratio: 0.9 }, { steps, ratio: 0.85, stepIndex: 1 }), [1, true]);
    // What stands still after it, or is no change, goes on to nothing.
    assert.deepEqual(of({ kind: 'setRatio', ratio: 0.2 }, { ...paused, ratio: 0.1 }), [null, false]);
    assert.deepEqual(of({ kind: 'setRatio', ratio: 0.1 }, { steps, ratio: 0.1 }), [null, false]);
    assert.deepEqual(of({ kind: 'pause' }, { steps, ratio: 0.2, stepIndex: 1 }), [null, false]);
  });

  const says = (changes: Readonly<Record<string, unknown>>, intent: Intent): readonly string[] =>
    plan(releaseOf(changes), intent).consequences.map(({ key, args }) => {
      const shown = Object.entries(args).map(([name, arg]) => `${name}=${typeof arg === 'object' ? arg.value : arg}`);
      return [key.replace('source.plan.', ''), ...shown].join(' ');
    });
  const timed = {
    steps: [
      { ratio: 0.1, pauseSeconds: null },
      { ratio: 0.2, pauseSeconds: 600 },
      { ratio: 0.8, pauseSeconds: 60 },
    ],
  };

  it('say that the service then goes on by itself, when and how far', () => {
    assert.deepEqual(says(timed, { kind: 'setRatio', ratio: 0.2 }).at(-1), 'goesOn pause=600 next=0.8');
    assert.deepEqual(says(timed, { kind: 'jumpToStep', stepIndex: 2 }).at(-1), 'goesFull pause=60 version=v42');
    assert.deepEqual(says({ ...timed, ratio: 0.2, stepIndex: 1 }, { kind: 'nextStep' }).at(-1), 'goesFull pause=60 version=v42');
    assert.deepEqual(says(timed, { kind: 'setRatio', ratio: 0.15 }).at(-1), 'stepWaits');
    assert.deepEqual(says({ ...timed, ratio: 0.2, stepIndex: 1 }, { kind: 'setRatio', ratio: 0.1 }).at(-1), 'stepWaits');
    assert.deepEqual(says(timed, { kind: 'setRatio', ratio: 0.1 }), ['nothing']);
  });

  it('say what becomes of a pause', () => {
    const paused = { ...timed, state: 'paused' };
    for (const kind of ['nextStep', 'promote'] as const)
      assert.deepEqual(says(paused, { kind }).slice(-2), ['endsPause', 'goesOn pause=600 next=0.8'], kind);
    assert.equal(says(paused, { kind: 'promoteFull' }).at(-1), 'endsPause');
    assert.equal(says(paused, { kind: 'setRatio', ratio: 0.2 }).at(-1), 'staysPaused');
    assert.equal(says({ ...timed, state: 'degraded' }, { kind: 'setRatio', ratio: 0.2 }).at(-1), 'staysDegraded');
    assert.deepEqual(says({ ...paused, ratio: 0.2, stepIndex: 1, pauseLeftMs: 10_000 }, { kind: 'resume' }), [
      'resume at=0.2',
      'goesOn pause=10 next=0.8',
    ]);
    assert.deepEqual(says(paused, { kind: 'resume' }), ['resume at=0.1', 'stepWaits']);
  });

  it('undo an act that ended a pause by going back into it, and say so', () => {
    const { inverse } = plan(releaseOf({ ...timed, state: 'paused' }), { kind: 'nextStep' });
    assert.deepEqual(inverse, { kind: 'setRatio', ratio: 0.1, paused: true });
    const undo = plan(releaseOf({ ...timed, ratio: 0.2, stepIndex: 1 }), inverse);
    assert.equal(undo.request.body, '{"ratio":0.1,"paused":true}');
    assert.equal(undo.consequences.at(-1)?.key, 'source.plan.pausedThere');
    // What a guardrail stopped cannot be asked for.
    assert.equal(plan(releaseOf({ ...timed, state: 'degraded' }), { kind: 'nextStep' }).inverse, null);
  });

  it('show the reason and who acts in the request, as it is then sent', () => {
    const planned = planFor(releaseOf(), { kind: 'pause' }, { sourceUrl: 'http://s.example', actor: '李雷', newId: () => 'id' });
    assert.ok(planned.ok);
    assert.equal(planned.value.request.headers['x-actor'], '%E6%9D%8E%E9%9B%B7');
    const why = planWithReason(planned.value, 'a "look" first');
    assert.deepEqual([why.request.body, why.reason], ['{"reason":"a \\"look\\" first"}', 'a "look" first']);
    assert.equal(planWithReason(why, null).request.body, '{}');
  });

  it('rest on the phase alone where everything is taken back', () => {
    assert.deepEqual(plan(releaseOf(), { kind: 'abort' }).facts, { phase: 'gray' });
  });

  it('rest on everything they say the service then does by itself', () => {
    const facts = (changes: Readonly<Record<string, unknown>>, intent: Intent): readonly unknown[] => {
      const { pauseSeconds, thenRatio } = plan(releaseOf({ ...timed, ...changes }), intent).facts;
      return [pauseSeconds, thenRatio];
    };
    assert.deepEqual(facts({}, { kind: 'nextStep' }), [600, 0.8]);
    assert.deepEqual(facts({}, { kind: 'jumpToStep', stepIndex: 2 }), [60, 'full']);
    assert.deepEqual(facts({}, { kind: 'setRatio', ratio: 0.15 }), [null, null]);
    // A stop outlasts a ratio set by hand, and ends with a step.
    assert.deepEqual(facts({ state: 'paused' }, { kind: 'setRatio', ratio: 0.2 }), [null, null]);
    assert.deepEqual(facts({ state: 'degraded' }, { kind: 'nextStep' }), [600, 0.8]);
    assert.deepEqual(facts({ state: 'paused', ratio: 0.2, stepIndex: 1, pauseLeftMs: 10_000 }, { kind: 'resume' }), [10, 0.8]);
    assert.deepEqual(facts({ ratio: 0.2, stepIndex: 1 }, { kind: 'pause' }), [null, null]);
    assert.equal(plan(releaseOf(timed), { kind: 'jumpToStep', stepIndex: 2 }).facts['stepRatio'], 0.8);
  });

  it('say that a ratio which a release in preparation has already starts nothing', () => {
    const preparation = { phase: 'preparation', state: 'waiting', ratio: 0, stepIndex: -1 };
    assert.deepEqual(says(preparation, { kind: 'setRatio', ratio: 0 }), ['nothing']);
    assert.deepEqual(plan(releaseOf(preparation), { kind: 'setRatio', ratio: 0 }).irreversible, []);
    assert.equal(says(preparation, { kind: 'setRatio', ratio: 0.1 })[0], 'startsGray');
  });

  it('refuse a ratio that is none, and a step that is not there', () => {
    for (const ratio of [-0.1, 1.1, 10, NaN, Infinity]) {
      const planned = planFor(
        releaseOf(),
        { kind: 'setRatio', ratio },
        { sourceUrl: 'http://svc.example', actor: null, newId: () => 'id' },
      );
      assert.ok(!planned.ok);
      assert.equal(planned.error.message.key, 'source.refusal.badRatio', String(ratio));
    }
    const planned = planFor(
      releaseOf(),
      { kind: 'jumpToStep', stepIndex: 3 },
      { sourceUrl: 'http://svc.example', actor: null, newId: () => 'id' },
    );
    assert.ok(!planned.ok);
    assert.equal(planned.error.message.key, 'source.refusal.noSuchStep');
  });
});

describe('http source: the service behind an address', () => {
  it('is the same only under the same base, whatever the port of one that moves', () => {
    const act = (base: string): string => plan(releaseOf(), { kind: 'pause' }).request.url.replace('http://svc.example/base', base);
    assert.ok(isUnder(act('http://svc.example/base'), 'http://svc.example/base', false));
    assert.ok(!isUnder(act('http://staging.example/base'), 'http://svc.example/base', false));
    assert.ok(!isUnder(act('http://svc.example/base2'), 'http://svc.example/base', false));
    assert.ok(!isUnder(act('http://svc.example:81/base'), 'http://svc.example/base', false));
    assert.ok(isUnder(act('http://127.0.0.1:4001'), 'http://127.0.0.1:4000', true));
    assert.ok(!isUnder(act('http://svc.example:4001'), 'http://127.0.0.1:4000', true));
    assert.ok(!isUnder('no address', 'http://svc.example', false));
  });
});

describe('http source: names in addresses', () => {
  it('are escaped', () => {
    const { request } = plan(releaseOf({ id: 'a/b?c#d 发布' }), { kind: 'pause' });
    assert.equal(new URL(request.url).pathname, '/base/api/v1/releases/a%2Fb%3Fc%23d%20%E5%8F%91%E5%B8%83/actions/pause');
  });
});
