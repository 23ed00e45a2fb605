import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toastText } from '../../../src/platform/toastText.ts';
import { sources } from '../../fakes/manifest.ts';

/** How the editor finds links in a message (`parseLinkedText`). */
const LINK = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/gi;

describe('a message of the editor', () => {
  it('runs no command that a name of others holds, and still shows the name', () => {
    for (const name of [
      '[fraud](command:workbench.action.terminal.sendSequence?%7B%7D)',
      'a [b](https://evil.example "t") c',
      '[[x]](command:y)',
      '[x]]((command:y)',
      '[a](file:///etc)[b](command:c)',
    ]) {
      const text = toastText(`${name}: regressing`);
      assert.equal([...text.matchAll(LINK)].length, 0, text);
      assert.equal(text.replaceAll(' ', ''), `${name}: regressing`.replaceAll(' ', ''));
    }
    assert.match('[fraud](command:x)', new RegExp(LINK.source, 'i'), 'the pattern finds links at all');
  });

  it('is shown by one module only, so that none is forgotten', () => {
    const others = sources('src').filter(
      ({ file, text }) => file !== 'src/platform/toasts.ts' && /\.show(Information|Warning|Error)Message\b/.test(text),
    );
    assert.deepEqual(
      others.map(({ file }) => file),
      [],
    );
  });
});
