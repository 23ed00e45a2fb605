import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { processesOf } from '../../../scripts/bed/leftovers.ts';
import { until } from '../../../scripts/bed/until.ts';
import { alive, builtinService, killNow } from '../harness/builtin.ts';
import { scene } from '../harness/fixture.ts';
import { uiOf } from '../harness/ui.ts';

/** Longer than the service stays without any window. */
const WITHOUT_WINDOW_MS = 7_000;
const INCIDENT = /simulated.*The canary fails more often/;

scene(
  'two windows share one built-in service and one notification; the one that stays keeps it alive, and nothing is left after the last',
  { limitMs: 170_000 },
  async ({ page: first, ui, server, workbench, picture }) => {
    await ui.openView('Rollouts');
    await first.locator('.welcome-view-content').getByRole('button', { name: 'Try with a Live Example' }).click();
    const released = (window: typeof ui): ReturnType<typeof ui.row> => window.row(/^Fraud.*simulated/i);
    await released(ui).waitFor({ timeout: 30_000 });
    const started = await builtinService(server);
    const [firstHost] = await until('the first window has a host', () => (server.hosts().length === 1 ? server.hosts() : null));

    const other = path.join(server.folder, 'other');
    mkdirSync(other);
    const second = await workbench.openWindow(other);
    const secondUi = uiOf(second);
    await secondUi.openView('Rollouts');
    await released(secondUi).waitFor({ timeout: 30_000 });
    assert.equal((await builtinService(server)).pid, started.pid, 'the second window joined the service of the first');
    assert.equal(server.hosts().length, 2, 'two windows have two hosts');

    // Both see the incident, in tree and status bar; one of them tells it.
    for (const window of [ui, secondUi]) {
      await window.status('rolloutLens.status').filter({ hasText: '1 regressing' }).waitFor({ timeout: 60_000 });
    }
    const told = async (): Promise<number> => (await ui.toast(INCIDENT).count()) + (await secondUi.toast(INCIDENT).count());
    await until('it is told', async () => (await told()) > 0);
    assert.equal(await told(), 1, 'in one window only');
    const toldBySecond = await secondUi.toast(INCIDENT).count();
    await picture('windows-first');
    await second.bringToFront();

    // The window that started the service is gone without a word.
    await first.goto('about:blank');
    killNow(firstHost!);
    const gone = Date.now();
    await until('the service has outlived its first window', () => {
      assert.ok(alive(started.pid), 'the service ended although a window is open');
      return Date.now() - gone > WITHOUT_WINDOW_MS;
    });
    assert.ok((await secondUi.toast(INCIDENT).count()) <= toldBySecond, 'and not again in the other later');

    // The window that stays looks after it: killed, it comes back at its address.
    killNow(started.pid);
    const again = await builtinService(server, started.pid);
    assert.equal(again.url, started.url);
    assert.equal(again.token, started.token);
    await released(secondUi).waitFor();
    await until('the tree is live again', async () => !/no data for/.test(await secondUi.rows.first().innerText()));

    await second.goto('about:blank');
    for (const host of server.hosts()) killNow(host);
    await until('no process is left', () => processesOf(server.storage).length === 0, 10_000);
  },
);
