import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { until } from '../../../scripts/bed/until.ts';
import { scene } from '../harness/fixture.ts';
import type { Service } from '../harness/service.ts';
import { connect, liveService, RELEASE, releaseRow, SOURCE, sourcesSetting } from '../harness/story.ts';
import { webviewOf } from '../harness/webview.ts';

/** Presses a key until something holds, as a person does who watches. */
const pressUntil = async (page: Page, key: string, what: string, holds: () => Promise<boolean>): Promise<void> => {
  for (let times = 0; times < 40; times++) {
    if (await holds()) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${key} never led to: ${what}`);
};

const holdsText = (folder: string, text: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => readFileSync(file, 'utf8').includes(text));

let service: Service;
scene(
  'with keys alone: panel opened, ratio set; after a reload undone from the journal, which opens; and which variant a user gets',
  {
    limitMs: 150_000,
    before: async (after) => {
      service = await liveService(after, { minutes: 5, regression: false });
      return { settings: sourcesSetting(service) };
    },
  },
  async ({ page, ui, server, picture }) => {
    await connect({ ui }, service);
    const focused = page.locator('.sidebar .monaco-list-row.focused');
    const focusTree = async (): Promise<void> => {
      await ui.command('Rollouts: Focus on Releases View');
      await page.keyboard.press('Home');
      await pressUntil(page, 'ArrowDown', 'the release', async () => (await focused.innerText().catch(() => '')).includes(RELEASE.name));
    };

    await focusTree();
    await page.keyboard.press('Enter');
    const panel = webviewOf(page);
    await panel.getByRole('heading', { level: 1, name: RELEASE.name }).waitFor();

    await focusTree();
    await page.keyboard.press('Shift+F10');
    const entry = page.locator('.monaco-menu .action-item.focused');
    await page.locator('.monaco-menu').waitFor();
    await pressUntil(page, 'ArrowDown', 'Set Ratio…', async () => /^Set Ratio…/.test(await entry.innerText().catch(() => '')));
    await picture('keys-menu');
    await page.keyboard.press('Enter');
    await ui.quickInput.getByText(/Set ratio of Fraud model/).waitFor();
    await page.keyboard.type('20');
    await ui.quickInput.getByText(/20% of users/).waitFor();
    await page.keyboard.press('Enter');
    await ui.dialogText();
    await pressUntil(page, 'Tab', 'the button that sends', () =>
      ui.dialog.evaluate((dialog) => dialog.ownerDocument.activeElement?.textContent.trim() === 'Set to 20%'),
    );
    await page.keyboard.press('Enter');
    await until('the service has the ratio', async () => (await service.release(RELEASE.id)).ratio === 0.2);
    await ui.row(/^Fraud model.*20%/).waitFor();
    await picture('keys-done');
    // On the panel the first button is reached by Tab and pressed by Enter.
    await page.keyboard.press('Escape');

    await page.reload();
    await ui.row(/^Fraud model.*20%/).waitFor();
    await until('undo is offered', async () => {
      await ui.row(/^Fraud model.*20%/).click({ button: 'right' });
      const menu = page.locator('.monaco-menu');
      // A click while the row is drawn again is lost.
      const offered = await menu
        .getByText('Undo My Last Change…')
        .waitFor({ timeout: 1500 })
        .then(
          () => true,
          () => false,
        );
      await page.keyboard.press('Escape');
      return offered;
    });
    await ui.context(/^Fraud model.*20%/, 'Undo My Last Change…');
    assert.match(await ui.dialogText(), /20% → 10%/);
    await ui.press(/^Undo/);
    await until('the service has the old ratio', async () => (await service.release(RELEASE.id)).ratio === 0.1);
    await ui.row(/^Fraud model.*10%/).waitFor();

    await ui.context(/^Fraud model.*10%/, 'Show Journal');
    // The editor draws a space as one that does not break.
    const text = page.locator('.editor-instance .view-lines');
    await text.getByText(/Journal\sof\sFraud\smodel\sat\sProduction/).waitFor();
    for (const act of [/Ratio\sset:\s10%\s→\s20%/, /20%\s→\s10%/]) await text.getByText(act).first().waitFor();
    await picture('journal');
    const journal = readFileSync(path.join(server.storage, 'journal.jsonl'), 'utf8');
    const acts = journal
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly type: string; readonly from?: number; readonly to?: number })
      .filter(({ type }) => type === 'act');
    assert.deepEqual(
      acts.map(({ from, to }) => [from, to]),
      [
        [0.1, 0.2],
        [0.2, 0.1],
      ],
      'both acts stand in the journal',
    );
    const { body } = await service.api('GET', `/api/v1/releases/${RELEASE.id}/assignment?user_id=user-7`);
    const { variant } = body as { readonly variant: string };
    await ui.context(/^Fraud model.*10%/, 'Which Variant Does a User Get?');
    await ui.answer('user-7');
    await ui.toast(new RegExp(`User user-7 gets fraud-[\\d.]+ \\(${variant}\\)`)).waitFor();
    await picture('variant');

    const logs = path.join(server.folder, 'data/data/logs');
    assert.deepEqual(holdsText(logs, service.token), [], 'no log holds the token');
    assert.ok(!journal.includes(service.token));
    assert.ok(holdsText(logs, `${SOURCE.id}/${RELEASE.id}`).length > 0, 'the logs that were read are those of this run');
    await releaseRow({ ui }).waitFor();
  },
);

scene(
  'one tab a release: a panel in the background of a window that is loaded anew is brought back, with its range, and no second one opens',
  {
    limitMs: 120_000,
    before: async (after) => {
      service = await liveService(after, { minutes: 5, regression: false });
      return { settings: sourcesSetting(service) };
    },
  },
  async ({ page, ui, picture }) => {
    await connect({ ui }, service);
    await ui.select(/^Fraud model.*step/);
    const panel = webviewOf(page);
    const heading = panel.getByRole('heading', { level: 1, name: RELEASE.name });
    const range = (): Promise<string> => panel.locator('vscode-dropdown').evaluate((element) => (element as HTMLSelectElement).value);
    await heading.waitFor();
    await panel.locator('vscode-dropdown').click();
    await panel.locator('vscode-option', { hasText: 'last 15 minutes' }).click();
    await until('fifteen minutes are chosen', async () => (await range()) === '15');
    await ui.command('File: New Untitled Text File');
    await page.locator('iframe.webview:visible').waitFor({ state: 'detached' });

    await ui.reloadWindow();
    await releaseRow({ ui }).waitFor();
    const tabs = page.locator('.tab', { hasText: RELEASE.name });
    await tabs.waitFor();
    assert.equal(await page.locator('iframe.webview:visible').count(), 0, 'the panel is still in the background');
    // The row is selected again by itself, so it is the click that counts.
    await until('a click on the row brings the panel', async () => {
      await ui.row(/^Fraud model.*step/).click();
      return heading.waitFor({ timeout: 3000 }).then(
        () => true,
        () => false,
      );
    });
    await picture('tab-back');
    assert.equal(await tabs.count(), 1, 'one tab');
    assert.equal(await range(), '15', 'the one from before');
  },
);
