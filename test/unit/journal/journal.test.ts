import assert from 'node:assert/strict';
import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import { Journal } from '../../../src/journal/journal.ts';
import type { JournalAct, JournalOutcome } from '../../../src/model/journal.ts';
import { keyOf } from '../../../src/model/release.ts';
import { aRelease } from '../../fakes/release.ts';

const act = (id: string): JournalAct => ({
  type: 'act',
  id,
  time: 1,
  who: 'ann',
  release: keyOf(aRelease()),
  releaseName: 'fraud-model',
  sourceName: 'Service',
  intent: { kind: 'setRatio', ratio: 0.25 },
  from: 0.1,
  to: 0.25,
  reason: 'line one\nline two',
  undoOf: null,
  revision: '7',
  request: { method: 'PATCH', url: 'http://localhost/x', body: '{"ratio":0.25}' },
  inverse: { kind: 'setRatio', ratio: 0.1 },
});
const outcome = (of: string, result: JournalOutcome['result']): JournalOutcome => ({
  type: 'outcome',
  of,
  time: 2,
  result,
  revision: '8',
  refusal: null,
  detail: '',
});

/** How many lines have been read as JSON since. */
const parsed = (t: TestContext): (() => number) => {
  const spy = t.mock.method(JSON, 'parse');
  return () => spy.mock.callCount();
};

const unexpected = (detail: string): never => {
  throw new Error(detail);
};

describe('Journal', () => {
  let dir: string;
  let n = 0;
  const journal = (problems: string[] = []) => new Journal(path.join(dir, `journal-${n++}.jsonl`), (detail) => problems.push(detail));
  before(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'journal-'));
  });
  after(() => rm(dir, { recursive: true }));

  it('is empty before the first act', async () => assert.deepEqual(await journal().read(), { ok: true, value: [] }));

  it('gives back every act with its outcomes, in order, to a later window', async () => {
    const first = journal();
    await Promise.all([
      first.append(act('a')),
      first.append(outcome('a', 'done')),
      first.append(act('b')),
      first.append(outcome('a', 'seen')),
    ]);
    const entries = await new Journal(first.file, unexpected).read();
    assert.ok(entries.ok);
    assert.deepEqual(
      entries.value.map((entry) => [entry.act.id, entry.outcomes.map((o) => o.result)]),
      [
        ['a', ['done', 'seen']],
        ['b', []],
      ],
    );
    assert.deepEqual(entries.value[0]?.act, act('a'));
  });

  it('is readable by its owner only', async () => {
    const own = journal();
    await own.append(act('a'));
    assert.equal((await stat(own.file)).mode & 0o777, 0o600);
  });

  it('after a write that a crash cut short: reports that line, keeps it, and does not glue the next one to it', async () => {
    const problems: string[] = [];
    const own = journal(problems);
    await own.append(act('a'));
    await appendFile(own.file, '{"type":"act","id":"tor');
    await own.append(act('c'));
    const entries = await own.read();
    assert.deepEqual(entries.ok && entries.value.map((entry) => entry.act.id), ['a', 'c']);
    assert.match(problems.join(), /:2 cannot be read: not JSON/);
    assert.match(await readFile(own.file, 'utf8'), /"id":"tor\n/);
  });

  it('keeps that an undo leads back into a pause', async () => {
    const own = journal();
    await own.append({ ...act('a'), inverse: { kind: 'setRatio', ratio: 0.1, paused: true } });
    const entries = await own.read();
    assert.deepEqual(entries.ok && entries.value[0]?.act.inverse, { kind: 'setRatio', ratio: 0.1, paused: true });
  });

  it('reports a line with a ratio that no release can have, instead of offering to undo to it', async () => {
    const problems: string[] = [];
    const own = journal(problems);
    await appendFile(own.file, `${JSON.stringify({ ...act('a'), inverse: { kind: 'setRatio', ratio: 10 } })}\n`);
    assert.deepEqual(await own.read(), { ok: true, value: [] });
    assert.match(problems.join(), /inverse\.ratio: expected a number from 0 to 1, got 10/);
  });

  it('answers with the error of the system when it cannot write', async () => {
    const blocked = journal();
    await appendFile(blocked.file, '');
    const inside = new Journal(path.join(blocked.file, 'journal.jsonl'), unexpected);
    const written = await inside.append(act('a'));
    assert.match(written.ok ? '' : written.error, /ENOTDIR|EEXIST/);
  });

  it('is read from disk only when it has changed, by this window or another', async () => {
    const own = journal();
    await own.append(act('a'));
    const first = await own.read();
    const again = await own.read();
    assert.ok(first.ok && again.ok);
    assert.equal(again.value, first.value, 'the same entries, not parsed again');
    await new Journal(own.file, unexpected).append(act('b'));
    const grown = await own.read();
    assert.deepEqual(grown.ok && grown.value.map((entry) => entry.act.id), ['a', 'b']);
  });

  it('reads what is new only, and the whole of another file in its place', async (t) => {
    const own = journal();
    await own.append(act('a'));
    await own.read();
    const first = await readFile(own.file);
    const before = parsed(t);
    for (const id of ['b', 'c']) await own.append(act(id));
    const grown = await own.read();
    assert.deepEqual(grown.ok && grown.value.map((entry) => entry.act.id), ['a', 'b', 'c']);
    assert.equal(before(), 2, 'lines read');
    await writeFile(own.file, `${JSON.stringify(act('z'))}\n${first.toString()}${first.toString()}${first.toString()}`);
    const other = await own.read();
    assert.deepEqual(other.ok && other.value.map((entry) => entry.act.id), ['z', 'a']);
  });

  it('leaves a line that another window is writing until it is whole', async () => {
    const own = journal();
    const whole = `${JSON.stringify(act('a'))}\n`;
    await appendFile(own.file, whole.slice(0, 20));
    assert.deepEqual(await own.read(), { ok: true, value: [] });
    await appendFile(own.file, whole.slice(20));
    const entries = await own.read();
    assert.deepEqual(entries.ok && entries.value.map((entry) => entry.act.id), ['a']);
  });

  it('tells of a line that cannot be read once, however often it is read', async () => {
    const problems: string[] = [];
    const own = journal(problems);
    await appendFile(own.file, 'no json\n');
    for (const id of ['a', 'b', 'c']) {
      await own.append(act(id));
      await own.read();
    }
    await appendFile(own.file, 'another\n');
    await own.read();
    assert.deepEqual(
      problems.map((problem) => /:(\d+) /.exec(problem)?.[1]),
      ['1', '5'],
    );
  });
});
