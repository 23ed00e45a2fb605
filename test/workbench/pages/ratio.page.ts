import assert from 'node:assert/strict';
import { until } from '../../../scripts/bed/until.ts';
import { scene } from '../harness/fixture.ts';
import type { Service } from '../harness/service.ts';
import { connect, liveService, RELEASE, sourcesSetting } from '../harness/story.ts';
import { webviewOf } from '../harness/webview.ts';

let service: Service;
const before = async (after: (cleanUp: () => Promise<void> | void) => void): Promise<{ settings: Readonly<Record<string, unknown>> }> => {
  service = await liveService(after, { minutes: 10, regression: false });
  return { settings: sourcesSetting(service) };
};

scene(
  'a ratio is set from the tree: previewed, confirmed, seen in tree, chart and audit, and undone',
  { before },
  async ({ page, ui, picture }) => {
    await connect({ ui }, service);
    await ui.row(/^Fraud model.*10%/).click();
    const panel = webviewOf(page);
    await panel.getByRole('heading', { level: 1, name: RELEASE.name }).waitFor();

    await ui.context(/^Fraud model.*10%/, 'Set Ratio…');
    await ui.quickInput.getByText(/Set ratio of Fraud model/).waitFor();
    await ui.answer('150', false);
    await ui.quickInput.getByText(/Out of range/).waitFor();
    await page.keyboard.press('Enter');
    assert.ok(await ui.quickInput.isVisible(), 'a ratio that cannot be keeps the question open');
    await ui.answer('20', false);
    await ui.quickInput.getByText(/20% of users/).waitFor();
    await picture('ratio-question');
    await page.keyboard.press('Enter');

    const text = await ui.dialogText();
    await picture('ratio-preview');
    assert.match(text, /Set the ratio of Fraud model to 20%\?/);
    assert.match(text, /10% → 20%/);
    assert.match(
      text,
      /^Moves (about|at most) [1-9][\d,]* of the users seen in the last .+ to the canary; [1-9][\d,]* requests a minute to the canary, at the traffic of the last .+\.$/m,
    );
    assert.match(text, /PATCH .*\/api\/v1\/releases\/fraud-model/);
    assert.match(text, /"ratio": ?0\.2/);
    assert.ok(!text.includes(service.token), 'the token is masked');
    assert.equal((await service.release(RELEASE.id)).ratio, 0.1, 'nothing is sent before the answer');
    await ui.press('Set to 20%');

    await until('the service has the ratio', async () => (await service.release(RELEASE.id)).ratio === 0.2);
    await ui.row(/^Fraud model.*20%/).waitFor();
    await panel.locator('.ratio', { hasText: '20%' }).first().waitFor();
    const [entry] = (await service.audit(RELEASE.id)).filter(({ action }) => action === 'setRatio');
    assert.equal(entry?.from, 0.1);
    assert.equal(entry.to, 0.2);
    await picture('ratio-done');

    await ui.toast(/20%/).getByRole('button', { name: 'Undo…' }).waitFor();
    const undo = panel.getByRole('button', { name: 'Undo…' });
    await undo.click();
    await ui.dialogText();
    await picture('ratio-undo');
    await ui.press(/^Undo/);
    await ui.row(/^Fraud model.*10%/).waitFor();
    await until('the service has the old ratio', async () => (await service.release(RELEASE.id)).ratio === 0.1);
    await undo.waitFor({ state: 'detached' });
  },
);

scene('somebody else was faster: our change is refused and their value is shown', { before }, async ({ ui, picture }) => {
  await connect({ ui }, service);
  await ui.context(/^Fraud model.*10%/, 'Set Ratio…');
  await ui.answer('40');
  await ui.dialogText();
  await service.setRatio(RELEASE.id, 0.3, 'Ann');
  await ui.press('Set to 40%');
  const toast = ui.toast(/10%.*30%/);
  await toast.waitFor();
  await picture('ratio-conflict');
  assert.equal((await service.release(RELEASE.id)).ratio, 0.3, 'nothing is overwritten');
  assert.equal((await service.audit(RELEASE.id)).filter(({ action }) => action === 'setRatio').length, 1);
  await ui.row(/^Fraud model.*30%/).waitFor();
});

scene('a release jumps to a step that a person chooses, previewed as any other change', { before }, async ({ ui, picture }) => {
  await connect({ ui }, service);
  await ui.context(/^Fraud model.*10%/, 'Jump to Step…');
  await ui.quickInput.getByText(/Jump to a step of Fraud model/).waitFor();
  await picture('jump-question');
  const picks = await ui.picks();
  assert.ok(picks.some((text) => text.includes('step 3: 50%')) && !picks.some((text) => text.includes('step 1')), picks.join('; '));
  await ui.pick('step 3: 50%');
  const text = await ui.dialogText();
  await picture('jump-preview');
  assert.match(text, /Go to step 3 of Fraud model\?.*10% → 50%.*PATCH .*"ratio":0\.5/s);
  await ui.press('Go to Step');
  await until('the service is at the step', async () => (await service.release(RELEASE.id)).ratio === 0.5);
  await ui.toast(/10% → 50%/).waitFor();
});

scene('a dialog that is cancelled sends nothing', { before }, async ({ ui }) => {
  await connect({ ui }, service);
  await ui.context(/^Fraud model.*10%/, 'Roll Back…');
  await ui.dialogText();
  await ui.press('Cancel');
  assert.equal((await service.release(RELEASE.id)).phase, 'gray');
  assert.deepEqual(
    (await service.audit(RELEASE.id)).map(({ action }) => action),
    ['create'],
  );
});
