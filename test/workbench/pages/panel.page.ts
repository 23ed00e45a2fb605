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
    await page.reload();
    await shown();
    await ui.row(/^Fraud model.*step/).waitFor();
    await picture('panel-reloaded');
    assert.deepEqual(cspViolations(workbench.console), []);
  },
);
