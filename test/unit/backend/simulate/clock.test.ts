import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { simulatedClock } from '../../../../src/backend/simulate/clock.ts';

const NOW = 1_800_000_000_000;
const clock = (duration: number, speed: number, backfill: number) => simulatedClock({ startedAt: NOW, duration, speed, backfill });

describe('the simulated clock', () => {
  it('runs faster than real until it has caught up with now, then at real speed', () => {
    const fast = clock(7200, 60, 3600);
    assert.equal(fast.start, NOW - 3_600_000);
    assert.equal(fast.passed(NOW), 0);
    assert.equal(fast.passed(NOW + 10_000), 600);
    const caughtUpAfter = 3600 / 59;
    assert.ok(Math.abs(fast.passed(NOW + caughtUpAfter * 1000) - (3600 + caughtUpAfter)) < 1e-6);
    assert.equal(fast.passed(NOW + 100_000), 3700);
    assert.equal(fast.passed(NOW + 4_000_000), 7200);
  });

  it('is never ahead of now, and never goes on after its end', () => {
    for (const [duration, speed, backfill] of [
      [600, 600, 599],
      [3600, 1, 0],
      [3600, 50, 0],
      [100, 3, 500],
    ] as const) {
      const any = clock(duration, speed, backfill);
      for (let real = 0; real < 2 * duration; real += duration / 37) {
        const now = NOW + real * 1000;
        assert.ok(any.start + any.passed(now) * 1000 <= now + 1e-3, `${duration} ${speed} ${backfill} at ${real}`);
        assert.ok(any.passed(now) <= duration);
      }
    }
  });

  it('says how long until a second has passed', () => {
    const any = clock(7200, 60, 3600);
    for (const second of [1, 60, 3600, 3661, 3662, 5000]) {
      const wait = any.until(second, NOW);
      assert.ok(Math.abs(any.passed(NOW + wait) - second) < 1e-3, `second ${second}`);
      assert.equal(any.until(second, NOW + wait + 1), 0);
    }
  });

  it('stands still while the machine sets its clock back', () => assert.equal(clock(60, 2, 30).passed(NOW - 5000), 0));
});
