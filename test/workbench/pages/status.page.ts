import assert from 'node:assert/strict';
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
  'the status bar: silent while all is well, counts who waits and opens it; what is muted rings no bell, after a reload neither',
  {
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

    const act = async (id: string, action: string): Promise<void> => {
      const { etag } = await service.api('GET', `/api/v1/releases/${id}`);
      const answer = await service.api('POST', `/api/v1/releases/${id}/actions/${action}`, {}, { 'if-match': etag ?? '' });
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
    };
    // The second step has no end of its own.
    await act('shop', 'promote');
    await status.filter({ hasText: '1 waiting' }).waitFor();
    await picture('status-waiting');
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
    await regress('quiet');
    await status.filter({ hasText: '1 regressing · ' }).waitFor();
    await ui.row(/^Quiet model.*regressing/).waitFor();
    await picture('status-muted');
    assert.equal(await ui.toast(quiet).count(), 0, 'muted');
    await page.reload();
    await ui.row(/^Quiet model.*regressing/).waitFor();
    await status.filter({ hasText: '1 regressing' }).waitFor();
    assert.equal(await ui.toast(quiet).count(), 0, 'muted, after a reload too');

    // What kept it silent was that it was muted; its toast has a button for it as well.
    await ui.context(/^Quiet model.*step/, 'Unmute Alerts of Release');
    await ui.toast(quiet).waitFor();
    await picture('status-regressing');
    await ui.pressToast(quiet, 'Mute');
    await ui.row(/^Quiet model.*muted/).waitFor();
  },
);
