import assert from 'node:assert/strict';
import { until } from '../../../scripts/bed/until.ts';
import { scene } from '../harness/fixture.ts';
import type { Service } from '../harness/service.ts';
import { connect, liveService, RELEASE, sourcesSetting } from '../harness/story.ts';
import { axe, cspViolations, webviewOf } from '../harness/webview.ts';

let service: Service;
scene(
  'the service hangs, then is killed: what is shown is greyed and dated; when it answers again the tree is live again, by itself',
  {
    before: async (after) => {
      service = await liveService(after, { minutes: 10, regression: false });
      return { settings: { ...sourcesSetting(service), 'rolloutLens.pollIntervalSeconds': 2 } };
    },
  },
  async ({ page, ui, workbench, picture }) => {
    await connect({ ui }, service);
    await ui.row(/^Fraud model.*10%/).click();
    const panel = webviewOf(page);
    await panel.getByRole('heading', { level: 1, name: RELEASE.name }).waitFor();

    // It hangs: no answer, and no error either. After three of the two seconds nothing is called live any more.
    const labelColours = (): Promise<readonly string[]> =>
      ui.rows
        .filter({ hasText: /^Fraud model/ })
        .locator('.label-name')
        .evaluateAll((labels) => labels.map((label) => getComputedStyle(label).color));
    const live = await labelColours();
    assert.equal(live.length, 2, 'it waits for somebody, so it stands on top too');
    service.hang();
    const old = ui.row(/^Fraud model.*10%.*no data for \d+ s/);
    await old.waitFor();
    await ui.row(/^Production.*no data for \d+ s/).waitFor();
    await panel.locator('.freshness', { hasText: /^no data for \d+ s/ }).waitFor();
    await until('it is greyed wherever it stands', async () => (await labelColours()).every((colour, i) => colour !== live[i]));
    await picture('hung');
    service.goOn();
    await service.setRatio(RELEASE.id, 0.15, 'Ann');
    await ui.row(/^Fraud model.*15%/).waitFor({ timeout: 40_000 });
    await ui.row(/no data for/).waitFor({ state: 'detached' });
    await panel.locator('.freshness', { hasText: /^live/ }).waitFor();
    await until('and is no longer grey', async () => (await labelColours()).join() === live.join());

    await service.kill();
    await ui.row(/^Fraud model.*no data for/).waitFor();
    await ui.row(/^Production.*no data for/).waitFor();
    await panel
      .getByText(/last answer \d+ s ago/)
      .first()
      .waitFor();
    await picture('stale');
    assert.deepEqual(await axe(page), [], 'axe while what is shown is old');
    assert.match(await ui.row(/^Fraud model.*no data for/).innerText(), /15%/, 'what was known stays, dated');
    await service.restart();
    await service.setRatio(RELEASE.id, 0.25, 'Ann');
    await ui.row(/^Fraud model.*25%/).waitFor({ timeout: 40_000 });
    await ui.row(/no data for/).waitFor({ state: 'detached' });
    await picture('recovered');
    assert.deepEqual(cspViolations(workbench.console), []);
  },
);
