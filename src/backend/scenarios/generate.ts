import { randomPoisson } from 'd3-random';
import type { VariantRole } from '../../model/release.ts';
import type { ScenarioEvent } from './event.ts';
import { latencyOf, measured } from './latency.ts';
import { PLANTED } from './planted.ts';
import { streamOf } from './random.ts';
import { gaugeOf } from './resources.ts';
import type { PlantedRegression, Scenario } from './scenario.ts';
import { loadAt } from './traffic.ts';
import { pickerOf, type PickUser } from './users.ts';

export interface GenerateOptions {
  readonly seed: number;
  /** Whole seconds of the scenario, `[from, to)`. */
  readonly from: number;
  readonly to: number;
  /** When second 0 of the scenario is, epoch milliseconds. */
  readonly start: number;
  /** Whether the planted regression takes place. */
  readonly regression: boolean;
  /** The service's own assignment. Asked for every request, so it may change while a stream is read. */
  readonly assign: (userId: string) => VariantRole;
  /** The variants that run at all, and so report CPU and memory; both when absent. */
  readonly running?: (variant: VariantRole) => boolean;
  /** The release the events belong to; the scenario's own when absent. */
  readonly release?: string;
}

const ERROR_STATUS = [500, 502, 503, 504] as const;
const CLIENT_ERROR_STATUS = [400, 404, 429, 499] as const;
const VARIANTS: readonly VariantRole[] = ['stable', 'canary'];

const pick = <T>(from: readonly [T, ...T[]], at: number): T => from[Math.floor(at * from.length)] ?? from[0];

/** Ids of two releases, runs or scenarios never meet, and a second told again has the ids it had. At most 128 characters with the rest. */
const idPrefix = (scenario: Scenario, { release, seed, start }: GenerateOptions, at: number): string =>
  `${(release ?? scenario.release.id).slice(0, 64)}-${scenario.id}-${seed}-${start.toString(36)}-${at.toString(36)}`;

/** The rating whose share of the cumulated shares holds `at`. */
const ratingAt = (shares: Scenario['ratings'], at: number): number => {
  let sum = 0;
  for (const [index, share] of shares.entries()) {
    sum += share;
    if (at < sum) return index + 1;
  }
  return shares.length;
};

/** How the canary differs from the stable in one second. */
const faultAt = (
  planted: PlantedRegression | null,
  second: number,
): { readonly error: number; readonly slower: number; readonly accuracy: number } => {
  const effect = planted !== null && second >= planted.second ? planted.effect : 0;
  return {
    error: planted?.metric === 'errorRate' ? effect : 0,
    slower: planted?.metric === 'latencyP50' ? 1 + effect : 1,
    accuracy: planted?.metric === 'accuracy' ? effect : 0,
  };
};

/** Draws what one user does and what comes of it; how many random numbers that takes does not depend on the variant. */
function* second(scenario: Scenario, options: GenerateOptions, pickUser: PickUser, at: number): Generator<ScenarioEvent, void, undefined> {
  const random = streamOf(`${scenario.id}/${options.seed}/traffic/${at}`);
  const fault = faultAt(options.regression ? PLANTED[scenario.id] : null, at);
  const release = options.release ?? scenario.release.id;
  const prefix = idPrefix(scenario, options, at);
  const count = randomPoisson.source(random)(scenario.requestsPerSecond * loadAt(scenario, at))();
  const offsets = Array.from({ length: count }, () => Math.floor(random() * 1000)).sort((a, b) => a - b);
  const latency = latencyOf(scenario.latency, random);
  for (const [index, offset] of offsets.entries()) {
    const userId = pickUser(at, random);
    const [failing, statusAt, labelled, right, rated, rating] = [random(), random(), random(), random(), random(), random()];
    const duration = latency();
    const variant = options.assign(userId);
    const faulty = variant === 'canary';
    const errorRate = scenario.errorRate + (faulty ? fault.error : 0);
    // One draw decides: server errors at the top of the range, client errors at the bottom, so that neither eats into the other.
    const status =
      failing >= 1 - errorRate
        ? pick(ERROR_STATUS, statusAt)
        : failing < scenario.clientErrorRate
          ? pick(CLIENT_ERROR_STATUS, statusAt)
          : 200;
    const common = { time: options.start + at * 1000 + offset, release, variant, userId };
    const latencyMs = measured(duration * (faulty ? fault.slower : 1), scenario.latency.maxMs);
    yield { id: `${prefix}-${index}`, ...common, kind: 'request', status, latencyMs };
    if (status !== 200) continue;
    if (labelled < scenario.labelledShare) {
      const correct = right < scenario.accuracy + (faulty ? fault.accuracy : 0);
      yield { id: `${prefix}-${index}p`, ...common, kind: 'prediction', correct };
    }
    if (rated < scenario.ratedShare) {
      yield { id: `${prefix}-${index}f`, ...common, kind: 'feedback', rating: ratingAt(scenario.ratings, rating) };
    }
  }
}

/**
 * The events of a scenario for the seconds `[from, to)`, rising in time inside a second up to the resource samples, which come
 * first. A pure function of its options: two calls for [a, b) and [b, c) give what one call for [a, c) gives. Lazy, so that memory does not grow
 * with the span.
 */
export function* generate(scenario: Scenario, options: GenerateOptions): Generator<ScenarioEvent, void, undefined> {
  const pickUser = pickerOf(scenario.audience);
  const release = options.release ?? scenario.release.id;
  const gauges = VARIANTS.map((variant) => {
    const label = `${scenario.id}/${options.seed}/${variant}`;
    return { variant, cpu: gaugeOf(scenario.cpu, `${label}/cpu`), memory: gaugeOf(scenario.memoryBytes, `${label}/memory`) };
  });
  const running = options.running ?? (() => true);
  for (let at = options.from; at < options.to; at++) {
    if (at % scenario.resourceEverySeconds === 0) {
      const sample = at / scenario.resourceEverySeconds;
      const load = loadAt(scenario, at);
      for (const { variant, cpu, memory } of gauges) {
        if (!running(variant)) continue;
        yield {
          id: `${idPrefix(scenario, options, at)}-${variant}`,
          time: options.start + at * 1000,
          release,
          variant,
          kind: 'resource',
          cpu: Math.round(cpu(sample, load) * 1000) / 1000,
          memoryBytes: Math.round(memory(sample, load)),
        };
      }
    }
    yield* second(scenario, options, pickUser, at);
  }
}
