/** What the simulated clock needs to know. Times in epoch milliseconds, spans in seconds. */
export interface SimulatedClock {
  /** When second 0 of the scenario is. */
  readonly start: number;
  /** How many seconds of the scenario have passed by the real time `now`; never later than `now` itself, never over `duration`. */
  passed(now: number): number;
  /** Milliseconds of real time until `second` has passed; 0 when it has. */
  until(second: number, now: number): number;
}

export const simulatedClock = (options: {
  readonly startedAt: number;
  readonly duration: number;
  readonly speed: number;
  readonly backfill: number;
}): SimulatedClock => {
  const { startedAt, duration, speed, backfill } = options;
  const start = Math.round(startedAt - backfill * 1000);
  const elapsed = (now: number): number => Math.max(0, now - startedAt) / 1000;
  return {
    start,
    passed: (now) => Math.min(duration, elapsed(now) * speed, elapsed(now) + backfill),
    until: (second, now) => Math.max(0, Math.max(second / speed, second - backfill) - elapsed(now)) * 1000,
  };
};
