/** `npm run screenshots`: the README's pictures, taken from the real workbench on a live simulated release. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { until } from '../../scripts/bed/until.ts';
import { play } from './harness/fixture.ts';
import { packageExtension } from './harness/package.ts';
import { ROOT } from './harness/project.ts';
import type { Service } from './harness/service.ts';
import { connect, liveService, sourcesSetting } from './harness/story.ts';
import { paintedPixels } from './harness/webview.ts';

const target = path.join(ROOT, 'media/readme');
mkdirSync(target, { recursive: true });
await packageExtension();

let service: Service;
await play(
  'screenshots',
  {
    viewport: { width: 1360, height: 860 },
    before: async (after) => {
      service = await liveService(after, { minutes: 45, regression: true });
      return { settings: { ...sourcesSetting(service), 'rolloutLens.alerts.notify': false } };
    },
  },
  async ({ page, ui }) => {
    await connect({ ui }, service);
    await ui.row(/regressing/).waitFor();
    await ui.row(/^Fraud model.*step/).click();
    await until('the charts are painted', async () => (await paintedPixels(page, '[data-metric=errorRate] canvas')) > 500);
    await page.screenshot({ path: path.join(target, 'panel-dark.png') });
    await ui.theme('Light Modern');
    await ui.expand(/^Fraud model.*step/);
    await ui.expand(/^Metrics/);
    await until('the charts are painted', async () => (await paintedPixels(page, '[data-metric=errorRate] canvas')) > 500);
    await page.screenshot({ path: path.join(target, 'tree-light.png') });
  },
);
console.log(`pictures in ${path.relative(ROOT, target)}`);
process.exit(0);
