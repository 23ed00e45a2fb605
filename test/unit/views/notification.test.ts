import { shown } from '../../fakes/vscode.ts';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SILENT_LOG } from '../../../src/base/log.ts';
import type { State } from '../../../src/store/state.ts';
import { clockAt } from '../../fakes/clock.ts';
import { english } from '../../fakes/english.ts';
import { assessment, NOW, release, releaseState, sourceState, stateOf } from '../../fakes/releases.ts';

const { Notifications } = await import('../../../src/views/notification.ts');

const regressing = (name = 'fraud-model'): State =>
  stateOf([sourceState()], [releaseState({ name }, { assessment: assessment(release()) })]);
const well = stateOf([sourceState()], [releaseState()]);
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const setUp = () => {
  shown.length = 0;
  const store = { state: regressing() };
  let now = NOW;
  const clock = { set: 0 };
  const sighted: string[] = [];
  const ledger = { news: true, sight: (id: string) => (sighted.push(id), Promise.resolve(ledger.news)) };
  const act = (): undefined => undefined;
  const notifications = new Notifications({
    store,
    ledger,
    muted: () => new Set(),
    enabled: () => true,
    acts: { show: act, pause: act, mute: act },
    clock: clockAt(
      () => now + clock.set,
      () => now,
    ),
    l10n: english,
    log: SILENT_LOG,
  });
  const at = async (seconds: number, state: State): Promise<void> => {
    now = NOW + seconds * 1_000;
    store.state = state;
    notifications.update();
    await settle();
  };
  return { at, sighted, ledger, clock };
};

describe('notifications', () => {
  it('tell what the ledger says is new, and tell the ledger of it while it lasts', async () => {
    const { at, sighted, ledger } = setUp();
    await at(0, regressing());
    ledger.news = false;
    for (let second = 5; second <= 120; second += 5) await at(second, regressing());
    assert.equal(shown.length, 1);
    assert.equal(sighted.length, 3, 'at most once a minute');
  });

  it('go on telling the ledger when the clock is set back by an hour', async () => {
    const { at, sighted, clock } = setUp();
    await at(0, regressing());
    clock.set = -3_600_000;
    await at(60, regressing());
    assert.equal(sighted.length, 2);
  });

  it('tell a relapse again', async () => {
    const { at, ledger } = setUp();
    await at(0, regressing());
    ledger.news = false;
    await at(60, regressing());
    await at(120, well);
    ledger.news = true;
    await at(3_600, regressing());
    assert.equal(shown.length, 2);
  });

  it('hold no link that a name of others brings', async () => {
    const { at } = setUp();
    await at(0, regressing('[x](command:workbench.action.quit)'));
    assert.match(shown[0] ?? '', /^\[x\] \(command:/);
  });
});
