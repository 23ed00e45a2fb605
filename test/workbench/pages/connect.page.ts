import assert from 'node:assert/strict';
import { scene } from '../harness/fixture.ts';
import { desertedPort, json, serve, type FakeServer } from '../../fakes/httpServer.ts';
import { connect, liveService, RELEASE, releaseRow, SOURCE, sourcesSetting } from '../harness/story.ts';
import { startService, type Service } from '../harness/service.ts';
import type { ThemeName, Ui } from '../harness/ui.ts';

let service: Service;
scene(
  'connects: refused without a token and says so, then the tree fills from the live service',
  {
    before: async (after) => {
      service = await liveService(after, { minutes: 10, regression: false });
      return { settings: sourcesSetting(service) };
    },
  },
  async ({ ui, picture }) => {
    await ui.openView('Rollouts');
    await ui.row(SOURCE.name).waitFor();
    await ui.row(/^Production ?asks for a token/).waitFor();
    await picture('connect-refused');
    await connect({ ui }, service);
    await ui.row(/^Fraud model.*10%/).waitFor();
    await ui.expand(/^Fraud model.*step/);
    for (const group of ['Variants', 'Metrics', 'Anomalies', 'Steps']) await ui.row(new RegExp(`^${group}`)).waitFor();
    await ui.expand(/^Variants/);
    await ui.row(/^fraud-4\.2\.0.*stable.*90%/).waitFor();
    await ui.row(/^fraud-5\.0\.0.*canary.*10%/).waitFor();
    await ui.expand(/^Steps/);
    await picture('tree');
    const rows = await ui.tree();
    const release = rows.find((row) => row.level === 2 && row.label.startsWith(RELEASE.name));
    assert.ok(release, 'the release stands under its source');
    assert.match(release.label, /10%/, 'a screen reader hears the ratio');
    assert.match(release.label, /simulated/, 'simulated traffic is called so');
    assert.match(await releaseRow({ ui }).innerText(), /simulated/);
  },
);

/** The question that is open, its title, prompt and message. */
const question = async (ui: Ui, title: string): Promise<string> => {
  await ui.quickInput.filter({ hasText: title }).waitFor();
  return ui.quickInput.innerText();
};
const THEMES: readonly ThemeName[] = ['Light Modern', 'Dark High Contrast', 'Light High Contrast', 'Dark Modern'];

let nobody: number;
let silent: FakeServer;
scene(
  'connects by the command: asks the address first, says what is wrong, keeps what was typed, and saves what answered',
  {
    before: async (after) => {
      service = await startService(after);
      await service.api('POST', '/api/v1/releases', { id: 'fraud-model', name: 'Fraud model', service: 'payments', ratio: 0.1 });
      nobody = await desertedPort();
      silent = await serve(() => undefined);
      after(() => silent.close());
      return {};
    },
  },
  async ({ ui, page, picture }) => {
    await ui.openView('Rollouts');
    await ui.command('Rollout Lens: Connect a Service…');
    await question(ui, 'Connect a Service: Address');
    // Nobody listens there: nothing is saved, and the address is still there to be corrected.
    await ui.answer(`127.0.0.1:${String(nobody)}`, false);
    await ui.quickInput.getByText(`Enter asks http://127.0.0.1:${String(nobody)}`).waitFor();
    await picture('connect-address');
    await page.keyboard.press('Enter');
    const problem = await ui.dialogText();
    assert.match(problem, /Nothing listens/);
    assert.match(problem, /Nothing has been saved/);
    await picture('connect-nobody');
    await ui.press('Correct the Address…');
    await question(ui, 'Connect a Service: Address');
    assert.equal(await ui.quickInput.locator('input').first().inputValue(), `http://127.0.0.1:${String(nobody)}`);
    // Nobody answers: there is a sign of that, and cancelling leads back to what was typed.
    await ui.answer(silent.url);
    await ui.toast(/Asking 127\.0\.0\.1/).waitFor();
    await picture('connect-asking');
    await ui.pressToast(/Asking/, 'Cancel');
    await question(ui, 'Connect a Service: Address');
    assert.equal(await ui.quickInput.locator('input').first().inputValue(), silent.url);
    // The service asks for a token; a wrong one is told, a right one lets it say what it is.
    await ui.answer(service.url);
    assert.match(await question(ui, 'Connect a Service: Token'), new RegExp(`Token for ${service.url}\\. `));
    await ui.answer('wrong');
    assert.match(await ui.dialogText(), /token is not accepted/i);
    await picture('connect-token');
    await ui.press('Enter Token…');
    await question(ui, 'Connect a Service: Token');
    await ui.answer(service.token);
    assert.match(
      await question(ui, 'Connect a Service: Name'),
      /Rollout Lens service \d+\.\d+\.\d+, 1 release, you may write\. Name of the source in the tree/,
    );
    await picture('connect-found');
    await ui.answer('Production');
    await ui.row(/^Fraud model.*10%/).waitFor();
    // The same address again: named, not added twice, however it is written.
    await ui.command('Rollout Lens: Connect a Service…');
    await question(ui, 'Connect a Service: Address');
    await ui.answer(`${service.url}/`);
    await ui.quickInput.getByText('Production has this address already').waitFor();
    await picture('connect-twin');
    await page.keyboard.press('Escape');
    await ui.quickInput.waitFor({ state: 'hidden' });
    assert.equal((await ui.tree()).filter(({ level, label }) => level === 1 && label.startsWith('Production')).length, 1);
  },
);

/** Says that it is the service, and would have its version run a command. */
const HOSTILE = '[Click me](command:workbench.action.showCommands)';
let hostile: FakeServer;
scene(
  'what an unknown address says of itself is no link, wherever it is told',
  {
    before: async (after) => {
      hostile = await serve((_, response) => json(response, { status: 'ok', version: HOSTILE, releases: [] }));
      after(() => hostile.close());
      return {};
    },
  },
  async ({ ui, page, picture }) => {
    await ui.openView('Rollouts');
    await ui.command('Rollout Lens: Connect a Service…');
    await question(ui, 'Connect a Service: Address');
    await ui.answer(hostile.url);
    assert.match(await question(ui, 'Connect a Service: Name'), /A gray-release service, no release yet/);
    await picture('connect-hostile');
    assert.equal(await ui.quickInput.locator('a', { hasText: 'Click' }).count(), 0, 'nothing to click on');
    await page.keyboard.press('Escape');
  },
);

const wrongSettings = (url: string): Readonly<Record<string, unknown>> => ({
  'rolloutLens.sources': [
    { ...SOURCE, type: 'http', url, colour: 'blue' },
    { id: 'staging', name: 'Staging cluster in Europe', type: 'http', url: 'rollouts.example.com' },
    {
      id: 'edge',
      name: 'Edge logs',
      type: 'logs',
      files2: ['/var/log/nginx/access.jsonl'],
      mapping: { time: { field: 'ts' }, variant: { field: 'v', canary: 'canary' }, status: { field: 'status' } },
    },
    {
      id: 'gone',
      name: 'Shop logs',
      type: 'logs',
      files: ['/nowhere/at/all.jsonl'],
      mapping: { time: { field: 'ts' }, variant: { field: 'v', canary: 'canary' }, status: { field: 'status' } },
    },
  ],
});

scene(
  'a mistake in the settings is one row below what needs the person, and a click opens its place',
  {
    before: async (after) => {
      service = await startService(after);
      const steps = [{ ratio: 0.1 }, { ratio: 0.5 }];
      await service.api('POST', '/api/v1/releases', { id: 'fraud-model', name: 'Fraud model', service: 'payments', ratio: 0.1, steps });
      return { settings: wrongSettings(service.url) };
    },
  },
  async ({ ui, page, picture }) => {
    await ui.openView('Rollouts');
    await ui.row('Production').waitFor();
    await ui.command('Rollout Lens: Enter Token…');
    await ui.answer(service.token);
    await ui.row('Needs me').waitFor();
    await ui.row(/No file matches/).waitFor();
    const top = (await ui.tree()).filter(({ level }) => level === 1).map(({ text }) => text);
    assert.match(top[0] ?? '', /^Needs me/);
    assert.match(top[1] ?? '', /^Staging cl… · url/);
    assert.match(top[2] ?? '', /^Edge logs · files2 ?not known; did you mean files\?/);
    assert.match(top[3] ?? '', /^Production · colour ?not known; known here: id, name, type, url, caFile/);
    assert.ok(
      top.some((text) => /^Shop logs ?cannot be read/.test(text)),
      'files are not called a connection',
    );
    assert.match(await ui.row(/^Shop logs/).innerText(), /cannot be read/);
    await picture('settings-wrong-Dark-Modern');
    await ui.row(/Edge logs · files2/).hover();
    await page.locator('.monaco-hover', { hasText: 'not read until that is mended' }).first().waitFor();
    await picture('settings-wrong-tooltip');
    await ui.row(/Edge logs · files2/).click();
    await page.locator('.tab.active', { hasText: 'settings.json' }).waitFor();
    await page.locator('.monaco-editor .view-line', { hasText: '"files2"' }).first().waitFor();
    await page.locator('.monaco-editor .current-line').first().waitFor();
    await picture('settings-opened');
    const place = await page.locator('.statusbar-item', { hasText: /Ln \d+/ }).innerText();
    const line = Number(/Ln (\d+)/.exec(place)?.[1]);
    const shown = await page
      .locator('.monaco-editor .margin-view-overlays > div', {
        has: page.locator('.line-numbers', { hasText: new RegExp(`^${String(line)}$`) }),
      })
      .count();
    assert.ok(line > 1 && shown > 0, `the cursor stands at a line that is in view: ${place}`);
    for (const theme of THEMES) {
      await ui.theme(theme);
      await picture(`settings-wrong-${theme.replaceAll(' ', '-')}`);
    }
  },
);

scene(
  'connecting and mistakes in Chinese',
  {
    locale: 'zh-cn',
    before: async (after) => {
      service = await startService(after);
      nobody = await desertedPort();
      return { settings: wrongSettings(service.url) };
    },
  },
  async ({ ui, page, picture }) => {
    await page.locator('.activitybar .action-item .action-label[aria-label*="发布"]').first().click();
    await ui.row(/Edge logs · files2.*未知.*files/).waitFor();
    await ui.row(/Staging cl… · url.*rollouts\.example\.com/).waitFor();
    await ui.row(/Shop logs.*无法读取/).waitFor();
    await picture('settings-wrong-chinese');
    await ui.command('Rollout Lens: 连接服务…');
    await question(ui, '连接服务：地址');
    await ui.answer(`http://127.0.0.1:${String(nobody)}`);
    await ui.dialog.waitFor();
    assert.match(await ui.dialogText(), /尚未保存任何内容/);
    await picture('connect-nobody-chinese');
    await ui.press('更正地址…');
    await question(ui, '连接服务：地址');
    await page.keyboard.press('Escape');
  },
);
