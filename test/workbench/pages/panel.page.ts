import assert from 'node:assert/strict';
import { until } from '../../../scripts/bed/until.ts';
import { scene } from '../harness/fixture.ts';
import type { Service } from '../harness/service.ts';
import { connect, liveService, RELEASE, sourcesSetting } from '../harness/story.ts';
import { axe, cspViolations, paintedPixels, webviewOf } from '../harness/webview.ts';

let service: Service;
scene(
  'the panel: painted, accessible and within its content policy in every theme, and back after a reload of the window',
  {
    limitMs: 180_000,
    before: async (after) => {
      service = await liveService(after, { minutes: 45, regression: true });
      return { settings: { ...sourcesSetting(service), 'rolloutLens.alerts.notify': false } };
    },
  },
  async ({ page, ui, workbench, picture }) => {
    await connect({ ui }, service);
    await ui.row(/^Fraud model.*step/).click();
    const panel = webviewOf(page);
    const shown = async (): Promise<void> => {
      await panel.getByRole('heading', { level: 1, name: RELEASE.name }).waitFor();
      await until('the charts are painted', async () => (await paintedPixels(page, '[data-metric=errorRate] canvas')) > 500);
    };
    await shown();
    assert.ok((await panel.getByRole('table').count()) >= 1, 'the evidence is a table');
    const themes = [
      ['Dark Modern', 'dark'],
      ['Light Modern', 'light'],
      ['Dark High Contrast', 'contrast-dark'],
      ['Light High Contrast', 'contrast-light'],
    ] as const;
    for (const [theme, name] of themes) {
      await ui.theme(theme);
      await shown();
      await picture(`panel-${name}`);
      assert.deepEqual(await axe(page), [], `axe in ${theme}`);
    }
    await panel.locator('vscode-dropdown').click();
    await panel.locator('vscode-option', { hasText: 'last 15 minutes' }).click();
    const range = (): Promise<string> => panel.locator('vscode-dropdown').evaluate((element) => (element as HTMLSelectElement).value);
    await until('fifteen minutes are chosen', async () => (await range()) === '15');

    // Hidden, its page is thrown away: what happens meanwhile is there when it is shown again.
    await ui.command('File: New Untitled Text File');
    await page.locator('iframe.webview:visible').waitFor({ state: 'detached' });
    await service.setRatio(RELEASE.id, 0.25, 'Ann');
    await ui.row(/^Fraud model.*step.*25%|^Fraud model.*25%.*step/).waitFor();
    await page.locator('.tab', { hasText: RELEASE.name }).click();
    await shown();
    await panel.locator('.ratio', { hasText: '25%' }).waitFor();
    assert.equal(await range(), '15');
    // What the head says, the chart says at the same moment.
    assert.equal(await panel.locator('[data-metric=ratio] [data-column=wanted] .legend-value').innerText(), '25%');
    await picture('panel-ratio-moved');

    // A button of the page does what the command does.
    await panel.locator('[data-command="rolloutLens.setRatio"]').click();
    await ui.quickInput.getByText(/Set ratio of Fraud model \(now 25%/).waitFor();
    await page.keyboard.press('Escape');

    await ui.reloadWindow();
    await shown();
    assert.equal(await range(), '15', 'the range is kept');
    await page.reload();
    await shown();
    await ui.row(/^Fraud model.*step/).waitFor();
    await picture('panel-reloaded');
    assert.deepEqual(cspViolations(workbench.console), []);
  },
);

scene('the panel of a stopped built-in service starts it again', { limitMs: 150_000 }, async ({ page, ui, picture }) => {
  await ui.openView('Rollouts');
  await ui.command('Rollout Lens: Try with a Live Example');
  const panel = webviewOf(page);
  const heading = panel.getByRole('heading', { level: 1 });
  await panel.locator('.answer').waitFor({ timeout: 60_000 });
  await picture('example-begins');
  await ui.command('Rollout Lens: Stop Built-in Service');
  const start = panel.locator('[data-command="rolloutLens.startBuiltin"]');
  await start.waitFor();
  assert.deepEqual(await axe(page), []);
  await picture('panel-stopped');
  await start.click();
  await panel.locator('.answer').waitFor({ timeout: 60_000 });
  await heading.waitFor();
});
