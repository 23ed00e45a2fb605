import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { excerptOf } from '../../../../src/sources/http/excerpt.ts';
import { decodeProblem } from '../../../../src/sources/http/wire.ts';
import { within } from '../../../fakes/within.ts';

const html = { 'content-type': 'text/html' };
const MILLION = 1_000_000;

describe('what is told of an answer that is no data', () => {
  it('is the visible text of a page, without its head, styles and scripts', () => {
    const body = '<html><head><title>x</title></head><style>p{}</style><body><h1>502  Bad\nGateway</h1><script>go()</script>nginx</body>';
    assert.equal(excerptOf({ headers: html, body }), '502 Bad Gateway nginx');
    assert.equal(excerptOf({ headers: {}, body: 'plain  text' }), 'plain text');
  });

  for (const piece of ['<', '<head', '<head>', '<script></', ' ', '</head>'])
    it(`takes work that grows with its length at most: ${JSON.stringify(piece)} again and again`, () => {
      assert.ok(within(5_000, () => excerptOf({ headers: html, body: piece.repeat(32 * (MILLION / piece.length)) })).length <= 300);
    });

  it('is bounded where a problem says it', () => {
    const problem = decodeProblem({ title: 'a'.repeat(MILLION), detail: 'b'.repeat(MILLION) });
    assert.deepEqual([problem?.title?.length, problem?.detail?.length], [1000, 1000]);
  });
});
