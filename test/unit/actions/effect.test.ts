import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RolloutActions } from '../../../src/actions/actions.ts';
import type { ActionsWorld, JournalPort } from '../../../src/actions/ports.ts';
import { err, ok } from '../../../src/base/result.ts';
import { SILENT_LOG } from '../../../src/base/log.ts';
import { replay, type JournalLine } from '../../../src/model/journal.ts';
import { keyOf, type Release } from '../../../src/model/release.ts';
import { Undoable } from '../../../src/platform/undoable.ts';
import type { ReleaseState } from '../../../src/store/state.ts';
import { anAssessment, aRelease, someEvidence } from '../../fakes/release.ts';
import { fakeSource } from '../../fakes/source.ts';
import { until } from '../../fakes/wait.ts';
import { clockAt } from '../../fakes/clock.ts';

const signal = new AbortController().signal;
const TAKEN_AT = 2_000_000;

/** A backend that takes a change to 25 % as revision 8; the next snapshot is `next`. */
const setUp = (next: Partial<Release>) => {
  const before = aRelease({ revision: '7' });
  const taken: Release = { ...before, revision: '8', ratio: { ...before.ratio, desired: 0.25 }, updatedAt: TAKEN_AT };
  let release = before;
  const lines: JournalLine[] = [];
  let reads = 0;
  const journal: JournalPort = {
    append: (line) => {
      lines.push(line);
      return Promise.resolve(ok(undefined));
    },
    read: () => {
      reads++;
      return Promise.resolve(ok(replay(lines)));
    },
  };
  const { source } = fakeSource(() => {
    release = { ...taken, ...next };
    return ok({ at: TAKEN_AT, revision: '8', release: taken });
  });
  const context = () => ({
    release,
    evidence: someEvidence(),
    history: null,
    assessment: anAssessment('healthy'),
    dataAt: TAKEN_AT,
    live: true,
  });
  const world: ActionsWorld = {
    source: () => source,
    context,
    requested: () => undefined,
    settled: () => undefined,
    seen: (_key, when) => Promise.resolve(when(context())),
    who: () => 'ann',
    newId: () => 'act-1',
    problem: (detail) => assert.fail(detail),
  };
  const actions = new RolloutActions(
    world,
    journal,
    clockAt(() => TAKEN_AT),
  );
  const effect = async (): Promise<boolean> => {
    const plan = await actions.plan(keyOf(before), { kind: 'setRatio', ratio: 0.25 }, signal);
    assert.ok(plan.ok);
    const applied = await actions.apply(plan.value, signal);
    assert.ok(applied.ok);
    return applied.value.effect;
  };
  return { effect, actions, journal, reads: () => reads };
};

describe('the effect of an act', () => {
  it('is seen in the revision that it made', async () => assert.equal(await setUp({}).effect(), true));

  it('is seen where the release has moved on before the next snapshot, by its own step or by others', async () => {
    const further = { unit: 'users', desired: 0.5, actual: 0.5, since: TAKEN_AT } as const;
    assert.equal(await setUp({ revision: '9', ratio: further, updatedAt: TAKEN_AT + 400 }).effect(), true);
    assert.equal(await setUp({ revision: '9', ratio: further, updatedAt: TAKEN_AT }).effect(), true);
  });

  it('is not seen in a snapshot from before it, whatever its revision', async () => {
    const before = { unit: 'users', desired: 0.1, actual: 0.1, since: 0 } as const;
    assert.equal(await setUp({ revision: '7', ratio: before, updatedAt: TAKEN_AT + 400 }).effect(), false);
    assert.equal(await setUp({ revision: '7.1', ratio: before, updatedAt: TAKEN_AT - 1 }).effect(), false);
    assert.equal(await setUp({ revision: '7.1', ratio: before, updatedAt: null }).effect(), false);
  });
});

describe('what can be undone', () => {
  it('is read once for all releases, not once for each', async () => {
    const { effect, actions, reads } = setUp({});
    await effect();
    const releases = Array.from({ length: 100 }, (_, n) => aRelease({ id: n === 0 ? 'fraud-model' : `other-${String(n)}`, revision: '8' }));
    const state = {
      sources: [],
      builtinFailure: null,
      releases: new Map(releases.map((release) => [keyOf(release), { key: keyOf(release), release } as ReleaseState])),
    };
    const undoable = new Undoable(actions, { state }, SILENT_LOG, new AbortController().signal);
    undoable.update();
    await until(() => undoable.all.size > 0);
    assert.deepEqual([...undoable.all], [keyOf(aRelease())]);
    assert.equal(reads(), 1);
  });

  it('is nothing, and said, while the journal cannot be read', async () => {
    const { actions, journal } = setUp({});
    journal.read = () => Promise.resolve(err('disk gone'));
    const answer = await actions.undoableOf([keyOf(aRelease())], new AbortController().signal);
    assert.equal(answer.ok ? null : answer.error, 'disk gone');
  });
});
