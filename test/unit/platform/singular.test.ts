import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatQuantity } from '../../../src/model/format.ts';
import { singular } from '../../../src/platform/singular.ts';

describe('one of a thing', () => {
  for (const [text, args, said] of [
    ['{count} users in {window}', { count: '1', window: '1 h' }, '{count} user in {window}'],
    ['{count} users in {window}', { count: '11', window: '1 h' }, '{count} users in {window}'],
    ['about {count} more users (last {window})', { count: 1 }, 'about {count} more user (last {window})'],
    [
      'following {files} files; {bad} of {lines} lines not counted',
      { files: 1, bad: 1, lines: 20 },
      'following {files} file; {bad} of {lines} lines not counted',
    ],
    ['{name} has users', { name: '1' }, '{name} has users'],
  ] as const)
    it(`${text} with ${JSON.stringify(args)}`, () => assert.equal(singular(text, args), said));

  it('a point is one point', () => {
    assert.equal(formatQuantity({ value: 0.01, unit: 'points' }, 'en'), '1 point');
    assert.equal(formatQuantity({ value: -0.01, unit: 'points', signed: true }, 'en'), '-1 point');
    assert.equal(formatQuantity({ value: 0.011, unit: 'points' }, 'en'), '1.1 points');
  });
});
