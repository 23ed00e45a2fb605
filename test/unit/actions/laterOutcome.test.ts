import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RolloutActions } from '../../../src/actions/actions.ts';
import type { ActionsWorld, JournalPort } from '../../../src/actions/ports.ts';
import { err, ok } from '../../../src/base/result.ts';
import type { AuditEntry } from '../../../src/model/audit.ts';
import { replay, type JournalAct, type JournalLine, type JournalOutcome } from '../../../src/model/journal.ts';
import { keyOf, type Release } from '../../../src/model/release.ts';
import { clockAt } from '../../fakes/clock.ts';
import { aRelease } from '../../fakes/release.ts';
import { aRefusal, fakeSource } from '../../fakes/source.ts';

const KEY = keyOf(aRelease());
const ACTED = 5_000_000;
const signal = new AbortController().signal;

const act = (id: string, changes: Partial<JournalAct> = {}): JournalAct => ({
  type: 'act',
  id,
  time: ACTED,
  who: 'ann',
  release: KEY,
  releaseName: 'fraud-model',
  sourceName: 'Service',
  intent: { kind: 'setRatio', ratio: 0.25 },
  from: 0.1,
  to: 0.25,
  reason: null,
  undoOf: null,
  revision: '7',
  request: { method: 'PATCH', url: 'http://localhost/api/v1/releases/fraud-model', body: '{"ratio":0.25}' },
  inverse: { kind: 'setRatio', ratio: 0.1 },
  ...changes,
});
const outcome = (of: string, result: JournalOutcome['result'], revision: string | null = null): JournalOutcome => ({
  type: 'outcome',
  of,
  time: ACTED + 5_000,
  result,
  revision,
  refusal: null,
  detail: '',
});
const audited = (revision: string, time = ACTED + 20_000): AuditEntry => ({
  time,
  actor: 'ann',
  role: 'operator',
  action: 'setRatio',
  from: 0.1,
  to: 0.25,
  reason: null,
  revision,
});

/** What can be undone and what the journal says in the end. */
const later = async (
  lines: JournalLine[],
  {
    audit,
    revision = '8',
    minutes = 1,
  }: { readonly audit: readonly AuditEntry[] | null; readonly revision?: string; readonly minutes?: number },
) => {
  const release: Release = { ...aRelease(), revision, createdAt: null };
  let asked = 0;
  const source = {
    ...fakeSource(() => err(aRefusal('conflict'))).source,
    auditOf: () => {
      asked++;
      const failure = { type: 'error', sourceId: 'svc', kind: 'forbidden', at: 0, message: { key: 'x', args: {} }, detail: '' } as const;
      return Promise.resolve(audit === null ? err(failure) : ok(audit));
    },
  };
  const journal: JournalPort = {
    append: (line) => Promise.resolve(ok(void lines.push(line))),
    read: () => Promise.resolve(ok(replay(lines))),
  };
  const world: ActionsWorld = {
    source: () => source,
    context: (key) => (key === KEY ? { release, evidence: null, history: null, assessment: null, dataAt: null, live: true } : undefined),
    requested: () => undefined,
    settled: () => undefined,
    seen: () => Promise.resolve(false),
    who: () => 'ann',
    newId: () => 'new',
    problem: (detail) => assert.fail(detail),
  };
  const actions = new RolloutActions(
    world,
    journal,
    clockAt(() => ACTED + minutes * 60_000),
  );
  const undoable = await actions.undoableOf([KEY], signal);
  assert.ok(undoable.ok);
  const ends = lines.flatMap((line) => (line.type === 'outcome' ? [`${line.of} ${line.result} ${String(line.revision)}`] : []));
  return { undoable: undoable.value.has(KEY), ends, asked };
};

describe('an act whose answer was lost', () => {
  it('is done, by the journal, as soon as the audit of the service has it, and can then be undone', async () => {
    const { undoable, ends } = await later([act('a'), outcome('a', 'unknown')], { audit: [audited('8')] });
    assert.deepEqual(ends, ['a unknown null', 'a done 8']);
    assert.equal(undoable, true);
  });

  it('so is one that a window did not live to hear of, once it cannot be under way any more', async () => {
    assert.deepEqual((await later([act('a')], { audit: [audited('8')], minutes: 3 })).ends, ['a done 8']);
    assert.equal((await later([act('a')], { audit: [audited('8')] })).asked, 0);
  });

  it('stays unknown where the audit cannot be read, has nothing like it, or only what came much later', async () => {
    for (const audit of [null, [], [audited('8', ACTED + 10 * 60_000)]]) {
      const { undoable, ends } = await later([act('a'), outcome('a', 'unknown')], { audit, minutes: 15 });
      assert.deepEqual([undoable, ends], [false, ['a unknown null']]);
    }
  });

  it('stays unknown where two entries could be it, and takes none that is another act of the journal', async () => {
    const lost = [act('a'), outcome('a', 'unknown')];
    assert.deepEqual((await later([...lost], { audit: [audited('8'), audited('9')], revision: '9' })).ends, ['a unknown null']);
    const again = [...lost, act('b'), outcome('b', 'done', '9')];
    assert.deepEqual((await later([...again], { audit: [audited('9')], revision: '9' })).ends, ['a unknown null', 'b done 9']);
    assert.deepEqual((await later([...again], { audit: [audited('8'), audited('9')], revision: '9' })).ends.at(-1), 'a done 8');
  });

  it('asks nobody while the release has not moved, nor of an act that is known or long ago', async () => {
    assert.equal((await later([act('a'), outcome('a', 'unknown')], { audit: [], revision: '7' })).asked, 0);
    assert.equal((await later([act('a'), outcome('a', 'done', '8')], { audit: [] })).asked, 0);
    assert.equal((await later([act('a'), outcome('a', 'unknown')], { audit: [], minutes: 61 })).asked, 0);
  });
});
