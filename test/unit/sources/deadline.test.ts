import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Clock } from '../../../src/base/clock.ts';
import { createDeadline } from '../../../src/sources/deadline.ts';

it('a deadline comes when its time has passed, whatever the clock of the machine is set to meanwhile', async () => {
  let passed = 0;
  let set = 0;
  const waits: number[] = [];
  const clock: Clock = {
    now: () => 5_000_000 + passed + set,
    elapsed: () => passed,
    delay: (ms) => {
      waits.push(ms);
      passed += ms;
      set -= 3_600_000;
      return waits.length > 3 ? new Promise<never>(() => undefined) : Promise.resolve();
    },
  };
  const deadline = createDeadline(new AbortController().signal, 200, clock);
  while (!deadline.signal.aborted && waits.length < 10) await Promise.resolve();
  assert.deepEqual([deadline.expired, waits], [true, [200]]);
  deadline.dispose();
});
