/** Releases that are looked at every minute, by the product and by what one does without thinking of it. Shared by the benchmark and its test. */
import { compare } from '../../src/analysis/compare.ts';
import type { Uniform } from '../../src/analysis/detect/random.ts';
import { TESTED_METRICS } from '../../src/analysis/messages.ts';
import { observedChanges } from '../../src/analysis/observedChanges.ts';
import { mannWhitneyZ, rankSums } from '../../src/analysis/stats/mannWhitney.ts';
import { criticalValue } from '../../src/analysis/stats/normalQuantile.ts';
import type { Verdict } from '../../src/model/assessment.ts';
import type { Evidence, EvidenceStratum, Tally } from '../../src/model/evidence.ts';
import { bucketOf, type Histogram } from '../../src/model/histogram.ts';
import type { History } from '../../src/model/series.ts';
import { twoProportionZ } from './twoProportionZ.ts';

export const LOOKS = 120;
const WINDOW = 60;
/** Response times between 1 ms and 65 s. */
const BUCKETS = 16 * 32;

export interface Shape {
  readonly name: string;
  /** Requests a minute on the stable and the canary. */
  readonly stable: number;
  readonly canary: number;
  /** Requests of one user in a row, all of them failing or none: what "requests are independent" does not see. */
  readonly burst: number;
  /** From the first minute on. */
  readonly worse: Harm;
  /** The ratio is raised at these minutes, to so much; the requests of both sides together stay as they are. */
  readonly raised?: readonly { readonly minute: number; readonly ratio: number }[];
  /** What both sides suffer in a minute. */
  readonly weather?: (minute: number) => Harm;
}

export interface Harm {
  readonly errorRate: number;
  readonly slower: number;
}

export const HEALTHY: Harm = { errorRate: 0, slower: 1 };
const RAISED = [
  { minute: 0, ratio: 0.05 },
  { minute: 40, ratio: 0.2 },
  { minute: 75, ratio: 0.5 },
];
/** From 1 % to 11 % errors and from 100 ms to 200 ms, or back. */
const rising = (minute: number): Harm => ({ errorRate: (0.1 * minute) / LOOKS, slower: 1 + minute / LOOKS });
const falling = (minute: number): Harm => rising(LOOKS - minute);
/** Five bad minutes just when the ratio is raised. */
const jolted = (minute: number): Harm => (minute >= 75 && minute < 80 ? { errorRate: 0.1, slower: 2 } : HEALTHY);
export const SHAPES: readonly Shape[] = [
  { name: 'healthy', stable: 900, canary: 100, burst: 1, worse: HEALTHY },
  { name: 'healthy, thin', stable: 90, canary: 10, burst: 1, worse: HEALTHY },
  { name: 'healthy, bursts of 5', stable: 900, canary: 100, burst: 5, worse: HEALTHY },
  { name: 'errors +3 points', stable: 900, canary: 100, burst: 1, worse: { errorRate: 0.03, slower: 1 } },
  { name: 'p50 +30 %', stable: 900, canary: 100, burst: 1, worse: { errorRate: 0, slower: 1.3 } },
  { name: 'healthy, raised, rising', stable: 950, canary: 50, burst: 1, worse: HEALTHY, raised: RAISED, weather: rising },
  { name: 'healthy, raised, falling', stable: 950, canary: 50, burst: 1, worse: HEALTHY, raised: RAISED, weather: falling },
  { name: 'healthy, raised, jolted', stable: 950, canary: 50, burst: 1, worse: HEALTHY, raised: RAISED, weather: jolted },
  {
    name: 'errors +2, raised, falling',
    stable: 950,
    canary: 50,
    burst: 1,
    worse: { errorRate: 0.02, slower: 1 },
    raised: RAISED,
    weather: falling,
  },
];
const ERROR_RATE = 0.01;
const ACCURACY = 0.9;

interface Sums {
  requests: number;
  errors: number;
  correct: number;
  readonly latency: Float64Array;
}

const emptySums = (): Sums => ({ requests: 0, errors: 0, correct: 0, latency: new Float64Array(BUCKETS) });

const normal = (random: Uniform): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

const minute = (random: Uniform, mean: number, burst: number, ...harms: readonly Harm[]): Sums => {
  const sums = emptySums();
  const errorRate = harms.reduce((sum, harm) => sum + harm.errorRate, ERROR_RATE);
  const median = harms.reduce((so, harm) => so * harm.slower, 100);
  const users = Math.max(0, Math.round((mean + Math.sqrt(mean) * normal(random)) / burst));
  for (let user = 0; user < users; user++) {
    const failing = random() < errorRate;
    for (let i = 0; i < burst; i++) {
      sums.requests++;
      if (failing) sums.errors++;
      if (random() < ACCURACY) sums.correct++;
      const bucket = bucketOf(median * Math.exp(0.5 * normal(random)));
      const at = Math.max(0, Math.min(BUCKETS - 1, bucket));
      sums.latency[at] = (sums.latency[at] ?? 0) + 1;
    }
  }
  return sums;
};

/** a + sign · b. */
const plus = (a: Sums, b: Sums, sign: 1 | -1): Sums => ({
  requests: a.requests + sign * b.requests,
  errors: a.errors + sign * b.errors,
  correct: a.correct + sign * b.correct,
  latency: a.latency.map((count, k) => count + sign * (b.latency[k] ?? 0)),
});

const histogram = (latency: Float64Array): Histogram => {
  const first = latency.findIndex((count) => count > 0);
  const last = latency.findLastIndex((count) => count > 0);
  return first < 0 ? { first: 0, counts: [] } : { first, counts: Array.from(latency.subarray(first, last + 1)) };
};

const tally = ({ requests, errors, correct, latency }: Sums, burst: number): Tally => ({
  requests,
  errors,
  clientErrors: 0,
  users: Math.ceil(requests / burst),
  predictions: requests,
  correct,
  ratings: 0,
  ratingSum: 0,
  latency: histogram(latency),
  cpu: null,
  memoryBytes: null,
});

const ours = (evidence: Evidence): Verdict => {
  const verdicts = TESTED_METRICS.map((metric) => compare(metric, evidence).verdict);
  if (verdicts.includes('regressing')) return 'regressing';
  return verdicts.every((verdict) => verdict === 'healthy') ? 'healthy' : 'inconclusive';
};

const naive = ({ variants: { canary, stable } }: Evidence): Verdict => {
  if (canary.requests === 0 || stable.requests === 0) return 'noData';
  const errors = twoProportionZ(canary.errors, canary.requests, stable.errors, stable.requests);
  const accuracy = twoProportionZ(canary.correct, canary.predictions, stable.correct, stable.predictions);
  const ranks = rankSums([{ x: canary.latency, y: stable.latency }]);
  const slower = ranks ? mannWhitneyZ(ranks, 0) : 0;
  const worse = (errors.p < 0.05 && errors.z > 0) || (accuracy.p < 0.05 && accuracy.z < 0) || slower > criticalValue(0.95);
  return worse ? 'regressing' : 'inconclusive';
};

const SIDES = ['stable', 'canary'] as const;
type Both = Readonly<Record<(typeof SIDES)[number], Sums>>;
const both = (of: (side: keyof Both) => Sums): Both => ({ stable: of('stable'), canary: of('canary') });

/** What the traffic shows of the ratio, as the history of a log does. */
const historyOf = (minutes: readonly Both[], from: number): History => ({
  from: from * 60_000,
  to: minutes.length * 60_000,
  stepMs: 60_000,
  changes: [],
  series: SIDES.map((variant) => {
    const counts = Float64Array.from(minutes.slice(from), (of) => of[variant].requests);
    const times = counts.map((_, i) => (from + i) * 60_000);
    return { metric: 'requests', variant, unit: 'perSecond', times, values: counts.map((count) => count / 60), counts };
  }),
});

/** The first look at which the release is called regressing, and healthy; null for never. */
export interface First {
  regressing: number | null;
  healthy: number | null;
}
export type Looks = Record<'ours' | 'unannounced' | 'mixed' | 'naive', First>;

/** What each way of looking says first. */
export const watch = (shape: Shape, random: Uniform): Looks => {
  const none = (): First => ({ regressing: null, healthy: null });
  const first: Looks = { ours: none(), unannounced: none(), mixed: none(), naive: none() };
  const minutes: Both[] = [];
  /** What came before each minute. */
  const before: Both[] = [both(emptySums)];
  for (let look = 1; look <= LOOKS; look++) {
    const ratio = shape.raised?.findLast((change) => change.minute < look)?.ratio ?? shape.canary / (shape.stable + shape.canary);
    const mean = { stable: (shape.stable + shape.canary) * (1 - ratio), canary: (shape.stable + shape.canary) * ratio };
    const weather = shape.weather?.(look - 1) ?? HEALTHY;
    const now = both((side) => minute(random, mean[side], shape.burst, weather, side === 'canary' ? shape.worse : HEALTHY));
    minutes.push(now);
    before.push(both((side) => plus(before[look - 1]?.[side] ?? emptySums(), now[side], 1)));
    const stretch = (from: number, to: number): EvidenceStratum => {
      const of = (side: keyof Both): Tally =>
        tally(plus(before[to]?.[side] ?? emptySums(), before[from]?.[side] ?? emptySums(), -1), shape.burst);
      return { from: from * 60_000, to: to * 60_000, variants: { stable: of('stable'), canary: of('canary') } };
    };
    const from = Math.max(0, look - WINDOW);
    const cut = (borders: readonly number[]): Evidence => {
      const starts = [from, ...borders.filter((border) => border > from && border < look)];
      return { ...whole, strata: starts.map((start, i) => stretch(start, starts[i + 1] ?? look)) };
    };
    const whole: Evidence = stretch(from, look);
    const told = cut((shape.raised ?? []).map((change) => change.minute));
    const call = (way: keyof Looks, verdict: Verdict): void => {
      if (verdict === 'regressing' || verdict === 'healthy') first[way][verdict] ??= look;
    };
    call('ours', ours(told));
    call('naive', naive(whole));
    if (!shape.raised) continue;
    call('unannounced', ours(cut(observedChanges(historyOf(minutes, from), whole).map((time) => time / 60_000))));
    call('mixed', ours(whole));
  }
  return first;
};
