/** What menus and palette offer follows what can be done with the release that they are about. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { scene } from '../harness/fixture.ts';
import { startService, type Service } from '../harness/service.ts';
import { enterToken, SOURCE } from '../harness/story.ts';
import { webviewOf } from '../harness/webview.ts';

const logLines = (): string => {
  const now = Date.now();
  const line = (i: number): string =>
    JSON.stringify({ at: now - i * 50, service: 'Seen in logs', variant: i % 10 === 0 ? 'canary' : 'stable', status: 200 });
  return `${Array.from({ length: 2000 }, (_, i) => line(2000 - i)).join('\n')}\n`;
};

let service: Service;
scene(
  'menus and palette offer what can be done with the release in front, by mouse and by keyboard, and nothing else',
  {
    before: async (after) => {
      service = await startService(after);
      const { status, body } = await service.api('POST', '/api/v1/releases', {
        id: 'shop',
        name: 'Shop model',
        service: 'shop',
        ratio: 0.1,
        versions: { stable: 'v1', canary: 'v2' },
        steps: [{ ratio: 0.1, pauseSeconds: 86_400 }, { ratio: 0.5 }],
      });
      assert.equal(status, 201, JSON.stringify(body));
      const folder = mkdtempSync(path.join(os.tmpdir(), 'rollout-lens-menus-'));
      after(() => rmSync(folder, { recursive: true, force: true }));
      const file = path.join(folder, 'access.jsonl');
      writeFileSync(file, logLines());
      const mapping = {
        time: { field: 'at', unit: 'ms' },
        variant: { field: 'variant', canary: 'canary' },
        status: { field: 'status', errors: '>=500' },
        release: { field: 'service' },
      };
      return {
        settings: {
          'rolloutLens.sources': [
            { ...SOURCE, type: 'http', url: service.url },
            { id: 'edge', name: 'Edge logs', type: 'logs', files: [file], mapping },
          ],
        },
      };
    },
  },
  async ({ page, ui, picture }) => {
    const CHANGES = ['Set Ratio…', 'Promote…', 'Pause…', 'Roll Back…'];
    /** Which of the changes the palette offers; each is asked for by name, since it draws no more rows than fit. */
    const offered = async (): Promise<readonly string[]> => {
      const found: string[] = [];
      for (const change of CHANGES) {
        const title = `Rollout Lens: ${change}`;
        if ((await ui.commandsFor(title)).includes(title)) found.push(change);
      }
      return found;
    };
    const menu = page.locator('.monaco-menu');
    const entries = async (): Promise<readonly string[]> => {
      await menu.getByText('Copy Link to Release', { exact: true }).waitFor();
      const texts = await menu.locator('.action-label').allInnerTexts();
      return texts.map((text) => text.trim()).filter(Boolean);
    };
    const close = async (): Promise<void> => {
      await page.keyboard.press('Escape');
      await menu.waitFor({ state: 'detached' });
    };
    const titleMenu = async (): Promise<readonly string[]> => {
      await page.locator('.editor-group-container.active .editor-actions [aria-label^="More Actions"]').click();
      const found = await entries();
      await close();
      return found;
    };

    await ui.openView('Rollouts');
    await ui.row('Seen in logs').waitFor();
    assert.deepEqual(await offered(), [], 'what is only seen in logs cannot be changed');
    await enterToken({ ui }, service);
    await ui.row(/^Shop model/).waitFor();
    assert.deepEqual(await offered(), CHANGES);

    await ui.select('Seen in logs');
    await webviewOf(page).getByRole('heading', { level: 1, name: 'Seen in logs' }).waitFor();
    const ofLog = await titleMenu();
    assert.ok(!ofLog.some((entry) => /Set Ratio|Next Step|Roll Back|Which Variant/.test(entry)), ofLog.join(', '));
    assert.deepEqual(await offered(), [], 'a command is about the panel in front');
    await page.locator('.editor-group-container.active .editor-actions [aria-label^="More Actions"]').click();
    await entries();
    await picture('menus-log');
    await close();

    await ui.select(/^Shop model/);
    await webviewOf(page).getByRole('heading', { level: 1, name: 'Shop model' }).waitFor();
    const ofService = await titleMenu();
    for (const entry of ['Next Step…', 'Set Ratio…', 'Roll Back…', 'Which Variant Does a User Get?'])
      assert.ok(ofService.includes(entry), `${entry}: ${ofService.join(', ')}`);
    assert.deepEqual(await offered(), CHANGES);

    // All that the mouse finds on a row the keyboard finds too.
    const buttonsOf = async (text: RegExp): Promise<readonly string[]> => {
      const row = ui.row(text);
      await row.hover();
      return row.locator('.actions .action-label').evaluateAll((found) => found.map((item) => item.getAttribute('aria-label') ?? ''));
    };
    const buttons = await buttonsOf(/^Shop model/);
    assert.deepEqual(buttons, ['Show Chart', 'Set Ratio…']);
    await ui.command('Rollouts: Focus on Releases View');
    await page.locator('.sidebar .monaco-list:focus').waitFor();
    await page.keyboard.press('Shift+F10');
    const byKeyboard = await entries();
    await picture('menus-row');
    for (const button of buttons) assert.ok(byKeyboard.includes(button), `${button}: ${byKeyboard.join(', ')}`);
    await close();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await ui.row(/^Variants/).waitFor();

    // At its last step it waits for a person: what leads on from there is at hand, on both of its rows.
    const { etag } = await service.api('GET', '/api/v1/releases/shop');
    const moved = await service.api('POST', '/api/v1/releases/shop/actions/promote', {}, { 'if-match': etag ?? '' });
    assert.equal(moved.status, 200, JSON.stringify(moved.body));
    const waiting = [/^Shop modelwaiting at 50%/, /^Shop modelwaiting \d/];
    for (const row of waiting) {
      await ui.row(row).waitFor();
      assert.deepEqual(await buttonsOf(row), ['Promote to Full…', 'Show Chart'], String(row));
    }
    await picture('menus-last-step');
    await ui.inline(/^Shop modelwaiting at 50%/, 'Promote to Full…');
    assert.match(await ui.dialogText(), /^Promote Shop model to full, for everyone\?[^]*Ratio: 50% → 100%[^]*not known yet\./);
    await picture('menus-promote-full');
    await page.keyboard.press('Escape');
    assert.equal((await service.release('shop')).ratio, 0.5, 'nothing is sent');
  },
);
