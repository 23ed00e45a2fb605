import assert from 'node:assert/strict';
import { until } from '../../../scripts/bed/until.ts';
import { scene } from '../harness/fixture.ts';
import type { Service } from '../harness/service.ts';
import { connect, liveService, releaseRow, sourcesSetting } from '../harness/story.ts';
import { paintedPixels, webviewOf } from '../harness/webview.ts';

let service: Service;
scene(
  'a planted regression becomes a verdict, a marker, a status-bar alert and one notification',
  {
    limitMs: 180_000,
    before: async (after) => {
      // Twenty minutes of healthy traffic, then twenty-five of errors.
      service = await liveService(after, { minutes: 45, regression: true });
      return { settings: sourcesSetting(service) };
    },
  },
  async ({ page, ui, picture }) => {
    await connect({ ui }, service);
    await ui.row('Needs me').waitFor();
    await ui.row(/regressing: error rate \+\d+(\.\d+)? points/).waitFor();

    const status = ui.status('rolloutLens.status');
    await status.filter({ hasText: '1 regressing' }).waitFor();

    const incident = /Fraud model.*The canary fails more often/;
    await ui.toast(incident).waitFor();
    assert.equal(await ui.toasts.count(), 1, 'one notification for one incident');
    await picture('regression-toast');
    await ui.pressToast(incident, 'Show');

    const panel = webviewOf(page);
    await panel.getByRole('heading', { level: 1, name: 'Fraud model' }).waitFor();
    await panel.locator('[data-verdict=regressing]').first().waitFor();
    await panel
      .getByText(/error rate/i)
      .first()
      .waitFor();
    await until('a chart is painted', async () => (await paintedPixels(page, '[data-metric=errorRate] canvas')) > 500);
    await picture('regression-panel');

    await releaseRow({ ui }).waitFor();
    await ui.expand(/^Fraud model.*step/);
    await ui.expand(/^Anomalies/);
    await ui.row(/error rate.*expected.*canary/).waitFor();
    await picture('regression-tree');

    // The status bar leads to the worst.
    await page.keyboard.press('Control+W');
    await page.locator('iframe.webview').waitFor({ state: 'detached' });
    await status.click();
    await panel.getByRole('heading', { level: 1, name: 'Fraud model' }).waitFor();
  },
);
