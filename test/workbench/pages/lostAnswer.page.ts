import assert from 'node:assert/strict';
import { until } from '../../../scripts/bed/until.ts';
import { scene } from '../harness/fixture.ts';
import type { Service } from '../harness/service.ts';
import { connect, liveService, RELEASE, sourcesSetting } from '../harness/story.ts';
import { startUnlucky, type Unlucky } from '../harness/unlucky.ts';

let service: Service;
let between: Unlucky;
const PATCH = `PATCH /api/v1/releases/${RELEASE.id}`;
const ratioChanges = async (): Promise<number> => (await service.audit(RELEASE.id)).filter(({ action }) => action === 'setRatio').length;

scene(
  'the service is killed while it carries out a change: what became of it is read, and it is never sent again',
  {
    before: async (after) => {
      service = await liveService(after, { minutes: 3, regression: false });
      between = await startUnlucky(after, service.url);
      return { settings: { ...sourcesSetting({ ...service, url: between.url }), 'rolloutLens.pollIntervalSeconds': 2 } };
    },
  },
  async ({ ui, picture }) => {
    await connect({ ui }, service);
    const setRatio = async (from: RegExp, percent: string): Promise<void> => {
      await ui.context(from, 'Set Ratio…');
      await ui.answer(percent);
      await ui.dialogText();
      await ui.press(`Set to ${percent}%`);
    };

    // It was carried out, and its answer was lost: the audit knows it, so it is told as done.
    between.cutNext('after', async () => {
      await service.kill();
      void service.restart();
    });
    await setRatio(/^Fraud model.*10%/, '20');
    await ui.toast(/Fraud model: 10% → 20%/).waitFor({ timeout: 20_000 });
    await ui.row(/^Fraud model.*20%/).waitFor();
    await picture('lost-answer-done');
    assert.deepEqual([between.changes, await ratioChanges()], [[PATCH], 1]);

    // It never arrived, and nobody can know that but by reading.
    between.cutNext('before', async () => {
      await service.kill();
      void service.restart();
    });
    await setRatio(/^Fraud model.*20%/, '30');
    await ui.toast(/The answer was lost.*had no effect so far.*The ratio is 20%/s).waitFor({ timeout: 20_000 });
    await picture('lost-answer-no-effect');
    assert.deepEqual([between.changes, await ratioChanges()], [[PATCH, PATCH], 1]);
    await ui.row(/^Fraud model.*20%/).waitFor();

    // It stays away: nobody knows, that is said, and the tree tells what came of it as soon as somebody answers.
    between.cutNext('after', () => service.kill());
    await setRatio(/^Fraud model.*20%/, '40');
    await ui.toast(/nobody knows whether the change took effect/).waitFor({ timeout: 30_000 });
    await picture('lost-answer-unknown');
    await service.restart();
    await ui.row(/^Fraud model.*40%/).waitFor({ timeout: 40_000 });
    await until('the changes are counted', async () => (await ratioChanges()) === 2);
    assert.equal(between.changes.length, 3, 'nothing was sent again');
    await ui.command('Rollout Lens: Show Journal');
    await ui
      .toast(/./)
      .waitFor({ state: 'hidden' })
      .catch(() => undefined);
    await picture('lost-answer-journal');
  },
);
