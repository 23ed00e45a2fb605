import assert from 'node:assert/strict';
import { scene } from '../harness/fixture.ts';
import { connect, liveService, RELEASE, releaseRow, SOURCE, sourcesSetting } from '../harness/story.ts';
import type { Service } from '../harness/service.ts';

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
    await ui.row(/token/i).waitFor();
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
