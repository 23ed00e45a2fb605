import '../../fakes/vscode.ts';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { proposeMapping } from '../../../src/sources/logs/proposeMapping.ts';
import { english } from '../../fakes/english.ts';
import { window } from '../../fakes/vscodeModule.ts';

const { askName, findingText } = await import('../../../src/commands/connectQuestions.ts');
const { decideStatus } = await import('../../../src/commands/logMappingSteps.ts');

const HOSTILE = '[Click](command:workbench.action.terminal.sendSequence?%7B%7D)';

interface Box {
  readonly prompt?: string;
  readonly validateInput?: (value: string) => { readonly message: string } | string | null;
}
/** Every text of the input box that opens while `task` runs, in which the editor makes links; `typed` is what is in it. */
const shownIn = async (task: () => PromiseLike<unknown>, typed: string): Promise<readonly string[]> => {
  const seen: string[] = [];
  Object.assign(window, {
    showInputBox: ({ prompt, validateInput }: Box) => {
      const note = validateInput?.(typed) ?? '';
      seen.push(prompt ?? '', typeof note === 'string' ? note : note.message);
      return Promise.resolve(undefined);
    },
    showQuickPick: (items: readonly { readonly value: unknown }[]) => Promise.resolve(items[0]),
  });
  await task();
  assert.notEqual(seen.length, 0, 'a box opened');
  return seen;
};

describe('a question', () => {
  it('has no link where it tells what a service said of itself', async () => {
    const found = findingText({ version: HOSTILE, releases: 0, role: null }, english);
    const [prompt = ''] = await shownIn(() => askName(found, 'x', [], english), 'x');
    assert.match(prompt, /Click/);
    assert.ok(!prompt.includes(']('), prompt);
  });

  it('has no link where it tells the values of a log, or what was typed', async () => {
    const line = JSON.stringify({ ts: '2026-01-01T00:00:00Z', v: 'canary', status: HOSTILE });
    const proposal = proposeMapping([line, line], { statusField: 'status' });
    const texts = await shownIn(() => decideStatus(proposal, 'title', english), `>>${HOSTILE}`);
    assert.match(texts.join('\n'), /Seen: \[Click\] [\s\S]*Not understood: .*\[Click\] /);
    for (const text of texts) assert.ok(!text.includes(']('), text);
  });
});
