import '../../fakes/vscode.ts';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SILENT_LOG } from '../../../src/base/log.ts';
import type { Handlers } from '../../../src/commands/register.ts';
import { releaseKey } from '../../../src/model/release.ts';
import { COMMANDS, commandId, LINKED, linkId } from '../../../src/platform/ids.ts';
import { english } from '../../fakes/english.ts';
import { commands, shown } from '../../fakes/vscodeModule.ts';

const { registerCommands } = await import('../../../src/commands/register.ts');

describe('a link of a tooltip', () => {
  const registered = new Map<string, (argument: unknown) => unknown>();
  const called: unknown[] = [];
  Object.assign(commands, {
    registerCommand: (id: string, run: (argument: unknown) => unknown) => {
      registered.set(id, run);
      return { dispose: () => undefined };
    },
    executeCommand: (id: string, argument: unknown) => Promise.resolve(registered.get(id)?.(argument)),
  });
  const handlers = Object.fromEntries(COMMANDS.map((name) => [name, (argument: unknown) => called.push([name, argument])]));
  registerCommands(handlers as unknown as Handlers, SILENT_LOG, english);

  for (const name of LINKED)
    it(`runs ${commandId(name)} on its own release, and on none where the argument was lost`, async () => {
      const run = registered.get(linkId(name)) ?? assert.fail('not registered');
      const key = releaseKey('prod', 'fraud');
      called.length = 0;
      await run({ key });
      assert.deepEqual(called, [[name, { key }]]);
      called.length = 0;
      for (const lost of [undefined, {}, 'x', { key: 'x' }]) await run(lost);
      assert.deepEqual(called, []);
      assert.equal(shown.at(-1), 'This is no link to a release.');
    });
});
