/**
 * What looking every minute costs. Many releases, two hours each, judged every minute on the last hour: how many healthy ones are called regressing
 * at any look, and how long it takes to call one that is really worse. The peer is what one does without thinking of it: a 95 % test of each
 * metric at every look, without a margin.
 *
 *   node bench/peeking.ts [--releases 300] [--seed 1]
 */
import { parseArgs } from 'node:util';
import { compare } from '../src/analysis/compare.ts';
import { randomOf, type Uniform } from '../src/analysis/detect/random.ts';
import { TESTED_METRICS } from '../src/analysis/messages.ts';
import { mannWhitneyHistograms } from '../src/analysis/stats/mannWhitney.ts';
import { twoProportionZ } from '../src/analysis/stats/twoProportionZ.ts';
import type { Evidence, Tally } from '../src/model/evidence.ts';
import { bucketOf, type Histogram } from '../src/model/histogram.ts';
import { report } from './report.ts';

const { values } = parseArgs({ options: { releases: { type: 'string', default: '300' }, seed: { type: 'string', default: '1' } } });
const RELEASES = Number(values.releases);
const LOOKS = 120;
const WINDOW = 60;
/** Response times between 1 ms and 65 s. */
const BUCKETS = 16 * 32;

interface Shape {
  readonly name: string;
  /** Requests a minute on the stable and the canary. */
  readonly stable: number;
  readonly canary: number;
  /** Requests of one user in a row, all of them failing or none: what "requests are independent" does not see. */
  readonly burst: number;
  /** From the first minute on. */
  readonly worse: { readonly errorRate: number; readonly slower: number };
}

const HEALTHY = { errorRate: 0, slower: 1 };
const SHAPES: readonly Shape[] = [
  { name: 'healthy', stable: 900, canary: 100, burst: 1, worse: HEALTHY },
  { name: 'healthy, thin', stable: 90, canary: 10, burst: 1, worse: HEALTHY },
  { name: 'healthy, bursts of 5', stable: 900, canary: 100, burst: 5, worse: HEALTHY },
  { name: 'errors +3 points', stable: 900, canary: 100, burst: 1, worse: { errorRate: 0.03, slower: 1 } },
  { name: 'p50 +30 %', stable: 900, canary: 100, burst: 1, worse: { errorRate: 0, slower: 1.3 } },
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

const minute = (random: Uniform, mean: number, burst: number, worse: Shape['worse']): Sums => {
  const sums = emptySums();
  const users = Math.max(0, Math.round((mean + Math.sqrt(mean) * normal(random)) / burst));
  for (let user = 0; user < users; user++) {
    const failing = random() < ERROR_RATE + worse.errorRate;
    for (let i = 0; i < burst; i++) {
      sums.requests++;
      if (failing) sums.errors++;
      if (random() < ACCURACY) sums.correct++;
      const bucket = bucketOf(100 * worse.slower * Math.exp(0.5 * normal(random)));
      const at = Math.max(0, Math.min(BUCKETS - 1, bucket));
      sums.latency[at] = (sums.latency[at] ?? 0) + 1;
    }
  }
  return sums;
};

const add = (into: Sums, from: Sums, sign: 1 | -1): void => {
  into.requests += sign * from.requests;
  into.errors += sign * from.errors;
  into.correct += sign * from.correct;
  for (let k = 0; k < BUCKETS; k++) into.latency[k] = (into.latency[k] ?? 0) + sign * (from.latency[k] ?? 0);
};

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

const ours = (evidence: Evidence): boolean => TESTED_METRICS.some((metric) => compare(metric, evidence).verdict === 'regressing');

const naive = ({ variants: { canary, stable } }: Evidence): boolean => {
  if (canary.requests === 0 || stable.requests === 0) return false;
  const errors = twoProportionZ(canary.errors, canary.requests, stable.errors, stable.requests);
  const accuracy = twoProportionZ(canary.correct, canary.predictions, stable.correct, stable.predictions);
  const latency = mannWhitneyHistograms(canary.latency, stable.latency);
  return (errors.p < 0.05 && errors.z > 0) || (accuracy.p < 0.05 && accuracy.z < 0) || (latency.p < 0.05 && latency.z > 0);
};

/** The first look at which each calls the release regressing; null for never. */
const watch = (shape: Shape, random: Uniform): { readonly ours: number | null; readonly naive: number | null } => {
  const sums = { stable: emptySums(), canary: emptySums() };
  const minutes: { readonly stable: Sums; readonly canary: Sums }[] = [];
  let [byUs, byNaive]: (number | null)[] = [null, null];
  for (let look = 1; look <= LOOKS && (byUs === null || byNaive === null); look++) {
    const now = {
      stable: minute(random, shape.stable, shape.burst, HEALTHY),
      canary: minute(random, shape.canary, shape.burst, shape.worse),
    };
    minutes.push(now);
    const old = minutes[look - 1 - WINDOW];
    for (const side of ['stable', 'canary'] as const) {
      add(sums[side], now[side], 1);
      if (old) add(sums[side], old[side], -1);
    }
    const variants = { stable: tally(sums.stable, shape.burst), canary: tally(sums.canary, shape.burst) };
    const evidence: Evidence = { from: Math.max(0, look - WINDOW) * 60_000, to: look * 60_000, variants };
    if (byUs === null && ours(evidence)) byUs = look;
    if (byNaive === null && naive(evidence)) byNaive = look;
  }
  return { ours: byUs ?? null, naive: byNaive ?? null };
};

const percentCalled = (first: readonly (number | null)[]): number => (100 * first.filter((look) => look !== null).length) / first.length;
const medianLook = (first: readonly (number | null)[]): number =>
  first.map((look) => look ?? Infinity).sort((a, b) => a - b)[first.length >> 1] ?? NaN;

const figures = { ours: {} as Record<string, number>, peer: {} as Record<string, number> };
for (const [index, shape] of SHAPES.entries()) {
  const random = randomOf(Number(values.seed) * 1000 + index);
  const runs = Array.from({ length: RELEASES }, () => watch(shape, random));
  const key = shape.name.replace(/[^a-z0-9]+/gi, '_').replace(/_$/, '');
  for (const [side, first] of [
    ['ours', runs.map((run) => run.ours)],
    ['peer', runs.map((run) => run.naive)],
  ] as const) {
    figures[side][`${key}_called_percent`] = percentCalled(first);
    if (shape.worse !== HEALTHY) figures[side][`${key}_median_minutes`] = medianLook(first);
  }
}
report({
  bench: 'peeking',
  peerName: '95 % tests at every look, no margin',
  ...figures,
  note: `${RELEASES} releases of ${LOOKS} looks each; with none called in n, at most 3/n are (95 % confidence): ${(300 / RELEASES).toFixed(1)} %`,
});
