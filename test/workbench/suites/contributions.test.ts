import assert from 'node:assert/strict';
import * as vscode from 'vscode';

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string }[];
    readonly configuration: { readonly properties: Readonly<Record<string, unknown>> };
  };
}

const extension = (): vscode.Extension<unknown> => {
  const found = vscode.extensions.getExtension('rollout-lens.rollout-lens');
  assert.ok(found, 'the extension is installed');
  return found;
};
const manifest = (): Manifest => extension().packageJSON as Manifest;

describe('contributions', () => {
  it('the extension activates', async () => {
    await extension().activate();
    assert.equal(extension().isActive, true);
  });

  it('every command of the palette exists in the code', async () => {
    await extension().activate();
    const known = new Set(await vscode.commands.getCommands(true));
    const missing = manifest()
      .contributes.commands.map(({ command }) => command)
      .filter((command) => !known.has(command));
    assert.deepEqual(missing, []);
  });

  it('titles and settings are translated, not keys', () => {
    for (const { title } of manifest().contributes.commands) assert.doesNotMatch(title, /^%/);
  });

  it('the settings have the documented defaults', () => {
    const settings = vscode.workspace.getConfiguration('rolloutLens');
    assert.deepEqual(settings.get('sources'), []);
    assert.equal(settings.get('builtin.autoStart'), false);
    assert.equal(settings.get('alerts.notify'), true);
    assert.equal(settings.get('pollIntervalSeconds'), 5);
  });
});
