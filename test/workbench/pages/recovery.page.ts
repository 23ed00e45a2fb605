import assert from 'node:assert/strict';
import { scene } from '../harness/fixture.ts';
import type { Service } from '../harness/service.ts';
import { connect, liveService, RELEASE, sourcesSetting } from '../harness/story.ts';
import { axe, cspViolations, webviewOf } from '../harness/webview.ts';

let service: Service;
scene(
  'the service is killed: what is shown is dated and called stale; when it is back, so is the tree, by itself',
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
    await service.kill();
    await ui.row(/^Fraud model.*no data for/).waitFor();
    await ui.row(/^Production.*no data for/).waitFor();
    await panel
      .getByText(/last answer \d+ s ago/)
      .first()
      .waitFor();
    await picture('stale');
    assert.deepEqual(await axe(page), [], 'axe while what is shown is old');
    assert.match(await ui.row(/^Fraud model.*no data for/).innerText(), /10%/, 'what was known stays, dated');
    await service.restart();
    await service.setRatio(RELEASE.id, 0.25, 'Ann');
    await ui.row(/^Fraud model.*25%/).waitFor({ timeout: 40_000 });
    await ui.row(/no data for/).waitFor({ state: 'detached' });
    await picture('recovered');
    assert.deepEqual(cspViolations(workbench.console), []);
  },
);
