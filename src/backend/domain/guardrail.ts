import { METRIC_RULES, type MetricId } from '../../model/metric.ts';
import type { MetricValue } from '../measure/metricValue.ts';
import type { Guardrail, GuardrailAction } from './release.ts';

/** Metrics that can be guarded: `requests` says nothing about the version. */
export const GUARDED_METRICS = [
  'errorRate',
  'latencyP50',
  'latencyP99',
  'cpu',
  'memory',
  'rating',
  'accuracy',
] as const satisfies readonly MetricId[];

export interface Broken {
  readonly guardrail: Guardrail;
  readonly value: number;
  readonly count: number;
}

export interface GuardrailReport {
  readonly broken: readonly Broken[];
  /** Some guardrail has too few observations to tell. */
  readonly unknown: boolean;
}

const breaksFromBelow = (metric: MetricId): boolean => METRIC_RULES[metric].harm === 'down' || metric === 'rating';

/** `measure` gives the canary's value over the guardrail's window. */
export const checkGuardrails = (guardrails: readonly Guardrail[], measure: (guardrail: Guardrail) => MetricValue): GuardrailReport => {
  const broken: Broken[] = [];
  let unknown = false;
  for (const guardrail of guardrails) {
    const { value, count } = measure(guardrail);
    if (value === null || count < guardrail.minCount) unknown = true;
    else if (breaksFromBelow(guardrail.metric) ? value < guardrail.limit : value > guardrail.limit)
      broken.push({ guardrail, value, count });
  }
  return { broken, unknown };
};

/** The strongest action that a broken guardrail asks for. */
export const actionOf = (broken: readonly Broken[]): GuardrailAction =>
  broken.some(({ guardrail }) => guardrail.action === 'abort')
    ? 'abort'
    : broken.some(({ guardrail }) => guardrail.action === 'pause')
      ? 'pause'
      : 'none';

const round = (value: number): string => String(Number(value.toPrecision(4)));

/** For the audit. */
export const describeBroken = (broken: readonly Broken[]): string =>
  broken
    .map(
      ({ guardrail: { metric, limit }, value, count }) =>
        `guardrail: ${metric} of the canary is ${round(value)} (${String(count)} observations), ${breaksFromBelow(metric) ? 'below' : 'above'} its limit ${round(limit)}`,
    )
    .join('; ');
