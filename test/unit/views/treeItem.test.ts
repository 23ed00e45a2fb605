import '../../fakes/vscode.ts';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { escapeMarkdown, node } from '../../../src/views/treeNode.ts';

const { tooltipOf } = await import('../../../src/views/treeItem.ts');

describe('the tooltip of a row', () => {
  it('is trusted with no command', () => {
    assert.ok(!('isTrusted' in tooltipOf(node({ id: 'a', kind: 'note', label: '[x](command:y)' }))));
  });

  it('has what others named on one line', () => {
    for (const end of ['\n', '\r', '\r\n', ' \u2028', '\u2029 ']) assert.equal(escapeMarkdown(`a${end}b`), 'a b');
    assert.equal(escapeMarkdown('a  b'), 'a  b');
  });
});
