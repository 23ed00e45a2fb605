import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { unlinked } from '../../../src/platform/unlinked.ts';
import { sources } from '../../fakes/manifest.ts';

/** How the editor finds links in a message (`parseLinkedText`). */
const LINK = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/gi;

describe('text that the editor looks for links in', () => {
  it('runs no command that a name of others holds, and still shows the name', () => {
    for (const name of [
      '[fraud](command:workbench.action.terminal.sendSequence?%7B%7D)',
      'a [b](https://evil.example "t") c',
      '[[x]](command:y)',
      '[x]]((command:y)',
      '[a](file:///etc)[b](command:c)',
    ]) {
      const text = unlinked(`${name}: regressing`);
      assert.equal([...text.matchAll(LINK)].length, 0, text);
      assert.equal(text.replaceAll(' ', ''), `${name}: regressing`.replaceAll(' ', ''));
    }
    assert.match('[fraud](command:x)', new RegExp(LINK.source, 'i'), 'the pattern finds links at all');
  });

  for (const [what, own, call] of [
    ['message', 'src/platform/toasts.ts', /\bshow(Information|Warning|Error)Message\b/],
    ['question', 'src/platform/prompts.ts', /\b(show(InputBox|QuickPick)|create(InputBox|QuickPick))\b/],
  ] as const)
    it(`is shown as a ${what} by one module only, so that none is forgotten`, () => {
      const callers = sources('src').filter(({ text }) => call.test(text));
      assert.deepEqual(
        callers.map(({ file }) => file),
        [own],
      );
    });
});
