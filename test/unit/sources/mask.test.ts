import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createMasker, maskShapes } from '../../../src/sources/mask.ts';
import { sources } from '../../fakes/manifest.ts';

describe('what is logged or shown', () => {
  for (const [text, masked] of [
    ['Authorization: Bearer abc.def-1', 'Authorization: Bearer •••'],
    ['authorization: Basic bWU6cHc=', 'authorization: Basic •••'],
    ['Authorization: abc def', 'Authorization: •••'],
    ['proxy-authorization: abc', 'proxy-authorization: •••'],
    ['Set-Cookie: sid=abc; HttpOnly', 'Set-Cookie: •••'],
    ['{"token":"abc","url":"http://x"}', '{"token":"•••","url":"http://x"}'],
    ['{"accessToken": "a\\"bc", "n":1}', '{"accessToken": "•••", "n":1}'],
    ['{"authorization":"Bearer abc"}', '{"authorization":"•••"}'],
    ['{"client_secret":"abc","api-key":"def"}', '{"client_secret":"•••","api-key":"•••"}'],
    ['{"tokens":["abc","def"]}', '{"tokens":[•••]}'],
    ["{ refreshToken: 'abc', id: 'x' }", "{ refreshToken: '•••', id: 'x' }"],
    ['GET https://me:pw@host/path', 'GET https://•••@host/path'],
    ['GET https://me:p@w@host/path?to=a@b', 'GET https://•••@host/path?to=a@b'],
    ['/x?access_token=abc&y=1', '/x?access_token=•••&y=1'],
    ['token=abc', 'token=•••'],
    ['serve --token=abc --data d', 'serve --token=••• --data d'],
  ] as const) {
    it(`has no secret: ${text}`, () => {
      assert.equal(maskShapes(text), masked);
      assert.equal(maskShapes(masked), masked, 'masked again it stays as it is');
    });
  }

  it('is else left alone', () => {
    for (const text of [
      'The token is not accepted, enter another: https://prod',
      'reading token.json: 3 tokens',
      'a@b and c://d/e@f',
      'step=2',
    ])
      assert.equal(maskShapes(text), text);
  });

  it('is masked whatever shape it has, once it was told; no short word', () => {
    const masker = createMasker();
    masker.learn('s3cr3t+value');
    masker.learn('a');
    assert.equal(masker.mask('a line with s3cr3t+value twice: s3cr3t+value'), 'a line with ••• twice: •••');
  });

  it('has one masker', () => {
    const own = sources('src').filter(({ file, text }) => file !== 'src/sources/mask.ts' && /\bbearer\|basic\b/i.test(text));
    assert.deepEqual(
      own.map(({ file }) => file),
      [],
    );
  });
});
