import assert from 'node:assert/strict';
import { scene } from '../harness/fixture.ts';
import type { Service } from '../harness/service.ts';
import { liveService, sourcesSetting } from '../harness/story.ts';
import { axe, cspViolations, webviewOf } from '../harness/webview.ts';

const HAN = /\p{Script=Han}/u;

let service: Service;
scene(
  'in 简体中文: view, tree, panel and questions',
  {
    locale: 'zh-cn',
    before: async (after) => {
      service = await liveService(after, { minutes: 45, regression: true });
      return { settings: { ...sourcesSetting(service), 'rolloutLens.alerts.notify': false } };
    },
  },
  async ({ page, ui, workbench, picture }) => {
    await page.locator('.activitybar .action-label[aria-label*="灰度"], .activitybar .action-label[aria-label*="发布"]').first().click();
    await ui.row('Production').waitFor();
    const offered = await ui.commandsFor('Rollout Lens:');
    const ours = offered.filter((title) => HAN.test(title));
    assert.ok(ours.length >= 6, `commands are Chinese, seen: ${offered.join(' | ')}`);
    const [enter] = (await ui.commandsFor('Rollout Lens: 输入令牌')).filter((title) => title.includes('输入令牌'));
    assert.ok(enter !== undefined, 'there is a command to enter the token');
    await ui.command(enter);
    await ui.answer(service.token);
    const release = ui.row(/^Fraud model.*%/);
    await release.waitFor();
    // The two views have become one, and share a title.
    await page.locator('.sidebar .composite.title', { hasText: /灰度发布.*发布列表/ }).waitFor();
    await release.click();
    const panel = webviewOf(page);
    await panel.getByRole('heading', { level: 1 }).waitFor();
    await panel.locator('[data-verdict=regressing]').first().waitFor();
    await picture('chinese');
    await ui.row(/^Fraud model劣化：错误率/).waitFor();
    await ui.row(/^Fraud model劣化 · .*10%/).waitFor();
    await ui.row(/^Fraud model劣化 · .*10%/).hover();
    const tip = page.locator('.monaco-hover:visible').filter({ hasText: 'Fraud model' });
    await tip.locator('table').waitFor();
    await picture('chinese-tooltip');
    assert.deepEqual(await tip.locator('th').allInnerTexts(), ['指标', '稳定版', '金丝雀版', '差异', '结论']);
    await page.mouse.move(900, 700);
    await tip.waitFor({ state: 'hidden' });
    await ui.row(/^Fraud model劣化 · .*10%/).click({ button: 'right' });
    await page.locator('.monaco-menu').getByText('静音此发布的告警', { exact: true }).waitFor();
    await picture('chinese-menu');
    await page.keyboard.press('Escape');
    await ui.context(/^Fraud model劣化 · .*10%/, '暂停…');
    const asked = await ui.dialogText();
    await picture('chinese-pause');
    // The request is the service's own.
    assert.doesNotMatch(
      asked
        .split('\n')
        .slice(0, -6)
        .join('\n')
        .replace(/Fraud model|Production/g, ''),
      /[A-Za-z]{4,}/,
    );
    assert.match(asked, /暂停/);
    await page.keyboard.press('Escape');
    await ui.dialog.waitFor({ state: 'detached' });
    await ui.context(/^Fraud model劣化 · .*10%/, '设置比例…');
    await ui.answer('20');
    const preview = await ui.dialogText();
    await picture('chinese-ratio');
    assert.match(preview, /10% → 20%[^]*影响范围：[^]*PATCH /);
    await page.keyboard.press('Escape');
    await ui.dialog.waitFor({ state: 'detached' });
    // Names and versions are the service's own; every other word is ours, and Chinese.
    for (const row of await ui.tree()) {
      const words = row.text.replace(/Fraud model|Production|fraud-[\d.]+|p50|p99|CPU/g, '');
      assert.doesNotMatch(words, /[A-Za-z]{4,}/, `an English word in the tree: ${row.text}`);
    }
    const words = (await panel.locator('body').innerText()).replace(/Fraud model|Production|fraud-[\d.]+|payment-scoring|p50|p99|CPU/g, '');
    const english = words.match(/[A-Za-z]{4,}/g) ?? [];
    assert.deepEqual(english, [], 'no English word in the panel');
    assert.equal(await panel.locator('html').getAttribute('lang'), 'zh-cn');
    assert.deepEqual(await axe(page), []);
    assert.deepEqual(cspViolations(workbench.console), []);
  },
);
