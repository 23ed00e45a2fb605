import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { scene } from '../harness/fixture.ts';
import { until } from '../../../scripts/bed/until.ts';
import { webviewOf } from '../harness/webview.ts';

/** As nginx writes them with a JSON log_format: a tenth of the users on the canary. */
const append = (file: string, count: number, at: number, failing: boolean): void => {
  const lines = Array.from({ length: count }, (_, i) => {
    const user = i % 300;
    const canary = user % 10 === 0;
    return JSON.stringify({
      msec: (at - (count - i) * 20) / 1000,
      variant: canary ? 'canary' : 'stable',
      status: canary && failing && i % 2 === 0 ? 502 : 200,
      request_time: 0.04,
      user: `u${String(user)}`,
    });
  });
  appendFileSync(file, `${lines.join('\n')}\n`);
};

let file: string;
scene(
  'lines appended to a log move the tree and the chart, and a release found only there cannot be set',
  {
    before: (after) => {
      const folder = mkdtempSync(path.join(os.tmpdir(), 'rollout-lens-logs-'));
      after(() => rmSync(folder, { recursive: true, force: true }));
      file = path.join(folder, 'access.jsonl');
      append(file, 6000, Date.now(), false);
      return Promise.resolve({
        settings: {
          'rolloutLens.sources': [
            {
              id: 'edge',
              name: 'Edge logs',
              type: 'logs',
              files: [path.join(folder, '*.jsonl')],
              mapping: {
                time: { field: 'msec', unit: 's' },
                variant: { field: 'variant', canary: 'canary' },
                status: { field: 'status', errors: '>=500' },
                latency: { field: 'request_time', unit: 's' },
                user: { field: 'user' },
              },
            },
          ],
        },
      });
    },
  },
  async ({ page, ui, picture }) => {
    await ui.openView('Rollouts');
    const release = ui.rows.and(page.locator('[aria-level="2"]')).filter({ hasText: 'observed' }).first();
    await release.waitFor();
    assert.match(await release.innerText(), /10(\.\d)?%/);
    await release.click();
    const panel = webviewOf(page);
    const canvas = panel.locator('[data-metric=errorRate] canvas');
    await canvas.waitFor();
    const before = await canvas.getAttribute('aria-label');
    append(file, 3000, Date.now(), true);
    await until('the chart tells of the errors', async () => (await canvas.getAttribute('aria-label')) !== before);
    await panel
      .getByText(/regressing/)
      .first()
      .waitFor();
    await picture('logs');
    const setRatio = panel.locator('[data-command="rolloutLens.setRatio"]');
    assert.equal(await setRatio.getAttribute('aria-disabled'), 'true', 'nobody here owns the ratio');
    assert.notEqual((await setRatio.getAttribute('title')) ?? '', '', 'and it says why');
    assert.doesNotMatch(await panel.locator('body').innerText(), /progressing/, 'nobody told a phase');
    // Rotated out of the pattern: what counts now would be gone after a reload.
    renameSync(file, `${file}.1`);
    append(file, 100, Date.now(), true);
    const source = ui.row(/access\.jsonl is now access\.jsonl\.1, which no pattern reaches/);
    await source.waitFor();
    assert.match(await source.innerText(), /to keep them, follow .*access\.jsonl\*/);
    // Taken away altogether while it is shown: what was counted stays, and the row says what is missing.
    rmSync(file);
    rmSync(`${file}.1`);
    await ui.row(/No file matches/).waitFor();
    await picture('logs-gone');
  },
);
