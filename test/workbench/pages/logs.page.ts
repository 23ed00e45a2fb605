import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { scene } from '../harness/fixture.ts';
import { until } from '../../../scripts/bed/until.ts';
import { ROOT } from '../harness/project.ts';
import { recordedLines } from '../harness/recordedLog.ts';
import { webviewOf } from '../harness/webview.ts';

/** What nginx wrote, in the minute up to `until`. */
const append = (file: string, until: number): void => appendFileSync(file, `${recordedLines(ROOT, until, 60).join('\n')}\n`);

/** Metric, stable, canary, and the verdict at the end. */
const cellsOf = async (row: Locator): Promise<readonly string[]> => {
  const cells = await row.locator('> *').allInnerTexts();
  return [...cells.slice(0, 3), ...cells.slice(-1)];
};

let file: string;
scene(
  'lines appended to a log move the tree and the chart, and a release found only there cannot be set',
  {
    before: (after) => {
      const folder = mkdtempSync(path.join(os.tmpdir(), 'rollout-lens-logs-'));
      after(() => rmSync(folder, { recursive: true, force: true }));
      file = path.join(folder, 'access.jsonl');
      append(file, Date.now() - 5 * 60_000);
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
    const errorRate = panel.locator('[data-row="errorRate"]');
    // 10 errors in the canary's 307 requests against 6 in 2,693 say little.
    const [, , , little] = await cellsOf(errorRate);
    assert.match(little ?? '', /^not enough data yet/);
    assert.deepEqual((await cellsOf(errorRate)).slice(0, 3), ['Error rate', '0.22%', '3.3%']);
    // The same four times more say much.
    for (const minutesAgo of [3, 2, 1, 0]) append(file, Date.now() - minutesAgo * 60_000);
    await until('the chart tells of the errors', async () => (await canvas.getAttribute('aria-label')) !== before);
    await until('five times as much is judged', async () => (await cellsOf(errorRate)).at(-1) === 'regressing');
    assert.deepEqual((await cellsOf(errorRate)).slice(0, 3), ['Error rate', '0.22%', '3.3%'], 'as much as before');
    await picture('logs');
    const setRatio = panel.locator('[data-command="rolloutLens.setRatio"]');
    assert.equal(await setRatio.getAttribute('aria-disabled'), 'true', 'nobody here owns the ratio');
    assert.notEqual((await setRatio.getAttribute('title')) ?? '', '', 'and it says why');
    assert.doesNotMatch(await panel.locator('body').innerText(), /progressing/, 'nobody told a phase');
    // Rotated out of the pattern: what counts now would be gone after a reload.
    renameSync(file, `${file}.1`);
    append(file, Date.now());
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
