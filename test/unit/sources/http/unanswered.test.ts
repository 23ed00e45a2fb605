import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { translate } from '../../../../src/platform/translate.ts';
import type { Failure } from '../../../../src/sources/http/client.ts';
import { toUnanswered } from '../../../../src/sources/http/refusals.ts';
import type { TransportErrorKind } from '../../../../src/sources/transportTypes.ts';
import { english } from '../../../fakes/english.ts';

const address = 'http://10.0.0.1:8080/api/v1/releases/fraud/assignment';
const lost = (kind: TransportErrorKind): Failure => ({
  type: 'transport',
  error: { kind, address, host: '10.0.0.1:8080', detail: 'x', code: '', mayHaveArrived: true, limit: 10_000 },
});
const answered = (status: number): Failure => ({ type: 'status', status, address, problem: null, hadToken: true, excerpt: '' });

describe('a question that a service did not answer', () => {
  for (const [failure, kind, words] of [
    [lost('refused'), 'unreachable', /^Nothing listens at Production$/],
    [lost('unreachable'), 'unreachable', /^Cannot be reached: Production$/],
    [lost('timeout'), 'unreachable', /^No answer within 10 s: Production$/],
    [answered(401), 'unauthorized', /token is not accepted/],
    [answered(404), 'gone', /release fraud does not exist/],
    [answered(500), 'unreachable', /error \(500\): Production/],
  ] as const)
    it(`says so and nothing of a change: ${String(words)}`, () => {
      const refusal = toUnanswered(failure, { release: 'fraud', source: 'Production' });
      const text = translate(refusal.message, english).replaceAll('\u00a0', ' ');
      assert.equal(refusal.kind, kind);
      assert.match(text, words);
      assert.doesNotMatch(text, /changed|sent|10\.0\.0\.1/);
    });
});
