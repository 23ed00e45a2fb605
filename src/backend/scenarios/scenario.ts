import type { MetricId } from '../../model/metric.ts';

export const SCENARIO_IDS = ['finance', 'commerce', 'medical'] as const;
export type ScenarioId = (typeof SCENARIO_IDS)[number];

export const isScenarioId = (text: string): text is ScenarioId => (SCENARIO_IDS as readonly string[]).includes(text);

/** A slow wave in the traffic: `amplitude` is a share of the mean rate. */
interface Wave {
  readonly periodSeconds: number;
  readonly amplitude: number;
}

/**
 * Who sends requests. `regulars` come back all the time, their activity falls with rank to the power of −`skew`; visitors are a
 * pool of `visitorPool` out of `visitorPopulation` that moves on by `visitorTurnover` people a second.
 */
export interface Audience {
  readonly prefix: string;
  readonly regulars: number;
  readonly skew: number;
  /** Share of the requests that come from regulars. */
  readonly regularShare: number;
  readonly visitorPool: number;
  readonly visitorPopulation: number;
  readonly visitorTurnover: number;
}

/**
 * Response times: a log-normal body around `medianMs`, a share of slow requests `slowFactor` times longer, and a Pareto
 * tail from `tailFrom` medians on with index `tailIndex`, cut at `maxMs`.
 */
export interface LatencyShape {
  readonly medianMs: number;
  readonly sigma: number;
  readonly slowShare: number;
  readonly slowFactor: number;
  readonly tailShare: number;
  readonly tailFrom: number;
  readonly tailIndex: number;
  readonly maxMs: number;
}

/** One gauge of a variant: `base` plus `perLoad` for each 100 % of traffic above the mean, an AR(1) noise and a slow drift. */
export interface GaugeShape {
  readonly base: number;
  readonly perLoad: number;
  readonly noise: number;
  readonly drift: number;
  readonly floor: number;
}

/** How a service behaves while nothing is wrong. Both variants behave so, until a planted regression begins. */
export interface Scenario {
  readonly id: ScenarioId;
  /** The release it creates. */
  readonly release: {
    readonly id: string;
    readonly name: string;
    readonly service: string;
    readonly versions: { readonly stable: string; readonly canary: string };
    readonly ratio: number;
    readonly steps: readonly { readonly ratio: number; readonly pauseSeconds: number | null }[];
  };
  readonly requestsPerSecond: number;
  readonly waves: readonly Wave[];
  readonly audience: Audience;
  readonly latency: LatencyShape;
  /** Shares of all requests that end with a server error, and with a client error. */
  readonly errorRate: number;
  readonly clientErrorRate: number;
  /** Share of the successful requests whose prediction is known to be right or wrong, and how many of those are right. */
  readonly labelledShare: number;
  readonly accuracy: number;
  /** Share of the successful requests that are rated, and how often 1, 2, 3, 4 and 5 are given (sums to 1). */
  readonly ratedShare: number;
  readonly ratings: readonly [number, number, number, number, number];
  readonly cpu: GaugeShape;
  readonly memoryBytes: GaugeShape;
  readonly resourceEverySeconds: number;
}

/**
 * A fault of the canary, from `second` of the scenario on. `effect` is canary − stable for a ratio (`points`) and
 * canary / stable − 1 otherwise (`relative`). `verdictWithinSeconds`: how long after its onset, at the release's first ratio, the
 * whole run so far is evidence enough to call it.
 */
export interface PlantedRegression {
  readonly scenario: ScenarioId;
  readonly seed: number;
  readonly second: number;
  readonly metric: Extract<MetricId, 'errorRate' | 'latencyP50' | 'accuracy'>;
  readonly effect: number;
  readonly effectUnit: 'points' | 'relative';
  readonly verdictWithinSeconds: number;
}
