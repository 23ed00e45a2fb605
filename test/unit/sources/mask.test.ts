import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createMasker, maskedLine, maskShapes } from '../../../src/sources/mask.ts';
import { sources } from '../../fakes/manifest.ts';
import { within } from '../../fakes/within.ts';

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
    ['serve --token abcdef123 --data d', 'serve --token ••• --data d'],
    ['serve -access-token "a b" x', 'serve -access-token ••• x'],
    ['token: abcdef123', 'token: •••'],
    ['password: correcthorse', 'password: •••'],
    ['{ password: hunter22, id: 1 }', '{ password: •••, id: 1 }'],
    [String.raw`said {\"token\":\"abc\",\"n\":1}`, String.raw`said {\"token\":\"•••\",\"n\":1}`],
    [String.raw`{\\\"apiKey\\\": \\\"a\\\\\\\"b\\\", x}`, String.raw`{\\\"apiKey\\\": \\\"•••\\\", x}`],
    ['{"token":"abc', '{"token":"•••"'],
    ['{"tokens":["abc","d', '{"tokens":[•••]'],
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
      'Enter the token: it is kept in secret storage only',
      'asks for a token: https://prod.example:8443/a1',
      'serve --token-file /etc/token1 --token --data d',
    ])
      assert.equal(maskShapes(text), text);
  });

  it('is masked whatever shape it has, once it was told; no short word', () => {
    const masker = createMasker();
    masker.learn('s3cr3t+value');
    masker.learn('a');
    assert.equal(masker.mask('a line with s3cr3t+value twice: s3cr3t+value'), 'a line with ••• twice: •••');
  });

  const MILLION = 1_000_000;
  for (const piece of [
    'a-',
    'a.',
    'token',
    'token:',
    'token:[',
    'token:"',
    'token:\\"',
    '\\"token\\":',
    'token ',
    'Bearer ',
    '--token ',
    'token=',
    'x://',
    ' ',
    '\\',
  ])
    it(`is masked with work that grows with its length, not with the square of it: ${JSON.stringify(piece)} again and again`, () => {
      within(10_000, () => maskShapes(piece.repeat(MILLION / piece.length)));
    });

  it('is cut where a line is longer than somebody reads', () => {
    const line = maskedLine('a '.repeat(MILLION));
    assert.ok(line.length < 20_000, String(line.length));
    assert.match(line, /… \(\d+ more characters\)$/);
    assert.equal(maskedLine('token=abc'), 'token=•••');
  });

  it('has one masker', () => {
    const own = sources('src').filter(({ file, text }) => file !== 'src/sources/mask.ts' && /\bbearer\|basic\b/i.test(text));
    assert.deepEqual(
      own.map(({ file }) => file),
      [],
    );
  });
});
