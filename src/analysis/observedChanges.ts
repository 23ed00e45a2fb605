import { findSeries, type History } from '../model/series.ts';

/** A stretch shorter than this is not told from its neighbours. */
const SHORTEST_MS = 60_000;
/** Borders are looked for until there are so many. */
const MOST = 7;
/** A border is worth a stretch of its own from here on: twice the gain in log-likelihood over the dispersion. Chance seldom finds 15 in an hour. */
const GAIN = 25;
/** Log-odds of the share that count as a move: a ratio raised from 10 % to 13 % does, a busy user does not. */
const MOVE = 0.3;

interface Steps {
  readonly times: readonly number[];
  /** Running sums: what came before step i. */
  readonly stable: readonly number[];
  readonly canary: readonly number[];
}

const stepsOf = (history: History, from: number, to: number): Steps => {
  const counted = new Map<number, { stable: number; canary: number }>();
  for (const variant of ['stable', 'canary'] as const) {
    const series = findSeries(history, 'requests', variant);
    if (!series) continue;
    for (const [i, time] of series.times.entries()) {
      if (time + history.stepMs <= from || time >= to) continue;
      const at = counted.get(time) ?? { stable: 0, canary: 0 };
      at[variant] += series.counts[i] ?? 0;
      counted.set(time, at);
    }
  }
  const times = [...counted.keys()].sort((a, b) => a - b);
  const stable = [0];
  const canary = [0];
  for (const [i, time] of times.entries()) {
    stable.push((stable[i] ?? 0) + (counted.get(time)?.stable ?? 0));
    canary.push((canary[i] ?? 0) + (counted.get(time)?.canary ?? 0));
  }
  return { times, stable, canary };
};

const logLikelihood = (k: number, n: number): number => (k > 0 ? k * Math.log(k / n) : 0) + (n > k ? (n - k) * Math.log(1 - k / n) : 0);
const logOdds = (k: number, n: number): number => Math.log((k + 0.5) / (n - k + 0.5));

/**
 * How much more a share varies from step to step than independent requests would make it: 1, or more where users make many in a row. From
 * neighbouring steps, so that a few moves of the share count little.
 */
const dispersionOf = ({ times, stable, canary }: Steps): number => {
  let sum = 0;
  let pairs = 0;
  const at = (i: number): readonly [k: number, n: number] => {
    const k = (canary[i + 1] ?? 0) - (canary[i] ?? 0);
    return [k, k + (stable[i + 1] ?? 0) - (stable[i] ?? 0)];
  };
  for (let i = 0; i + 1 < times.length; i++) {
    const [[k1, n1], [k2, n2]] = [at(i), at(i + 1)];
    const p = (k1 + k2) / (n1 + n2);
    const variance = p * (1 - p) * (1 / n1 + 1 / n2);
    if (n1 === 0 || n2 === 0 || variance === 0) continue;
    sum += (k1 / n1 - k2 / n2) ** 2 / variance;
    pairs++;
  }
  return pairs > 0 ? Math.max(1, sum / pairs) : 1;
};

interface Split {
  readonly low: number;
  readonly high: number;
  readonly at: number;
  readonly gain: number;
}

/** The border between steps `low` and `high` (exclusive) that tells two shares apart best; null where none is worth it. */
const bestSplit = ({ times, stable, canary }: Steps, dispersion: number, low: number, high: number): Split | null => {
  const count = (of: readonly number[], from: number, to: number): number => (of[to] ?? 0) - (of[from] ?? 0);
  const shares = (from: number, to: number): readonly [k: number, n: number] => {
    const k = count(canary, from, to);
    return [k, k + count(stable, from, to)];
  };
  const whole = logLikelihood(...shares(low, high));
  const enough = GAIN * dispersion;
  const first = times[low] ?? 0;
  const last = times[high - 1] ?? 0;
  let best: Split | null = null;
  for (let at = low + 1; at < high; at++) {
    const time = times[at] ?? 0;
    if (time - first < SHORTEST_MS || last - time < SHORTEST_MS) continue;
    const [before, after] = [shares(low, at), shares(at, high)];
    const gain = 2 * (logLikelihood(...before) + logLikelihood(...after) - whole);
    const moved = before[1] > 0 && after[1] > 0 && Math.abs(logOdds(...before) - logOdds(...after)) >= MOVE;
    if (moved && gain >= enough && (best === null || gain > best.gain)) best = { low, high, at, gain };
  }
  return best;
};

/**
 * When the canary's share of the requests moved by itself or was moved, rising, at most seven times: the borders that tell different shares
 * apart best, cut one after the other (binary segmentation of a binomial share). Only who was served decides, never how: so a border that is none costs a
 * little precision and cannot make or hide a difference. A share that drifts slowly is cut into stairs. Without traffic on either side, or a
 * history: none. O(steps) a border.
 */
export const observedChanges = (history: History | null, window: { readonly from: number; readonly to: number }): readonly number[] => {
  if (!history) return [];
  const steps = stepsOf(history, window.from, window.to);
  const dispersion = dispersionOf(steps);
  const split = (low: number, high: number): Split | null => bestSplit(steps, dispersion, low, high);
  const found: number[] = [];
  let open = [split(0, steps.times.length)].filter((first) => first !== null);
  while (open.length > 0 && found.length < MOST) {
    const best = open.reduce((a, b) => (b.gain > a.gain ? b : a));
    found.push(steps.times[best.at] ?? NaN);
    const halves = [split(best.low, best.at), split(best.at, best.high)].filter((half) => half !== null);
    open = [...open.filter((other) => other !== best), ...halves];
  }
  return found.sort((a, b) => a - b);
};
