import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { translate } from '../../../../src/platform/translate.ts';
import { english } from '../../../fakes/english.ts';
import { SILENT_LOG } from '../../../../src/base/log.ts';
import { noteOf } from '../../../../src/sources/logs/answers.ts';
import type { Look } from '../../../../src/sources/logs/follower.ts';
import { Ledger } from '../../../../src/sources/logs/ledger.ts';
import type { LogMapping } from '../../../../src/sources/logs/mapping.ts';

const mapping: LogMapping = {
  time: { field: 't', unit: 'ms' },
  variant: { field: 'v', canary: ['canary'] },
  status: { field: 's', errors: ['>=500'] },
  latency: null,
  user: null,
  release: null,
};
const NOW = Date.UTC(2026, 0, 15, 12);
const look = { files: 3, skipped: 0, unreadable: [], lost: [], beside: [] } as unknown as Look;
const note = (age: number, rate: number) => noteOf(look, new Ledger(mapping, 'shop', () => NOW, SILENT_LOG), NOW - age, rate, NOW);

describe('the note of a log source', () => {
  it('stands still while the lines come about as fast as before', () => {
    assert.deepEqual(note(1_000, 1_204), note(1_000, 1_213));
    assert.notDeepEqual(note(1_000, 1_204), note(1_000, 1_900));
    assert.deepEqual(note(1_000, 0).args['rate'], { value: 0, unit: 'perSecond' });
  });

  it('goes on telling how fast lines come where a file was lost, or an older one lies beside', () => {
    const file = { file: '/var/log/a.log', now: '/var/log/a.log.1', pattern: '/var/log/a.log*' };
    for (const [changes, key] of [
      [{ lost: [file] }, 'logs.note.rotatedAway'],
      [{ lost: [{ ...file, now: null }] }, 'logs.note.gone'],
      [{ beside: [file] }, 'logs.note.beside'],
    ] as const) {
      const said = noteOf({ ...look, ...changes }, new Ledger(mapping, 'shop', () => NOW, SILENT_LOG), NOW, 12, NOW);
      assert.equal(said.key, key);
      assert.deepEqual(said.args['rate'], { value: 12, unit: 'perSecond' });
      assert.match(translate(said, english), /new lines: 12\/s/);
    }
  });

  it('asks about the unit of time where the newest line is of before there were such logs', () => {
    assert.equal(note(NOW - 1_795_523_993, 0).key, 'logs.note.ancient');
  });

  it('counts only the lines of the reason that it names', () => {
    const ledger = new Ledger(mapping, 'shop', () => NOW, SILENT_LOG);
    const sink = ledger.sinkOf(() => '/var/log/a.log');
    for (const text of ['no json', 'none either', `{"t":${String(NOW)},"v":"-","s":200}`, `{"t":${String(NOW)},"v":"a","s":200}`])
      sink.take(Buffer.from(text), 0, text.length, 1);
    const said = noteOf(look, ledger, NOW, 0, NOW);
    assert.equal(said.key, 'logs.note.bad.json');
    assert.deepEqual(
      [said.args['bad'], said.args['lines']],
      [
        { value: 2, unit: 'count' },
        { value: 4, unit: 'count' },
      ],
    );
  });

  it('tells the age of the newest line in whole minutes', () => {
    assert.deepEqual(note(125_000, 0), note(179_000, 0));
    assert.deepEqual(note(125_000, 0).args['age'], { value: 120, unit: 'seconds' });
  });
});
