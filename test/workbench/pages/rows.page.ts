/** What can be read of a row in a side bar of its first width. */
import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { until } from '../../../scripts/bed/until.ts';
import { scene } from '../harness/fixture.ts';
import { startService, type Service } from '../harness/service.ts';
import { enterToken, SOURCE, sourcesSetting } from '../harness/story.ts';
import type { ThemeName } from '../harness/ui.ts';

const THEMES: readonly (readonly [ThemeName, string])[] = [
  ['Light Modern', 'light'],
  ['Dark High Contrast', 'contrast-dark'],
  ['Light High Contrast', 'contrast-light'],
  ['Dark Modern', 'dark'],
];
const STEPS = [{ ratio: 0.1, pauseSeconds: 86_400 }, { ratio: 0.2 }, { ratio: 0.5 }];
const RELEASES = ['fraud-model', 'recommender', 'search-rank', 'triage'] as const;

const failing = (release: string): string =>
  Array.from({ length: 4000 }, (_, i) => {
    const canary = i % 10 === 0;
    return JSON.stringify({
      id: `${release}-${String(i)}`,
      time: Date.now() - 1000 - (i % 600) * 1000,
      release,
      userId: `u${String(i % 700)}`,
      variant: canary ? 'canary' : 'stable',
      kind: 'request',
      status: canary && i % 20 === 0 ? 503 : 200,
      latencyMs: 20,
    });
  }).join('\n');

/** The part of a row's description that stands before the cut; all of it when nothing is cut. */
const readable = (row: Locator): Promise<string> =>
  row.evaluate((element) => {
    const label = element.querySelector('.monaco-icon-label-container');
    const text = element.querySelector('.label-description')?.firstChild;
    if (!label || !text) return '';
    const end = label.getBoundingClientRect().right;
    const content = text.textContent ?? '';
    const rightOf = (index: number): number => {
      const range = document.createRange();
      range.setStart(text, index);
      range.setEnd(text, index + 1);
      return range.getBoundingClientRect().right;
    };
    if (content === '' || rightOf(content.length - 1) <= end) return content;
    // The dots take the place of about two letters.
    let cut = 0;
    while (cut < content.length && rightOf(cut) <= end - 14) cut++;
    return content.slice(0, cut);
  });

let service: Service;
scene(
  'in a side bar of its first width no row loses the word that says how a release stands, in every theme',
  {
    before: async (after) => {
      service = await startService(after);
      for (const id of RELEASES) {
        const versions = { stable: 'v41', canary: 'v42' };
        const { status, body } = await service.api('POST', '/api/v1/releases', {
          id,
          name: id,
          service: id,
          ratio: 0.1,
          versions,
          steps: STEPS,
        });
        assert.equal(status, 201, JSON.stringify(body));
      }
      return { settings: { ...sourcesSetting(service), 'rolloutLens.alerts.notify': false } };
    },
  },
  async ({ page, ui, picture }) => {
    const act = async (id: string, action: string): Promise<void> => {
      const { etag } = await service.api('GET', `/api/v1/releases/${id}`);
      const answer = await service.api('POST', `/api/v1/releases/${id}/actions/${action}`, {}, { 'if-match': etag ?? '' });
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
    };
    const sent = await fetch(new URL('/api/v1/events', service.url), {
      method: 'POST',
      headers: { authorization: `Bearer ${service.token}`, 'content-type': 'application/x-ndjson' },
      body: failing('fraud-model'),
    });
    assert.equal(sent.status, 200);
    await act('recommender', 'promote');
    await act('search-rank', 'pause');
    await act('triage', 'rollback');

    await ui.openView('Rollouts');
    await ui.row(SOURCE.name).waitFor();
    await enterToken({ ui }, service);
    await ui.row(/^fraud-modelregressing: error rate/).waitFor();
    // Off the rows: the buttons of one under the pointer take their place from its words.
    await page.mouse.move(800, 400);
    const of = (text: RegExp): Promise<string> => readable(ui.row(text));
    for (const [theme, name] of THEMES) {
      await ui.theme(theme);
      await page.mouse.move(800, 400);
      await picture(`rows-${name}`);
      assert.match(await of(/^fraud-modelregressing:/), /^regressing: error/, theme);
      assert.match(await of(/^fraud-modelregressing ·/), /^regressing · 10%/, theme);
      assert.match(await of(/^recommenderwaiting at/), /^waiting at 20%/, theme);
      assert.match(await of(/^recommenderwaiting \d/), /^waiting \d+ (s|min)/, theme);
      assert.match(await of(/^search-rank/), /^paused · 10%/, theme);
      assert.match(await of(/^triage/), /^rolled back/, theme);
    }
    await ui.context(/^fraud-modelregressing ·/, 'Mute Alerts of Release');
    await ui.row(/^fraud-modelregressing · muted/).waitFor();
    await page.mouse.move(800, 400);
    assert.match(await of(/^fraud-modelregressing · muted/), /^regressing · muted/);

    await service.kill();
    const stale = /^search-rankno data for/;
    await ui.row(stale).waitFor();
    await until('its age can be read', async () => /^no data for \d+ s/.test(await of(stale)));
    assert.match(await of(/^fraud-modelregressing · no data/), /^regressing · no/);
    await picture('rows-stale');

    // A row tells all that it has no place for.
    await ui.row(/^fraud-modelregressing · no data.*10%.*muted/).hover();
    const tip = page.locator('.monaco-hover:visible').filter({ hasText: 'fraud-model' });
    await tip.locator('table').waitFor();
    await picture('rows-tooltip');
    const said = (await tip.innerText()).replace(/\s+/g, ' ');
    for (const part of [
      /Variants v41 → v42/,
      /error rate/,
      /Ratio wanted 10%/,
      /Phase gray/,
      /Service fraud-model/,
      /Owner \S+/,
      /Source Production, no data for .* since /,
      /muted until/,
    ])
      assert.match(said, part);
    const seen = tip.getByText(/^Source/).first();
    assert.ok(
      await seen.evaluate(
        (found) => found.getBoundingClientRect().bottom <= (found.closest('.monaco-hover')?.getBoundingClientRect().bottom ?? 0),
      ),
      'how old the data is can be read without scrolling',
    );
    assert.deepEqual(await tip.locator('th').allInnerTexts(), ['metric', 'stable', 'canary', 'difference', 'verdict']);
  },
);
