import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RolloutActions } from '../../../src/actions/actions.ts';
import type { ActionsWorld, JournalPort } from '../../../src/actions/ports.ts';
import { err, ok } from '../../../src/base/result.ts';
import { replay, type JournalLine } from '../../../src/model/journal.ts';
import { message } from '../../../src/model/message.ts';
import { keyOf, type Release } from '../../../src/model/release.ts';
import type { Plan } from '../../../src/sources/source.ts';
import { anAssessment, aRelease, someEvidence } from '../../fakes/release.ts';
import { aRefusal, fakeSource } from '../../fakes/source.ts';
import { clockAt } from '../../fakes/clock.ts';

const KEY = keyOf(aRelease());
const clock = clockAt(() => 5_000_000);
const signal = new AbortController().signal;

/** A world with one release that the fake backend moves when it takes a plan. */
const setUp = (options: { refuse?: 'conflict' | 'unknownOutcome'; journalFails?: boolean; effectShows?: boolean } = {}) => {
  let release: Release = aRelease();
  const lines: JournalLine[] = [];
  const requested: number[] = [];
  const problems: string[] = [];
  let settled = 0;
  const backend = fakeSource((plan: Plan) => {
    if (options.refuse) return err(aRefusal(options.refuse));
    const revision = String(Number(release.revision) + 1);
    release = { ...release, revision, ratio: { ...release.ratio, desired: plan.to, actual: plan.to } };
    return ok({ at: 5_000_001, revision, release });
  });
  const journal: JournalPort = {
    append: (line) => {
      if (options.journalFails) return Promise.resolve(err('disk full'));
      lines.push(line);
      return Promise.resolve(ok(undefined));
    },
    read: () => Promise.resolve(ok(replay(lines))),
  };
  let id = 0;
  const world: ActionsWorld = {
    source: (sourceId) => (sourceId === 'svc' ? backend.source : undefined),
    context: (key) =>
      key === KEY
        ? { release, evidence: someEvidence(), history: null, assessment: anAssessment('healthy'), dataAt: 4_999_000, live: true }
        : undefined,
    requested: (_key, _from, to) => requested.push(to),
    settled: () => settled++,
    seen: (_key, when) =>
      Promise.resolve(
        options.effectShows !== false && when({ release, evidence: null, history: null, assessment: null, dataAt: 1, live: true }),
      ),
    who: () => 'ann',
    newId: () => `act-${++id}`,
    problem: (detail) => problems.push(detail),
  };
  const actions = new RolloutActions(world, journal, clock);
  return {
    actions,
    lines,
    requested,
    problems,
    applied: backend.applied,
    settled: () => settled,
    release: () => release,
    move: (changes: Partial<Release>) => {
      release = { ...release, ...changes };
    },
  };
};

const planned = async (world: ReturnType<typeof setUp>, ratio: number) => {
  const preview = await world.actions.plan(KEY, { kind: 'setRatio', ratio }, signal);
  assert.ok(preview.ok);
  return preview.value;
};

describe('a plan', () => {
  it('sends nothing and tells how many users and requests a minute move', async () => {
    const world = setUp();
    const preview = await planned(world, 0.25);
    assert.equal(world.applied.length, 0);
    assert.equal(world.lines.length, 0);
    // 1,000 users and 6,000 requests in the hour; 15 points of them move.
    assert.deepEqual(preview.moved, {
      users: { count: 150, atMost: true, seconds: 3600 },
      requests: { perMinute: 15, seconds: 3600 },
    });
  });

  it('is refused with the reason where the release cannot do it', async () => {
    const world = setUp();
    const why = message('source.cannot.viewer');
    world.move({ abilities: { ...aRelease().abilities, setRatio: { can: false, why } } });
    const preview = await world.actions.plan(KEY, { kind: 'setRatio', ratio: 0.2 }, signal);
    assert.ok(!preview.ok);
    assert.equal(preview.error.message, why);
  });

  it('of a release that is gone is refused', async () => {
    const preview = await setUp().actions.plan(keyOf({ sourceId: 'svc', id: 'other' }), { kind: 'pause' }, signal);
    assert.equal(preview.ok ? null : preview.error.kind, 'gone');
  });
});

describe('an act', () => {
  it('is in the journal before it is sent, and its end and effect after it', async () => {
    const world = setUp();
    const applied = await world.actions.apply(world.actions.withReason(await planned(world, 0.25), 'looks fine'), signal);
    assert.ok(applied.ok);
    assert.equal(await applied.value.effect, true);
    const [act, done, seen] = world.lines;
    assert.ok(act?.type === 'act' && done?.type === 'outcome' && seen?.type === 'outcome');
    assert.deepEqual([act.who, act.from, act.to, act.reason, act.request.body], ['ann', 0.1, 0.25, 'looks fine', '{"ratio":0.25}']);
    assert.deepEqual([done.of, done.result, done.revision], [act.id, 'done', '8']);
    assert.deepEqual([seen.of, seen.result], [act.id, 'seen']);
    assert.deepEqual(world.requested, [0.25]);
  });

  it('is not sent when it cannot be journaled', async () => {
    const world = setUp({ journalFails: true });
    const applied = await world.actions.apply(await planned(world, 0.25), signal);
    assert.ok(!applied.ok);
    assert.equal(applied.error.message.key, 'action.refused.journal');
    assert.equal(world.applied.length, 0);
  });

  it('that is refused is journaled as refused, and what was shown as wanted is taken back', async () => {
    const world = setUp({ refuse: 'conflict' });
    const applied = await world.actions.apply(await planned(world, 0.25), signal);
    assert.deepEqual(applied.ok ? null : applied.error.current, { ratio: 0.5 });
    const outcome = world.lines[1];
    assert.ok(outcome?.type === 'outcome');
    assert.deepEqual([outcome.result, outcome.refusal], ['refused', 'conflict']);
    assert.equal(world.settled(), 1);
  });

  it('whose answer was lost is journaled as unknown, not as refused', async () => {
    const world = setUp({ refuse: 'unknownOutcome' });
    await world.actions.apply(await planned(world, 0.25), signal);
    assert.ok(world.lines[1]?.type === 'outcome' && world.lines[1].result === 'unknown');
  });

  it('without effect in time says so and takes back what was shown as wanted', async () => {
    const world = setUp({ effectShows: false });
    const applied = await world.actions.apply(await planned(world, 0.25), signal);
    assert.ok(applied.ok);
    assert.equal(await applied.value.effect, false);
    assert.ok(world.lines[2]?.type === 'outcome' && world.lines[2].result === 'unseen');
    assert.equal(world.settled(), 1);
  });
});

describe('undo', () => {
  const changed = async () => {
    const world = setUp();
    const applied = await world.actions.apply(await planned(world, 0.25), signal);
    assert.ok(applied.ok);
    await applied.value.effect;
    return world;
  };

  it('plans the inverse of the last own act, is previewed like any other, and is not offered twice', async () => {
    const world = await changed();
    const preview = await world.actions.planUndo(KEY, signal);
    assert.ok(preview.ok);
    assert.deepEqual([preview.value.plan.from, preview.value.plan.to, preview.value.undoOf], [0.25, 0.1, 'act-1']);
    const undone = await world.actions.apply(preview.value, signal);
    assert.ok(undone.ok);
    await undone.value.effect;
    assert.equal(world.release().ratio.desired, 0.1);
    const again = await world.actions.planUndo(KEY, signal);
    assert.equal(again.ok ? null : again.error.message.key, 'action.refused.nothingToUndo');
  });

  it('is refused when the release moved since', async () => {
    const world = await changed();
    world.move({ revision: '99' });
    const preview = await world.actions.planUndo(KEY, signal);
    assert.equal(preview.ok ? null : preview.error.message.key, 'action.refused.undoMoved');
  });

  it('is not offered for an act on another service that has the same source id', async () => {
    const world = await changed();
    const done = [...world.lines];
    world.lines.length = 0;
    const elsewhere = (line: JournalLine): JournalLine =>
      line.type === 'act' ? { ...line, request: { ...line.request, url: line.request.url.replace('localhost', 'staging.example') } } : line;
    world.lines.push(...done.map(elsewhere));
    const preview = await world.actions.planUndo(KEY, signal);
    assert.equal(preview.ok ? null : preview.error.message.key, 'action.refused.nothingToUndo');
    assert.deepEqual(await world.actions.undoableOf([KEY], signal), ok(new Set()));
    // One of that service beside it does not hide the own one.
    const foreign = done.map(elsewhere).map((line): JournalLine => (line.type === 'act' ? { ...line, id: 'f' } : { ...line, of: 'f' }));
    world.lines.splice(0, world.lines.length, ...done, ...foreign);
    assert.deepEqual(await world.actions.undoableOf([KEY], signal), ok(new Set([KEY])));
  });

  it('is not offered for a release that was made after the act', async () => {
    const world = await changed();
    world.move({ createdAt: 5_000_000 + 60_000 });
    const preview = await world.actions.planUndo(KEY, signal);
    assert.equal(preview.ok ? null : preview.error.message.key, 'action.refused.nothingToUndo');
  });

  it('has nothing to offer for an act that was refused', async () => {
    const world = setUp({ refuse: 'conflict' });
    await world.actions.apply(await planned(world, 0.25), signal);
    const preview = await world.actions.planUndo(KEY, signal);
    assert.equal(preview.ok ? null : preview.error.message.key, 'action.refused.nothingToUndo');
  });
});
