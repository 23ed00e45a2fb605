import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseEvent } from '../../../../src/backend/events/event.ts';
import { parseBatch } from '../../../../src/backend/events/ingest.ts';

const NOW = Date.UTC(2026, 0, 5, 12);
const line = (changes: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({ id: 'e', time: NOW, release: 'r', userId: 'u', kind: 'request', ...changes });

const reason = (text: string): string | null => {
  const parsed = parseEvent(text, NOW);
  return parsed.ok ? null : parsed.error;
};

describe('one line of a batch', () => {
  it('is taken with the least it needs, of each kind', () => {
    for (const changes of [
      {},
      { variant: 'canary', userId: undefined },
      { kind: 'feedback', rating: 0 },
      { kind: 'prediction', correct: false },
      { kind: 'resource', cpu: 0, userId: undefined, variant: 'stable' },
      { kind: 'resource', memoryBytes: 1, userId: undefined, variant: 'stable' },
      { somethingNew: true },
    ]) {
      assert.equal(reason(line(changes)), null, JSON.stringify(changes));
    }
  });

  it('is refused with the field that is wrong', () => {
    for (const [changes, expected] of [
      [{ id: '' }, /^\$\.id: /],
      [{ time: '2026-01-05' }, /^\$\.time: expected a number/],
      [{ time: NOW / 1000 }, /^\$\.time: .*\(is it in milliseconds\?\)/],
      [{ time: NOW + 3_600_000 }, /^\$\.time: .* in the future/],
      [{ variant: 'blue' }, /^\$\.variant: expected "stable" or "canary"/],
      [{ userId: undefined }, /needs a variant, or a userId/],
      [{ kind: 'click' }, /^\$\.kind: /],
      [{ latencyMs: -1 }, /^\$\.latencyMs: /],
      [{ status: 200.5 }, /^\$\.status: /],
      [{ id: '\ud800' }, /^\$\.id: expected text in Unicode/],
      [{ userId: 'a\udc00' }, /^\$\.userId: expected text in Unicode/],
      [{ kind: 'feedback' }, /^\$\.rating: /],
      [{ kind: 'prediction', correct: 'yes' }, /^\$\.correct: /],
      [{ kind: 'resource' }, /needs cpu or memoryBytes/],
    ] as const) {
      assert.match(reason(line(changes)) ?? 'taken', expected);
    }
    assert.match(reason('{"id":') ?? 'taken', /^not JSON: /);
    assert.match(reason('[]') ?? 'taken', /expected an object/);
  });

  it('cannot make a sum that is no number any more', () => {
    for (const changes of [
      { kind: 'feedback', rating: 1.5e308 },
      { kind: 'feedback', rating: -1.5e308 },
      { kind: 'resource', cpu: 1e308 },
      { kind: 'resource', memoryBytes: 1e308 },
      { latencyMs: 1e308 },
    ]) {
      assert.match(reason(line(changes)) ?? 'taken', /expected a number from/, JSON.stringify(changes));
    }
  });
});

describe('a batch', () => {
  it('refuses the lines that are not UTF-8, and those alone: their ids would become the same', () => {
    const [before, after] = line({ userId: '#' }).split('#');
    const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
    const body = Buffer.concat([bytes(`${line({ userId: '\ufffd李雷' })}\n${before ?? ''}`), Uint8Array.of(0xff), bytes(after ?? '')]);
    const lines = parseBatch(Buffer.concat([body, bytes(`\n\n${line({})}`)]), NOW);
    assert.ok(lines.ok);
    // A line before it that holds that very character cannot be told from it, and is refused with it.
    assert.deepEqual(
      lines.value.map(({ line: number, event }) => [number, event.ok]),
      [
        [1, false],
        [2, false],
        [4, true],
      ],
    );
    const clean = parseBatch(bytes(line({ userId: '\ufffd' })), NOW);
    assert.ok(clean.ok && clean.value[0]?.event.ok === true);
  });
});
