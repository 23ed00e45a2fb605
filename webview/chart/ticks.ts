/** 1, 2 or 5 times a power of ten, at least `rough`. */
const niceStep = (rough: number): number => {
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((f) => f * power >= rough * (1 - 1e-9)) ?? 10;
  return factor * power;
};

export interface ValueTicks {
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly ticks: readonly number[];
}

/**
 * An axis that holds `[low, high]`, with about `count` round steps. `base` is what one shown unit is worth (1024² for MiB), so that ticks are
 * round as they are shown. Without any range (all values alike) it opens one around them.
 */
export const valueTicks = (low: number, high: number, fromZero: boolean, count: number, base = 1): ValueTicks => {
  const bottom = fromZero ? Math.min(0, low) : low;
  const span = high - bottom;
  const open = span > 0 ? span : Math.abs(high) > 0 ? Math.abs(high) * 0.1 : base;
  const step = niceStep(open / count / base) * base;
  const first = Math.floor(bottom / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil((span > 0 ? high : high + open / 2) / step - 1e-9));
  // By multiplication: adding up steps would leave 0.30000000000000004.
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
  return { min: first * step, max: last * step, step, ticks };
};

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const TIME_STEPS = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 7, 14, 30, 90, 365].map((n) => n * DAY),
];

export interface TimeTick {
  readonly time: number;
  /** How it is written: a day where it begins one, seconds only in the closest view. */
  readonly form: 'day' | 'minute' | 'second';
}

/** Minutes that UTC is ahead of local time at a moment, as Date has it. */
export type OffsetAt = (time: number) => number;
const localOffset: OffsetAt = (time) => new Date(time).getTimezoneOffset();

/**
 * Ticks on round local times in `[from, to]`, at most `most`. Each tick is placed with the zone's offset at that moment, so that they stay
 * round over a change of daylight saving time.
 */
export const timeTicks = (from: number, to: number, most: number, offsetAt: OffsetAt = localOffset): readonly TimeTick[] => {
  if (!(to > from) || most < 1) return [];
  const step = TIME_STEPS.find((candidate) => (to - from) / candidate <= most) ?? DAY * Math.ceil((to - from) / DAY / most);
  const toLocal = (time: number): number => time - offsetAt(time) * MINUTE;
  const ticks: TimeTick[] = [];
  for (let local = Math.ceil(toLocal(from) / step) * step; ; local += step) {
    // The offset that holds at the tick itself: a first guess by the offset nearby, then once more where that crossed a change.
    const guess = local + offsetAt(local + offsetAt(local) * MINUTE) * MINUTE;
    const time = local + offsetAt(guess) * MINUTE;
    if (time > to || ticks.length > most + 2) break;
    // A local time that the change skips has no moment of its own.
    if (toLocal(time) !== local || time < from || time <= (ticks.at(-1)?.time ?? -Infinity)) continue;
    ticks.push({ time, form: local % DAY === 0 ? 'day' : step < MINUTE ? 'second' : 'minute' });
  }
  return ticks;
};
