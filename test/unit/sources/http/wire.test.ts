import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeDecodeError } from '../../../../src/base/decode.ts';
import { decodeEvidence } from '../../../../src/sources/http/wire.ts';

const tally = (changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  requests: 1_000,
  errors: 10,
  clientErrors: 5,
  users: 200,
  predictions: 100,
  correct: 90,
  ratings: 0,
  ratingSum: 0,
  latency: { first: 100, counts: [400, 600] },
  cpu: 0.5,
  memoryBytes: null,
  ...changes,
});

/** What is wrong with a canary that was counted so; null where nothing is. */
const problemOf = (changes: Readonly<Record<string, unknown>>): string | null => {
  const decoded = decodeEvidence({ from: 0, to: 60_000, variants: { stable: tally(), canary: tally(changes) } });
  return decoded.ok ? null : describeDecodeError(decoded.error);
};

describe('evidence from a service', () => {
  it('is taken where the counts can be, up to every request failed and every prediction right', () => {
    assert.equal(problemOf({}), null);
    assert.equal(problemOf({ errors: 995, clientErrors: 5, correct: 100 }), null);
  });

  for (const [what, changes, field] of [
    ['more errors than requests', { errors: 1_001 }, 'errors'],
    ['more failed requests of both kinds than requests', { errors: 999, clientErrors: 2 }, 'errors'],
    ['more right predictions than predictions', { correct: 101 }, 'correct'],
    ['a part of a request', { requests: 1_000.5 }, 'requests'],
    ['a part of an error', { errors: 0.1 }, 'errors'],
    ['fewer than no users', { users: -1 }, 'users'],
    ['a part of a response time', { latency: { first: 0, counts: [0.5] } }, 'latency.counts[0]'],
  ] as const)
    it(`is refused with ${what}, by the name of the field`, () => {
      assert.match(problemOf(changes) ?? '', new RegExp(`^\\$\\.variants\\.canary\\.${field.replace(/[.[\]]/g, '\\$&')}: expected `));
    });
});
