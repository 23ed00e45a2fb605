import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { getEventListeners } from 'node:events';
import path from 'node:path';
import { describe, it } from 'node:test';
import { clockOf } from '../../../src/base/clock.ts';
import { ROOT } from '../../fakes/manifest.ts';

describe('a clock over timers', () => {
  const timers = (): { readonly clock: ReturnType<typeof clockOf>; readonly pending: Set<() => void> } => {
    const pending = new Set<() => void>();
    const clock = clockOf(
      (_, done) => {
        pending.add(done);
        return () => void pending.delete(done);
      },
      () => 0,
    );
    return { clock, pending };
  };

  it('resolves when the time is over, and forgets the signal', async () => {
    const { clock, pending } = timers();
    const { signal } = new AbortController();
    const delay = clock.delay(1000, signal);
    for (const done of pending) done();
    await delay;
    assert.equal(getEventListeners(signal, 'abort').length, 0);
  });

  it('resolves at once when the signal aborts, and cancels the timer', async () => {
    const { clock, pending } = timers();
    const end = new AbortController();
    const delay = clock.delay(1000, end.signal);
    assert.equal(pending.size, 1);
    end.abort();
    await delay;
    assert.equal(pending.size, 0);
  });

  it('starts no timer for a signal that has aborted', async () => {
    const { clock, pending } = timers();
    await clock.delay(1000, AbortSignal.abort());
    assert.equal(pending.size, 0);
  });

  for (const [file, name, stays] of [
    ['src/platform/systemClock.ts', 'systemClock', false],
    ['src/backend/clock.ts', 'SYSTEM_CLOCK', true],
  ] as const) {
    it(`${name}: a pending delay ${stays ? 'keeps' : 'does not keep'} the process alive`, () => {
      const script = `import { ${name} as clock } from ${JSON.stringify(path.join(ROOT, file))}; void clock.delay(300, new AbortController().signal).then(() => console.log('over'));`;
      const { stdout, status } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8', timeout: 20_000 });
      assert.equal(status, 0);
      assert.equal(stdout.trim(), stays ? 'over' : '');
    });
  }
});
