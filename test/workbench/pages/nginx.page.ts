import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { ensureNginx } from '../../../scripts/bed/nginx.ts';
import { until } from '../../../scripts/bed/until.ts';
import { formatQuantity } from '../../../src/model/format.ts';
import { drive, nothingCounted, type CountedVariants } from '../../integration/nginx/drive.ts';
import { startGrayServers } from '../../integration/nginx/grayServers.ts';
import { startNginx, type NginxServer } from '../../integration/nginx/nginxServer.ts';
import { scene } from '../harness/fixture.ts';
import type { Scene } from '../harness/fixture.ts';
import { webviewOf } from '../harness/webview.ts';

const nginx = await ensureNginx();
const counted = nothingCounted();
let server: NginxServer;

const before = async (program: string, after: Scene['after']): Promise<{ settings: Readonly<Record<string, unknown>> }> => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'rollout-lens-nginx-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const servers = await startGrayServers(42, { stable: { errors: 0.005, delay: [5, 10] }, canary: { errors: 0.2, delay: [30, 50] } });
  after(() => servers.close());
  server = await startNginx(program, folder, servers.ports, 10);
  after(() => server.stop());
  await drive({ url: server.url, path: '/checkout', requests: 1500, concurrency: 16, users: 500 }, counted);
  const source = {
    id: 'edge',
    name: 'Edge',
    type: 'logs',
    files: [server.accessLog],
    mapping: {
      time: { field: 'msec', unit: 's' },
      variant: { field: 'variant', canary: 'canary' },
      status: { field: 'status' },
      latency: { field: 'request_time', unit: 's' },
      user: { field: 'user' },
      release: { field: 'service' },
    },
  };
  return { settings: { 'rolloutLens.sources': [source], 'rolloutLens.alerts.notify': false } };
};

const percent = (share: number): string => formatQuantity({ value: share, unit: 'ratio' }, 'en').replaceAll('.', '\\.');
const errorRate = ({ requests, errors }: CountedVariants['stable']): number => errors / requests;
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

const story = async ({ page, ui, picture }: Scene): Promise<void> => {
  await ui.openView('Rollouts');
  // Under its source, where it can be opened; in "Needs me" it cannot.
  const release = page.locator('.sidebar [role=treeitem][aria-level="2"][aria-expanded]').filter({ hasText: /^shop.*observed/ });
  /** The tree says what the client itself counted. */
  const agrees = async (): Promise<void> => {
    const { stable, canary } = counted;
    const share = canary.requests / (canary.requests + stable.requests);
    await ui.row(new RegExp(`^shop.*${percent(share)}`)).waitFor();
    await ui.row(new RegExp(`^error rate.*${percent(errorRate(canary))} against ${percent(errorRate(stable))}`)).waitFor();
    const text = await ui.row(/^latency p50.*against/).innerText();
    const [, low, high] = /p50\s*([\d.]+) ms against ([\d.]+) ms/.exec(text) ?? [];
    for (const [shown, values] of [
      [Number(low), canary.latenciesMs],
      [Number(high), stable.latenciesMs],
    ] as const) {
      const client = median(values);
      // The client waits a little longer than nginx, which counts whole milliseconds.
      assert.ok(shown < client * 1.05 + 2 && shown > client * 0.6 - 5, `${text}: the client saw ${String(client)} ms`);
    }
  };
  await release.waitFor();
  await release.click();
  await release.locator('.monaco-tl-twistie').click();
  await ui.expand(/^Metrics/);
  await agrees();
  await picture('nginx');
  const panel = webviewOf(page);
  const canvas = panel.locator('[data-metric=errorRate] canvas');
  await canvas.waitFor();
  // Whole steps are drawn, and in a quarter of an hour one has ten seconds.
  await panel.locator('vscode-dropdown').click();
  await panel.locator('vscode-option', { hasText: 'last 15 minutes' }).click();
  const seen = await canvas.getAttribute('aria-label');
  // Nginx itself goes on writing.
  await drive({ url: server.url, path: '/checkout', requests: 600, concurrency: 16, users: 500 }, counted);
  await agrees();
  await until('the chart tells of the new lines', async () => (await canvas.getAttribute('aria-label')) !== seen, 30_000);
  await ui.row(/^shop.*regressing/).waitFor();
  await picture('nginx-live');
};

const NAME =
  'the access log of a real nginx: share, error rate and latency in the tree are what its client counted, and follow what it writes';
if ('skip' in nginx) {
  console.log(`skipped: ${nginx.skip}`);
  void test(NAME, { skip: nginx.skip }, () => undefined);
} else {
  const { path: program } = nginx;
  scene(NAME, { before: (after) => before(program, after) }, story);
}
