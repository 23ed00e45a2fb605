/**
 * What the extension costs in a real VS Code: memory of the extension host with the package installed and without, the time to its first
 * panel, and its activation. The peer is the same VS Code without the package, and for the panel VS Code's own Markdown preview: a click or a key
 * until there is something to read (ours: and a chart is painted). The preview's own extension is loaded by
 * that key; ours was loaded when the window opened. Of VS Code's built-in extensions only the themes and Markdown are there.
 *
 *   node bench/editor.ts [--rounds 5]
 */
import { parseArgs } from 'node:util';
import { until } from '../scripts/bed/until.ts';
import { versionOf } from '../scripts/bed/vscode.ts';
import { packageExtension } from '../test/workbench/harness/package.ts';
import { VSIX } from '../test/workbench/harness/project.ts';
import { connect, liveService, releaseRow, sourcesSetting } from '../test/workbench/harness/story.ts';
import { paintedPixels, webviewOf } from '../test/workbench/harness/webview.ts';
import { fewBuiltIns, inEditor, milliseconds, restingMemory } from './inEditor.ts';
import { inTurn, report, type Figures } from './report.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' } } });

const cleanUps: (() => Promise<void> | void)[] = [];
try {
  const { folder: builtIn, remove } = await fewBuiltIns();
  cleanUps.push(remove);
  await packageExtension();
  const service = await liveService((cleanUp) => void cleanUps.push(cleanUp), { minutes: 10, regression: false });

  const ours = (): Promise<Figures> =>
    inEditor(builtIn, {
      vsix: VSIX,
      settings: sourcesSetting(service),
      measure: async (page, ui, server) => {
        await ui.command('Developer: Show Running Extensions');
        const row = page.locator('.runtime-extensions-editor .extension', { hasText: 'Rollout Lens' }).first();
        const told = await until(
          'the extension is active',
          async () => /Activation: (\d+)\s*ms/.exec((await row.textContent()) ?? '')?.[1],
        );
        await ui.command('View: Close All Editors');
        const host_mb = await restingMemory(server);
        await connect({ ui }, service);
        const open_ms = await milliseconds(async () => {
          await releaseRow({ ui }).click();
          await webviewOf(page).getByRole('heading', { level: 1 }).waitFor();
          await until('a chart is painted', async () => (await paintedPixels(page, '[data-metric] canvas')) > 500);
        });
        return { host_mb, open_ms, activate_ms: Number(told) };
      },
    });
  const peer = (): Promise<Figures> =>
    inEditor(builtIn, {
      measure: async (page, ui, server) => {
        await ui.command('Developer: Show Running Extensions');
        await ui.command('View: Close All Editors');
        const host_mb = await restingMemory(server);
        await page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'README.md' }).dblclick();
        await page.locator('.monaco-editor .view-line', { hasText: 'What is read' }).waitFor();
        const open_ms = await milliseconds(async () => {
          await page.keyboard.press('Control+Shift+V');
          await webviewOf(page).getByRole('heading', { level: 1 }).waitFor();
        });
        return { host_mb, open_ms };
      },
    });
  report({
    bench: 'editor',
    peerName: `VS Code ${versionOf('current')} without it, and its Markdown preview`,
    ...(await inTurn(Number(values.rounds), ours, peer)),
    note: 'host_mb: the extension host at rest; open_ms: until the panel can be read, of the peer its preview, whose extension that loads as well',
  });
} finally {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
}
process.exit(0);
