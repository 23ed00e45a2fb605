import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRelease } from '../../../src/backend/domain/create.ts';
import type { ServiceRelease } from '../../../src/backend/domain/release.ts';
import { transition, type Act, type ActKind } from '../../../src/backend/domain/transition.ts';
import type { Step } from '../../../src/model/release.ts';

const T0 = 1_700_000_000_000;
const STEPS: readonly Step[] = [
  { ratio: 0.1, pauseSeconds: 60 },
  { ratio: 0.5, pauseSeconds: null },
  { ratio: 0.9, pauseSeconds: 30 },
];

const make = (ratio: number, steps: readonly Step[] = STEPS): ServiceRelease =>
  createRelease(
    {
      id: 'r',
      name: 'n',
      service: 's',
      ratio,
      steps,
      guardrails: [],
      versions: { stable: 'a', canary: 'b' },
      salt: 'r',
      simulated: false,
      metadata: {},
    },
    T0,
  );
const after = (release: ServiceRelease, act: Act, now = T0 + 1000): ServiceRelease => {
  const done = transition(release, act, now);
  assert.ok(done.ok, done.ok ? '' : done.error);
  return done.value;
};
const where = ({ phase, state, ratio, stepIndex }: ServiceRelease): readonly unknown[] => [phase, state, ratio, stepIndex];
const gray = make(0.1);

describe('transitions of a release', () => {
  const paused = after(gray, { kind: 'pause' });
  const degraded = after(gray, { kind: 'degrade' });
  const situations: Readonly<Record<string, ServiceRelease>> = {
    preparation: make(0),
    progressing: gray,
    waiting: make(0.5),
    paused,
    degraded,
    full: after(gray, { kind: 'promoteFull' }),
    aborted: after(gray, { kind: 'abort' }),
    rolledBack: after(gray, { kind: 'rollback' }),
  };
  // What docs/service.md promises: situation → act → phase/state, or null where it is refused.
  const table: Readonly<Record<string, Partial<Record<ActKind, string>>>> = {
    preparation: { setRatio: 'gray/waiting', promote: 'gray/progressing', abort: 'rolledBack/aborted' },
    progressing: {
      setRatio: 'gray/waiting',
      promote: 'gray/waiting',
      promoteFull: 'full/completed',
      pause: 'gray/paused',
      abort: 'rolledBack/aborted',
      rollback: 'rolledBack/completed',
    },
    waiting: {
      setRatio: 'gray/waiting',
      promote: 'gray/progressing',
      promoteFull: 'full/completed',
      pause: 'gray/paused',
      abort: 'rolledBack/aborted',
      rollback: 'rolledBack/completed',
    },
    paused: {
      setRatio: 'gray/paused',
      promote: 'gray/waiting',
      promoteFull: 'full/completed',
      resume: 'gray/progressing',
      abort: 'rolledBack/aborted',
      rollback: 'rolledBack/completed',
    },
    degraded: {
      setRatio: 'gray/degraded',
      promote: 'gray/waiting',
      promoteFull: 'full/completed',
      pause: 'gray/paused',
      resume: 'gray/progressing',
      abort: 'rolledBack/aborted',
      rollback: 'rolledBack/completed',
    },
    full: { rollback: 'rolledBack/completed' },
    aborted: {},
    rolledBack: {},
  };
  for (const [name, release] of Object.entries(situations)) {
    it(`from ${name}`, () => {
      for (const kind of ['setRatio', 'promote', 'promoteFull', 'pause', 'resume', 'abort', 'rollback'] as const) {
        const done = transition(release, kind === 'setRatio' ? { kind, ratio: 0.3 } : { kind }, T0 + 5000);
        const seen = done.ok ? `${done.value.phase}/${done.value.state}` : null;
        assert.equal(seen, table[name]?.[kind] ?? null, kind);
        if (done.ok) assert.deepEqual([done.value.revision, done.value.updatedAt], [release.revision + 1, T0 + 5000]);
      }
    });
  }

  it('step by step to full', () => {
    let release = make(0);
    const path: (readonly unknown[])[] = [];
    for (let i = 0; i < 4; i++) path.push(where((release = after(release, { kind: 'promote' }, T0 + i))));
    assert.deepEqual(path, [
      ['gray', 'progressing', 0.1, 0],
      ['gray', 'waiting', 0.5, 1],
      ['gray', 'progressing', 0.9, 2],
      ['full', 'completed', 1, 2],
    ]);
  });

  it('keep what is left of a timed pause over a pause', () => {
    assert.equal(gray.pauseEndsAt, T0 + 60_000);
    const stopped = after(gray, { kind: 'pause' }, T0 + 45_000);
    assert.equal(stopped.pauseEndsAt, null);
    assert.equal(after(stopped, { kind: 'resume' }, T0 + 900_000).pauseEndsAt, T0 + 915_000);
    // Stopped twice, by a guardrail and then by a person.
    const twice = after(after(gray, { kind: 'degrade' }, T0 + 45_000), { kind: 'pause' }, T0 + 50_000);
    assert.equal(after(twice, { kind: 'resume' }, T0 + 60_000).pauseEndsAt, T0 + 75_000);
  });

  it('count from a ratio set by hand to the next step above it', () => {
    const beside = after(gray, { kind: 'setRatio', ratio: 0.3 });
    assert.deepEqual(where(beside), ['gray', 'waiting', 0.3, 0]);
    assert.deepEqual(where(after(beside, { kind: 'promote' })), ['gray', 'waiting', 0.5, 1]);
    assert.deepEqual(where(after(gray, { kind: 'setRatio', ratio: 0.01 })), ['gray', 'waiting', 0.01, -1]);
  });

  it('move nothing when nothing changes', () => {
    assert.equal(after(gray, { kind: 'setRatio', ratio: 0.1 }), gray);
  });

  it('leads back into a pause when told so, and starts no timer', () => {
    const widened = after(after(gray, { kind: 'pause' }), { kind: 'promote' });
    assert.deepEqual(where(widened), ['gray', 'waiting', 0.5, 1]);
    const back = after(widened, { kind: 'setRatio', ratio: 0.1, paused: true });
    assert.deepEqual([...where(back), back.pauseEndsAt, back.revision], ['gray', 'paused', 0.1, 0, null, widened.revision + 1]);
    // All of the step's pause comes after a resume.
    assert.equal(after(back, { kind: 'resume' }, T0 + 9000).pauseEndsAt, T0 + 9000 + 60_000);
    // At the same ratio it is a pause; paused there already, nothing moves.
    assert.deepEqual(where(after(gray, { kind: 'setRatio', ratio: 0.1, paused: true })), ['gray', 'paused', 0.1, 0]);
    assert.equal(after(back, { kind: 'setRatio', ratio: 0.1, paused: true }), back);
  });

  it('begin guarding anew with a new ratio and a resume, not with a recovery', () => {
    assert.equal(after(gray, { kind: 'setRatio', ratio: 0.3 }, T0 + 9).guardedSince, T0 + 9);
    assert.equal(after(paused, { kind: 'resume' }, T0 + 9).guardedSince, T0 + 9);
    assert.equal(after(degraded, { kind: 'recover' }, T0 + 9).guardedSince, degraded.guardedSince);
  });

  it('keep the time since which the ratio has held', () => {
    assert.equal(after(gray, { kind: 'pause' }).ratioSince, T0);
    assert.equal(after(gray, { kind: 'promote' }, T0 + 7).ratioSince, T0 + 7);
  });

  it('without steps: progressing, then full', () => {
    const plain = make(0.2, []);
    assert.deepEqual(where(plain), ['gray', 'progressing', 0.2, -1]);
    assert.deepEqual(where(after(plain, { kind: 'promote' })), ['full', 'completed', 1, -1]);
    assert.equal(transition(make(0, []), { kind: 'promote' }, T0).ok, false);
  });
});
