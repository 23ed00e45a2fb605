import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AuditEntry } from '../../../src/model/audit.ts';
import type { JournalEntry, JournalOutcome } from '../../../src/model/journal.ts';
import { releaseKey } from '../../../src/model/release.ts';
import { journalText, type JournalView } from '../../../src/views/journalText.ts';
import { english } from '../../fakes/english.ts';

const AT = Date.UTC(2026, 2, 3, 4, 5, 6);

const entry = (
  outcome: Partial<JournalOutcome> | null,
  { time = AT, reason = null as string | null, undoOf = null as string | null } = {},
): JournalEntry => ({
  act: {
    type: 'act',
    id: 'a',
    time,
    who: 'ann',
    release: releaseKey('svc', 'fraud'),
    releaseName: 'Fraud model',
    sourceName: 'Production',
    intent: { kind: 'setRatio', ratio: 0.25 },
    from: 0.1,
    to: 0.25,
    reason,
    undoOf,
    revision: '7',
    request: { method: 'PATCH', url: 'http://localhost/x', body: '{"ratio":0.25}' },
    inverse: null,
  },
  outcomes:
    outcome === null ? [] : [{ type: 'outcome', of: 'a', time, result: 'seen', revision: '8', refusal: null, detail: '', ...outcome }],
});
const audit = (given: Partial<AuditEntry>): AuditEntry => ({
  time: AT + 60_000,
  actor: 'bob',
  role: 'operator',
  action: 'pause',
  from: 0.25,
  to: 0.25,
  reason: null,
  revision: '9',
  ...given,
});
const text = (given: Partial<JournalView>): string =>
  journalText(
    { release: { name: 'Fraud model', source: 'Production' }, entries: [], audit: null, file: '/j/journal.jsonl', ...given },
    AT + 120_000,
    english,
  );

describe('the journal as a person reads it', () => {
  it('says when with date and zone, what, from → to, who, why and how it ended; no epoch and no JSON', () => {
    const said = text({ entries: [entry({}, { reason: 'looks\ngood' })] });
    assert.match(said, /2026.*\d\d:05:06 \S+.* · Ratio set: 10% → 25% · ann, from this machine\n/);
    assert.match(said, /\n {4}Reason: looks good\n {4}The service took it, and it was seen to take effect\.\n/);
    assert.doesNotMatch(said, /\{|\d{13}/);
  });

  it('has what others did, newest first, and an own act only once', () => {
    const said = text({
      entries: [entry({ revision: '8' })],
      audit: [
        audit({ time: AT - 60_000, action: 'create', actor: 'operator', from: null, to: 0.1, revision: '7' }),
        audit({ time: AT, action: 'setRatio', actor: 'ann', from: 0.1, to: 0.25, revision: '8' }),
        audit({ reason: 'too many complaints' }),
        audit({ time: AT + 90_000, action: 'degrade', actor: 'service', role: 'service', revision: '10' }),
      ],
    });
    const heads = said.split('\n').filter((line) => line.includes(' · '));
    assert.deepEqual(
      heads.map((line) => line.split(' · ').slice(1).join(' · ')),
      [
        'Degraded: a guardrail was broken: 25% · the service itself',
        'Paused: 25% · bob (operator)',
        'Ratio set: 10% → 25% · ann, from this machine',
        'Created: 10% · operator',
      ],
    );
    assert.match(said, /bob \(operator\)\n {4}Reason: too many complaints/);
  });

  for (const [outcome, words] of [
    [null, /Outcome not known: the editor ended/],
    [{ result: 'done' }, /The service took it\.\n/],
    [{ result: 'unseen' }, /not seen to take effect in time/],
    [{ result: 'unknown' }, /it is not known whether it took effect/],
    [{ result: 'refused', refusal: 'conflict' }, /Nothing was changed: somebody had changed the release meanwhile\./],
  ] as const) {
    it(`an act that ended with ${outcome?.result ?? 'nothing'} says so`, () => assert.match(text({ entries: [entry(outcome)] }), words));
  }

  it('says why the acts of others are missing, where the file is, and that nothing was done', () => {
    const said = text({ audit: 'it cannot be reached' });
    assert.match(said, /What others did could not be read: it cannot be reached/);
    assert.match(said, /in \/j\/journal\.jsonl\n/);
    assert.match(said, /Nothing has been done yet\./);
  });

  it('has a line for what was done only, whatever the names, actions and reasons of others hold', () => {
    const forged = ['\n', '\r', '\r\n', '\u2028', '\u0085', '\v'].map((end) => `x${end}2026-03-03 · Paused: 25% · ann`).join('');
    const lines = (given: string): readonly string[] => {
      const own = entry({}, { reason: given });
      const act = { ...own.act, who: given, releaseName: given, sourceName: given };
      const others = audit({ actor: given, role: given, action: given, reason: given });
      return [
        ...text({ entries: [{ ...own, act }], audit: [others], release: { name: given, source: given } }).split(
          /[\n\r\u2028\u2029\u0085\v]/,
        ),
        ...text({ entries: [{ ...own, act }], audit: given, release: { name: given, source: given } }).split(/[\n\r\u2028\u2029\u0085\v]/),
      ];
    };
    assert.equal(lines(forged).length, lines('x').length);
    assert.ok(!lines('a\u202eb').join('').includes('\u202e'), 'nor turns its line round');
  });

  it('of all releases names the release of each act', () => {
    assert.match(text({ release: null, entries: [entry({})] }), /\n {4}Fraud model at Production\n/);
  });
});
