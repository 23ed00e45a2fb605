import assert from 'node:assert/strict';
import { scene } from '../harness/fixture.ts';
import { until } from '../../../scripts/bed/until.ts';
import type { Service } from '../harness/service.ts';
import { connect, liveService, RELEASE, releaseRow, sourcesSetting } from '../harness/story.ts';

interface Shown {
  readonly open: readonly string[];
  /** Beginnings of rows. */
  readonly selected: readonly (string | undefined)[];
  readonly focused: readonly (string | undefined)[];
  /** Whether the keyboard is in the tree. */
  readonly keyboard: number;
}

let service: Service;
scene(
  'the tree: what is selected, open and focused stays so while it is drawn again; the filter is kept over a reload; a failing source offers to try again',
  {
    before: async (after) => {
      service = await liveService(after, { minutes: 10, regression: false });
      // So slowly that only the person's own "Try Again" can be what brings it back.
      return { settings: { ...sourcesSetting(service), 'rolloutLens.pollIntervalSeconds': 300 } };
    },
  },
  async ({ page, ui, picture }) => {
    await connect({ ui }, service);
    await ui.expand(/^Fraud model.*step/);
    await ui.expand(/^Variants/);
    await ui.expand(/^Steps/);
    await ui.select(/^fraud-5\.0\.0/);
    const states = async (): Promise<Shown> => ({
      open: await page.locator('.sidebar .monaco-list-row[aria-expanded=true] .label-name').allInnerTexts(),
      selected: await page
        .locator('.sidebar .monaco-list-row.selected')
        .allInnerTexts()
        .then((texts) => texts.map((text) => text.split(/\s/)[0])),
      focused: await page
        .locator('.sidebar .monaco-list-row.focused')
        .allInnerTexts()
        .then((texts) => texts.map((text) => text.split(/\s/)[0])),
      keyboard: await page.locator('.sidebar .monaco-list:focus, .sidebar .monaco-list :focus').count(),
    });
    const before = await states();
    assert.deepEqual(before.selected, ['fraud-5.0.0canary']);
    for (const ratio of [0.2, 0.3, 0.4]) {
      await service.setRatio(RELEASE.id, ratio, 'Ann');
      await ui.row(new RegExp(`^Fraud model.*${String(ratio * 100)}%`)).waitFor();
      await ui.row(new RegExp(`^fraud-5\\.0\\.0.*${String(ratio * 100)}%`)).waitFor();
    }
    assert.deepEqual(await states(), before);
    await picture('tree-kept');

    // Another gets to need somebody and moves above: what is selected, open and focused moves along.
    const order = (): Promise<readonly string[]> => page.locator('.sidebar .monaco-list-row[aria-level="2"] .label-name').allInnerTexts();
    const audit = { id: 'audit', name: 'Audit model', service: 'audit', ratio: 0.1, versions: { stable: 'v1', canary: 'v2' } };
    const made = await service.api('POST', '/api/v1/releases', {
      ...audit,
      steps: [{ ratio: 0.1, pauseSeconds: 86_400 }, { ratio: 0.2 }, { ratio: 0.5 }],
    });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    await until('it stands below the one that waits', async () => (await order()).join() === 'Fraud model,Fraud model,Audit model');
    assert.deepEqual(await states(), before);
    const { etag } = await service.api('GET', '/api/v1/releases/audit');
    const promoted = await service.api('POST', '/api/v1/releases/audit/actions/promote', {}, { 'if-match': etag ?? '' });
    assert.equal(promoted.status, 200, JSON.stringify(promoted.body));
    await until('it stands above', async () => (await order()).join() === 'Audit model,Fraud model,Audit model,Fraud model');
    assert.deepEqual(await states(), before);
    await picture('tree-sorted');
    // The keyboard goes on from where it was.
    await page.keyboard.press('ArrowUp');
    await page.locator('.sidebar .monaco-list-row.focused', { hasText: /^fraud-4/ }).waitFor();

    // A window that is loaded anew shows the tree as it was left: what was opened and what was closed is so again, and what was selected.
    await ui.collapse(/^Needs me/);
    await ui.select(/^fraud-5\.0\.0/);
    const { open, selected } = await states();
    await ui.reloadWindow();
    await releaseRow({ ui }).waitFor();
    await picture('tree-reloaded');
    await until('what was open is open', async () => (await states()).open.join() === open.join());
    await until('what was selected is selected', async () => (await states()).selected.join() === selected.join());
    assert.equal(await ui.row(/^Needs me/).getAttribute('aria-expanded'), 'false', 'what was closed is closed');
    await ui.expand(/^Needs me/);

    await ui.command('Rollout Lens: Filter Releases…');
    await ui.answer('no such release');
    await releaseRow({ ui }).waitFor({ state: 'detached' });
    await ui.reloadWindow();
    const filter = ui.row(/^Filter "no such release"0 of 2/);
    await filter.waitFor();
    await ui.row('None of its releases matches the filter').waitFor();
    assert.equal(await releaseRow({ ui }).count(), 0);
    assert.equal(await ui.row(/^Fraud model.*waiting/).count(), 1, 'what needs the person is not hidden');
    await picture('tree-filtered');
    await filter.click();
    await releaseRow({ ui }).waitFor();
    await ui.row(/^Fraud model.*40%/).waitFor();

    // A change that was previewed meets a service that has gone meanwhile.
    await ui.context(/^Fraud model.*40%/, 'Set Ratio…');
    await ui.answer('45');
    await ui.dialogText();
    await service.kill();
    await ui.press('Set to 45%');
    await ui.toast(/nothing was changed/).waitFor();
    await picture('tree-unreachable');
    const failed = /^(?!Fraud|Production).*(127\.0\.0\.1|reach|answer|connect)/i;
    await ui.row(failed).waitFor();
    await picture('tree-error');
    await service.restart();
    await service.setRatio(RELEASE.id, 0.5, 'Ann');
    await ui.inline(failed, 'Try Again');
    await ui.row(/^Fraud model.*50%/).waitFor();
    await ui.row(failed).waitFor({ state: 'detached' });
    await until('nothing is greyed any more', async () => (await ui.row(/no data/).count()) === 0);
  },
);
