import { Distinct, hashId, NO_HASH } from './distinct.ts';
import type { Evidence, Tally } from './evidence.ts';
import { METRIC_RULES, METRICS, type MetricId } from './metric.ts';
import type { VariantRole } from './release.ts';
import { RollupCell, type Measurements } from './rollupCell.ts';
import { quantileInterval } from './quantileInterval.ts';
import { measure, quantileOf, tallyOf } from './rollupMeasure.ts';
import { at, get, roll, tiersOf, VARIANTS, visit } from './rollupTiers.ts';
import type { Series } from './series.ts';

/** One thing that was seen of one variant. It is a request when it has an outcome; all else may be absent. */
export interface Observation extends Measurements {
  /** Epoch milliseconds. */
  readonly time: number;
  readonly variant: VariantRole;
  /** Empty counts as absent. */
  readonly userId?: string | undefined;
  /** Instead of the id, where it is hashed already: as `hashId` does it, `NO_HASH` for none. */
  readonly userHash?: number | undefined;
}

/** Why an observation was not taken: its time is no time, ahead of the clock, or older than what is kept. */
export type Refused = 'invalidTime' | 'future' | 'tooOld';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Cells are kept by the second for 2 h, by the minute for 7 d, by the hour for 400 d before the newest observation. */
const TIERS = [
  { width: SECOND, keep: 2 * HOUR },
  { width: MINUTE, keep: 7 * DAY },
  { width: HOUR, keep: 400 * DAY },
] as const;
/** Users are told apart by the minute for 1 d, then by the hour for 400 d. */
const USER_TIERS = [
  { width: MINUTE, keep: DAY },
  { width: HOUR, keep: 400 * DAY },
] as const;
/** Old cells move on when the newest observation has advanced by this much: seldom enough to cost nothing. */
const ROLL_EVERY = 10 * MINUTE;
/** A server's clock may be this far ahead of ours. */
export const FUTURE_TOLERANCE_MS = 5 * MINUTE;
/** More steps than any chart has pixels; a finer question is answered in wider steps. */
const MAX_STEPS = 20_000;

const newCell = (): RollupCell => new RollupCell();
const newDistinct = (): Distinct => new Distinct();

/**
 * Counts what is seen of a release's two variants, in any order, in bounded memory, and answers for any time range.
 * Ranges are exact to the cell: seconds within 2 h of the newest observation, minutes within 7 d, hours beyond; a cell belongs to
 * a range when its start does. Distinct users are exact to the minute and up to 2,048 a minute (see `Distinct`).
 */
export class Rollup {
  private readonly now: () => number;
  private readonly tiers = tiersOf<RollupCell>(TIERS);
  private readonly users = tiersOf<Distinct>(USER_TIERS);
  private nextRoll = -Infinity;
  private oldestTime = Infinity;
  private newestTime = -Infinity;
  private hasUsers = false;
  private readonly everRequested: Record<VariantRole, number> = { stable: 0, canary: 0 };
  /** What is ahead of this is ahead of the clock. */
  private latest = -Infinity;
  /** The accumulators of the newest observations: the next one most often belongs to the same. */
  private readonly hot: Record<VariantRole, { cell: RollupCell; second: number; users: Distinct; minute: number }> = {
    stable: { cell: newCell(), second: NaN, users: newDistinct(), minute: NaN },
    canary: { cell: newCell(), second: NaN, users: newDistinct(), minute: NaN },
  };
  private readonly refusals: Record<Refused, number> = { invalidTime: 0, future: 0, tooOld: 0 };

  /** `now`: milliseconds since the epoch, to tell a clock that is ahead from time passing. */
  constructor(now: () => number) {
    this.now = now;
  }

  /** How many observations were refused, by reason. */
  get refused(): Readonly<Record<Refused, number>> {
    return this.refusals;
  }

  /** The times of the oldest and newest observation taken; null before the first. */
  get oldest(): number | null {
    return this.oldestTime === Infinity ? null : this.oldestTime;
  }

  get newest(): number | null {
    return this.newestTime === -Infinity ? null : this.newestTime;
  }

  /** Null when the observation was taken, else why not. */
  add(observation: Observation): Refused | null {
    const { time, variant, userId, userHash } = observation;
    const why = this.refusal(time);
    if (why !== null) {
      this.refusals[why]++;
      return why;
    }
    if (time < this.oldestTime) this.oldestTime = time;
    if (time > this.newestTime) this.newestTime = time;
    if (time >= this.nextRoll) this.roll();

    if (observation.outcome !== undefined) this.everRequested[variant]++;
    this.cellAt(variant, time).observe(observation);
    const hash = userHash ?? (userId === undefined || userId === '' ? NO_HASH : hashId(userId));
    if (hash !== NO_HASH) {
      this.hasUsers = true;
      this.cellAt(variant, time).identified++;
      this.usersAt(variant, time).add(hash);
    }
    return null;
  }

  /** Requests of both variants since the first observation, what is no longer kept included. */
  get total(): Readonly<Record<VariantRole, number>> {
    return this.everRequested;
  }

  /** What both variants did in `[from, to)`. `users` is null where no id was ever seen. */
  evidence(from: number, to: number): Evidence {
    return { from, to, variants: { stable: this.tally('stable', from, to), canary: this.tally('canary', from, to) } };
  }

  /** Requests of both variants in `[from, to)`, without the rest of the evidence. */
  requests(from: number, to: number): Readonly<Record<VariantRole, number>> {
    const sum = { stable: 0, canary: 0 };
    for (const variant of VARIANTS) visit(this.tiers, variant, from, to, (_, cell) => (sum[variant] += cell.requests));
    return sum;
  }

  /** The width of the steps in which `history` answers: as asked, or as wide as what is kept of that time (and at most 20,000 steps). */
  stepFor(from: number, to: number, stepMs: number): number {
    const width = this.tiers.find((tier) => from >= tier.from)?.width ?? HOUR;
    return Math.ceil(Math.max(stepMs, width, (to - from) / MAX_STEPS) / width) * width;
  }

  /**
   * Every metric that was seen in `[from, to)`, for both variants, in steps of `stepFor(from, to, stepMs)` that begin at multiples of the
   * step. NaN where there is no data; requests (per second) are 0, not NaN, between the first and the last thing seen.
   */
  history(from: number, to: number, stepMs: number): readonly Series[] {
    if (!(to > from)) return [];
    const step = this.stepFor(from, to, stepMs);
    const first = Math.floor(from / step) * step;
    const times = Float64Array.from({ length: Math.ceil((to - first) / step) }, (_, i) => first + i * step);
    const steps: Record<VariantRole, (RollupCell | undefined)[]> = { stable: [], canary: [] };
    for (const variant of VARIANTS) {
      const own = steps[variant];
      visit(this.tiers, variant, from, to, (start, cell) => (own[Math.floor((start - first) / step)] ??= new RollupCell()).add(cell));
    }
    const out: Series[] = [];
    for (const metric of METRICS) {
      const pair = VARIANTS.map((variant) => this.series(metric, variant, times, steps[variant], { from, to, step }));
      if (pair.some((series) => series.counts.some((count) => count > 0))) out.push(...pair);
    }
    return out;
  }

  private refusal(time: number): Refused | null {
    if (!Number.isFinite(time) || time < 0) return 'invalidTime';
    if (time > this.latest) {
      // The clock is asked only when it may have moved on.
      this.latest = this.now() + FUTURE_TOLERANCE_MS;
      if (time > this.latest) return 'future';
    }
    return time < (this.tiers.at(-1)?.from ?? 0) ? 'tooOld' : null;
  }

  private cellAt(variant: VariantRole, time: number): RollupCell {
    const hot = this.hot[variant];
    const second = Math.floor(time / SECOND);
    if (second !== hot.second) {
      hot.cell = at(this.tiers, variant, time, newCell);
      hot.second = second;
    }
    return hot.cell;
  }

  private usersAt(variant: VariantRole, time: number): Distinct {
    const hot = this.hot[variant];
    const minute = Math.floor(time / MINUTE);
    if (minute !== hot.minute) {
      hot.users = at(this.users, variant, time, newDistinct);
      hot.minute = minute;
    }
    return hot.users;
  }

  private roll(): void {
    this.nextRoll = this.newestTime + ROLL_EVERY;
    for (const variant of VARIANTS) this.hot[variant].second = this.hot[variant].minute = NaN;
    roll(this.tiers, this.newestTime, (cells, start, old) => get(cells, start, newCell).add(old));
    roll(this.users, this.newestTime, (cells, start, old) => get(cells, start, newDistinct).addAll(old));
    for (const { cells } of this.users) for (const variant of VARIANTS) for (const users of cells[variant].values()) users.pack();
  }

  private tally(variant: VariantRole, from: number, to: number): Tally {
    const sum = new RollupCell();
    visit(this.tiers, variant, from, to, (_, cell) => sum.add(cell));
    // Never more users than things they did: an estimate may say so, and whole minutes may.
    return tallyOf(sum, this.hasUsers ? Math.min(this.distinctUsers(variant, from, to), sum.identified) : null);
  }

  private distinctUsers(variant: VariantRole, from: number, to: number): number {
    const union = new Distinct();
    for (const { width, cells } of this.users) {
      for (const [start, users] of cells[variant]) if (start + width > from && start < to) union.addAll(users);
    }
    return union.size;
  }

  private series(
    metric: MetricId,
    variant: VariantRole,
    times: Float64Array,
    cells: readonly (RollupCell | undefined)[],
    { from, to, step }: { readonly from: number; readonly to: number; readonly step: number },
  ): Series {
    const values = new Float64Array(times.length).fill(NaN);
    const counts = new Float64Array(times.length);
    const p = quantileOf(metric);
    const ends = p === null ? null : { low: values.slice(), high: values.slice() };
    for (const [i, start] of times.entries()) {
      const cell = cells[i];
      if (metric === 'requests') {
        // The first and last step may be cut by the range: a rate is over the time that was looked at.
        const seconds = (Math.min(start + step, to) - Math.max(start, from)) / SECOND;
        const seen = start + step > this.oldestTime && start <= this.newestTime;
        if (seen) values[i] = (cell?.requests ?? 0) / seconds;
        counts[i] = cell?.requests ?? 0;
      } else if (cell) {
        [values[i], counts[i]] = measure(metric, cell);
        const interval = p === null || ends === null ? null : quantileInterval(cell.latency, p);
        if (interval && ends) [ends.low[i], ends.high[i]] = [interval.low, interval.high];
      }
    }
    return { metric, variant, unit: METRIC_RULES[metric].unit, times, values, counts, ...ends };
  }
}
