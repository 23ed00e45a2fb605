import type { Evidence } from '../model/evidence.ts';
import type { VariantRole } from '../model/release.ts';
import type { History } from '../model/series.ts';
import { rateOf } from '../model/traffic.ts';

/** Requests a minute of each side as they arrive now. */
export type Traffic = Readonly<Record<VariantRole, number>>;

/** The traffic of late of each side; where the history does not tell, the mean over the window. */
export const trafficOf = (evidence: Evidence, history: History | null): Traffic => {
  const of = (side: VariantRole): number => rateOf(evidence, history, side)?.perMinute ?? 0;
  return { stable: of('stable'), canary: of('canary') };
};

/**
 * How many minutes of the present traffic so many requests on the thinner side are worth. It is the length of the window where traffic was even,
 * less where a canary has only begun or its ratio was raised, ∞ where nothing arrives any more.
 */
export const minutesFor = (requests: number, { stable, canary }: Traffic): number => {
  const rate = Math.min(stable, canary);
  return rate > 0 ? requests / rate : Infinity;
};
