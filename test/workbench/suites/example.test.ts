/** The live example as a newcomer gets it: real service, real simulated traffic, a verdict. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { TestApi } from '../../../src/extension.ts';
import { until } from '../../../scripts/bed/until.ts';
import { answering } from '../harness/dialogs.ts';

const command = (name: string, argument?: unknown): Thenable<unknown> => vscode.commands.executeCommand(`rolloutLens.${name}`, argument);

describe('the live example', () => {
  it('brings a simulated release with its chart and a verdict, is told once, and ends quietly with the service', async function () {
    this.timeout(90_000);
    const extension = vscode.extensions.getExtension<TestApi>('rollout-lens.rollout-lens');
    assert.ok(extension);
    const api = await extension.activate();
    await answering({}, async (asked) => {
      const key = await command('tryExample', { scenario: 'finance' });
      const state = [...api.store.state.releases.values()].find((item) => item.key === key);
      assert.ok(state?.release.simulated, 'the release is labelled as simulated');
      await until(
        'its panel is open',
        () => vscode.window.tabGroups.all.some((group) => group.tabs.some((tab) => tab.input instanceof vscode.TabInputWebview)),
        10_000,
      );
      await until(
        'the planted regression is found',
        () => [...api.store.state.releases.values()].find((item) => item.key === key)?.assessment?.verdict === 'regressing',
        60_000,
      );
      const needs = api.tree.snapshot.find(({ id }) => id === 'needs');
      assert.match(needs?.children[0]?.description ?? '', /^regressing: error rate \+.* · simulated$/);
      await until('it is told', () => asked.showWarningMessage.length > 0, 5_000);
      const [text, ...buttons] = asked.showWarningMessage[0] ?? [];
      assert.match(String(text), /\(simulated\): The canary fails more often/);
      assert.deepEqual(buttons, ['Show', 'Pause…', 'Mute']);
      await command('refresh');
      await until(
        'it is measured again',
        () => (api.store.state.releases.get(state.key)?.assessment?.at ?? 0) > Date.now() - 3_000,
        15_000,
      );
      assert.equal(asked.showWarningMessage.length, 1, 'one notification for an incident');
      const next = await answering({ showWarningMessage: ['Roll Back'] }, async () => {
        await command('rollback', { key: state.key });
        await until('it is rolled back', () => api.store.state.releases.get(state.key)?.release.phase === 'rolledBack', 10_000);
        return command('tryExample', { scenario: 'finance' });
      });
      const attempt = [...api.store.state.releases.values()].find((item) => item.key === next)?.release;
      assert.equal(
        attempt?.name,
        `${state.release.name} #2`,
        `after a roll-back the example is the next attempt; told: ${JSON.stringify({ next, ...asked })}`,
      );
      assert.equal(attempt.phase, 'gray');
      await until('its panel is shown', () => vscode.window.tabGroups.activeTabGroup.activeTab?.label.includes('#2') === true, 10_000);
      assert.equal(asked.showErrorMessage.length, 0, 'traffic that makes room for the next attempt is no error');
      await command('stopBuiltin');
      await until('the source is gone', () => api.store.state.sources.length === 0, 10_000);
      assert.equal(asked.showErrorMessage.length, 0, 'traffic that ends with its service is no error');
    });
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
});
