import assert from 'node:assert/strict';
import { until } from '../../../scripts/bed/until.ts';
import { scene } from '../harness/fixture.ts';
import { startService, type Service } from '../harness/service.ts';
import { enterToken, SOURCE, sourcesSetting } from '../harness/story.ts';
import { webviewOf } from '../harness/webview.ts';

const RELEASES = [
  { id: 'quiet', name: 'Quiet model', steps: [{ ratio: 0.1, pauseSeconds: 86_400 }, { ratio: 0.5 }] },
  { id: 'shop', name: 'Shop model', steps: [{ ratio: 0.1, pauseSeconds: 86_400 }, { ratio: 0.2 }, { ratio: 0.5 }] },
] as const;

/** Ten minutes of requests that ended a moment ago; of the canary's, every other one fails. */
const failing = (release: string): string => {
  const now = Date.now();
  return Array.from({ length: 4000 }, (_, i) => {
    const canary = i % 10 === 0;
    return JSON.stringify({
      id: `${release}-${String(now)}-${String(i)}`,
      time: now - 1000 - (i % 600) * 1000,
      release,
      userId: `u${String(i % 700)}`,
      variant: canary ? 'canary' : 'stable',
      kind: 'request',
      status: canary && i % 20 === 0 ? 503 : 200,
      latencyMs: 20,
    });
  }).join('\n');
};

let service: Service;
scene(
  'the status bar: silent while all is well, counts who waits and opens it, red while one regresses; what is muted or told rings no bell, after a reload neither; the bell itself can pause',
  {
    limitMs: 240_000,
    before: async (after) => {
      service = await startService(after);
      for (const release of RELEASES) {
        const { status, body } = await service.api('POST', '/api/v1/releases', {
          service: release.id,
          ratio: 0.1,
          versions: { stable: 'v1', canary: 'v2' },
          ...release,
        });
        assert.equal(status, 201, JSON.stringify(body));
      }
      return { settings: sourcesSetting(service) };
    },
  },
  async ({ page, ui, picture }) => {
    await ui.openView('Rollouts');
    await ui.row(SOURCE.name).waitFor();
    await enterToken({ ui }, service);
    for (const { name } of RELEASES) await ui.row(name).waitFor();
    const status = ui.status('rolloutLens.status');
    assert.equal(await status.count(), 0, 'nobody is needed, so nothing is said');
    await picture('status-silent');
    /** Whether the item stands on the theme's colour for what is wrong. */
    const isRed = (): Promise<boolean> =>
      status.evaluate((item) => {
        const probe = item.ownerDocument.createElement('span');
        probe.style.backgroundColor = 'var(--vscode-statusBarItem-errorBackground)';
        item.append(probe);
        const [wanted, seen] = [probe, item].map((element) => getComputedStyle(element).backgroundColor);
        probe.remove();
        return seen === wanted;
      });

    const act = async (id: string, action: string): Promise<void> => {
      const { etag } = await service.api('GET', `/api/v1/releases/${id}`);
      const answer = await service.api('POST', `/api/v1/releases/${id}/actions/${action}`, {}, { 'if-match': etag ?? '' });
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
    };
    // The second step has no end of its own.
    await act('shop', 'promote');
    await status.filter({ hasText: '1 waiting' }).waitFor();
    await picture('status-waiting');
    assert.equal(await isRed(), false, 'nothing is wrong while one waits');
    await status.click();
    await webviewOf(page).getByRole('heading', { level: 1, name: 'Shop model' }).waitFor();

    const regress = async (id: string): Promise<void> => {
      const sent = await fetch(new URL('/api/v1/events', service.url), {
        method: 'POST',
        headers: { authorization: `Bearer ${service.token}`, 'content-type': 'application/x-ndjson' },
        body: failing(id),
      });
      assert.equal(sent.status, 200, await sent.clone().text());
    };
    const quiet = /Quiet model.*The canary fails more often/;
    await ui.context(/^Quiet model/, 'Mute Alerts of Release');
    await ui.row(/^Quiet model.*muted/).waitFor();
    await page.getByText('Alerts of Quiet model are muted until you choose "Unmute Alerts of Release"').waitFor();
    await regress('quiet');
    await status.filter({ hasText: '1 regressing · ' }).waitFor();
    await ui.row(/^Quiet model.*regressing/).waitFor();
    // Above, where it calls, stands why nothing rang.
    await ui.row(/^Quiet modelregressing · muted · error rate/).waitFor();
    await picture('status-muted');
    assert.equal(await isRed(), false, 'muted');
    assert.equal(await ui.toast(quiet).count(), 0, 'muted');
    await ui.reloadWindow();
    await ui.row(/^Quiet model.*regressing/).waitFor();
    await status.filter({ hasText: '1 regressing' }).waitFor();
    assert.equal(await ui.toast(quiet).count(), 0, 'muted, after a reload too');

    // What kept it silent was that it was muted. Its row has moved to the top by now, so the click meets it.
    await ui.row(/^Quiet modelregressing · 10% · muted/).waitFor();
    await ui.context(/^Quiet model.*step/, 'Unmute Alerts of Release');
    await ui.toast(quiet).waitFor();
    await until('the item is red', isRed);
    await picture('status-regressing');

    // Its tooltip lists them, gravest first, and leads to each.
    const tip = page.locator('.monaco-hover:visible').filter({ has: page.locator('table') });
    await status.hover();
    await tip.waitFor();
    await picture('status-tooltip');
    const rows = (await tip.locator('tbody tr').allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim());
    assert.equal(rows.length, 2, rows.join('; '));
    assert.match(rows[0] ?? '', /^Quiet model regressing: error rate \+.* Mute$/);
    assert.match(rows[1] ?? '', /^Shop model waiting at 20% · .* Mute$/);
    await tip.getByText('Quiet model', { exact: true }).click();
    await webviewOf(page).getByRole('heading', { level: 1, name: 'Quiet model' }).waitFor();
    const inTooltip = async (text: string): Promise<void> => {
      await page.mouse.move(800, 300);
      await tip.waitFor({ state: 'hidden' });
      await status.hover();
      await tip.getByText(text, { exact: true }).first().click();
    };
    await inTooltip('Mute');
    await ui.row(/^Quiet modelregressing · muted · error rate/).waitFor();
    await until('it is red no more', async () => !(await isRed()));
    await inTooltip('Unmute');
    await ui.row(/^Quiet modelregressing: error rate/).waitFor();
    await until('it is red again', isRed);

    // The toast's own button stops it: asked, sent, seen, and kept with who did it.
    await ui.pressToast(quiet, 'Pause…');
    const asked = await ui.dialogText();
    await picture('status-pause');
    assert.match(
      asked,
      /^Pause Quiet model\?\s+It stays at 10% until somebody resumes it\.\s+To Production, revision \d+:\s+POST \S+\/quiet\/actions\/pause\s/,
    );
    assert.equal((await service.release('quiet')).state, 'progressing', 'nothing is sent before the answer');
    await ui.press('Pause');
    await until('the service has paused it', async () => (await service.release('quiet')).state === 'paused');
    assert.deepEqual(
      (await service.audit('quiet')).filter(({ action }) => action === 'pause').map(({ release }) => release),
      ['quiet'],
    );
    await ui.toast(/Quiet model.*paused/).waitFor();
    await ui.row(/^Quiet modelregressing · paused · 10%/).waitFor();
    await ui.context(/^Quiet model.*step/, 'Show Journal');
    await page.locator('.view-line', { hasText: /Paused.*from\sthis\smachine/ }).waitFor();
    await picture('status-paused');
    // The lines as they are kept are one click away.
    await page
      .locator('.editor-group-container.active .detected-link')
      .first()
      .click({ modifiers: ['ControlOrMeta'] });
    await page.locator('.tab.active', { hasText: 'journal.jsonl' }).waitFor();
    await page.locator('.view-line', { hasText: '"kind":"pause"' }).first().waitFor();
    await picture('status-journal-file');

    // What has been told is not told again by a window that is loaded anew.
    await ui.reloadWindow();
    await ui.row(/^Quiet modelregressing: error rate/).waitFor();
    await until('the item is red', isRed);

    // And its button to mute.
    const shop = /Shop model.*The canary fails more often/;
    await regress('shop');
    await ui.toast(shop).waitFor();
    assert.equal(await ui.toast(quiet).count(), 0, 'told before the reload');
    await ui.pressToast(shop, 'Mute');
    await ui.row(/^Shop modelregressing · muted/).waitFor();
  },
);
