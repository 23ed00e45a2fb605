import type { MetricAssessment } from '../model/assessment.ts';
import { METRIC_RULES } from '../model/metric.ts';
import { message } from '../model/message.ts';
import { quantity, type Quantity } from '../model/quantity.ts';
import type { Effect } from './harm.ts';
import type { AnalysisMessageKey, TestedMetric } from './messages.ts';
import { MINIMUM_UNIDENTIFIED, type Shortfall } from './missing.ts';

/** A harm so near the margin, in parts of it, is about as large as it. An improvement never is. */
const NEAR = 0.5;

/** What is said of one tested metric. `reached`: users of the canary in the last five minutes; null where unknown. */
export const sentenceOf = (
  metric: TestedMetric,
  { verdict, stable, canary, effect, interval, effectUnit, margin, counts, missing, confidence }: MetricAssessment,
  harm: Effect,
  shortfall: Shortfall,
  reached: number | null,
): MetricAssessment['sentence'] => {
  const { unit } = METRIC_RULES[metric];
  const signed = (value: number | null | undefined): Quantity => quantity(value ?? NaN, effectUnit, true);
  const facts = {
    stable: quantity(stable ?? NaN, unit),
    canary: quantity(canary ?? NaN, unit),
    effect: signed(effect),
    low: signed(interval?.low),
    high: signed(interval?.high),
    confidence: quantity(confidence, 'ratio'),
    margin: quantity(margin, effectUnit),
    requests: quantity(counts.canary, 'count'),
  };
  if (verdict === 'healthy') return message<AnalysisMessageKey>(`analysis.healthy.${metric}`, facts);
  if (verdict === 'regressing') {
    return reached === null
      ? message<AnalysisMessageKey>(`analysis.regressing.${metric}`, facts)
      : message<AnalysisMessageKey>(`analysis.regressingUsers.${metric}`, {
          ...facts,
          users: quantity(reached, 'count'),
        });
  }
  if (shortfall.enough && harm.interval.low > 0) return message<AnalysisMessageKey>(`analysis.leaning.${metric}`, facts);
  const { requests = 0, users = 0, minutes = null } = missing ?? {};
  // Short of the minimum without users it is said why so many are asked for.
  const unidentified = !shortfall.enough && !shortfall.identified;
  const minimum = quantity(MINIMUM_UNIDENTIFIED, 'count');
  const more = { requests: quantity(requests, 'count'), users: quantity(users, 'count') };
  if (minutes !== null) {
    const wait = quantity(minutes * 60, 'seconds');
    if (unidentified) return message<AnalysisMessageKey>('analysis.waitingUnidentified', { requests: more.requests, wait, minimum });
    if (users === 0) return message<AnalysisMessageKey>('analysis.waiting', { requests: more.requests, wait });
    return requests === 0
      ? message<AnalysisMessageKey>('analysis.waitingOnlyUsers', { users: more.users, wait })
      : message<AnalysisMessageKey>('analysis.waitingUsers', { ...more, wait });
  }
  if (unidentified) return message<AnalysisMessageKey>('analysis.waitingUnidentifiedUnknown', { requests: more.requests, minimum });
  if (!shortfall.enough) {
    if (users === 0) return message<AnalysisMessageKey>('analysis.waitingUnknown', { requests: more.requests });
    return requests === 0
      ? message<AnalysisMessageKey>('analysis.waitingOnlyUsersUnknown', { users: more.users })
      : message<AnalysisMessageKey>('analysis.waitingUsersUnknown', more);
  }
  return Math.abs(harm.effect - margin) < NEAR * margin
    ? message<AnalysisMessageKey>('analysis.close', { effect: facts.effect, margin: facts.margin })
    : message<AnalysisMessageKey>('analysis.unsure', { effect: facts.effect });
};
