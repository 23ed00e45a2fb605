import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { processesOf } from '../../../scripts/bed/leftovers.ts';
import { until } from '../../../scripts/bed/until.ts';
import { scene } from '../harness/fixture.ts';

scene(
  'a newcomer: the empty view teaches, one click brings a live example, a reload keeps it, and it ends with the window',
  { limitMs: 150_000 },
  async ({ page, ui, server, workbench, picture }) => {
    await ui.openView('Rollouts');
    const welcome = page.locator('.welcome-view-content');
    for (const button of ['Try with a Live Example', 'Add Log Files', 'Connect a Service']) {
      await welcome.getByRole('button', { name: button }).waitFor();
    }
    await picture('welcome');
    await welcome.getByRole('button', { name: 'Try with a Live Example' }).click();
    const release = ui.rows.and(page.locator('[aria-level="2"]')).filter({ hasText: 'simulated' }).first();
    await release.waitFor({ timeout: 30_000 });
    await picture('example');

    const [serviceFile] = await until('the service says where it is', () => findServiceFiles(server.storage));
    const first = JSON.parse(readFileSync(serviceFile!, 'utf8')) as { readonly pid: number; readonly url: string };
    await page.reload();
    await release.waitFor({ timeout: 30_000 });
    const second = JSON.parse(readFileSync(serviceFile!, 'utf8')) as { readonly pid: number; readonly url: string };
    assert.equal(second.url, first.url, 'the service is where it was, joined or started again');

    // As bad as it gets: the extension host is gone without a word.
    await page.goto('about:blank');
    for (const pid of server.hosts()) kill(pid);
    await until('the service has ended', () => processesOf(server.storage).length === 0, 15_000);
    await workbench.close();
  },
);

const kill = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
};

const findServiceFiles = async (folder: string): Promise<readonly string[] | null> => {
  const { readdir } = await import('node:fs/promises');
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const found = names.filter((name) => path.basename(name) === 'service.json').map((name) => path.join(folder, name));
  return found.length > 0 ? found : null;
};
