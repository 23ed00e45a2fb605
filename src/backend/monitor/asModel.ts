import { message } from '../../model/message.ts';
import { METRICS } from '../../model/metric.ts';
import { INTENT_KINDS, type Ability, type IntentKind, type Release } from '../../model/release.ts';
import type { History, RatioChange } from '../../model/series.ts';
import type { ServiceRelease } from '../domain/release.ts';
import type { Service } from '../service.ts';

const NOT_ASKED: Ability = { can: false, why: message('service.notAsked') };

/** The release as the analysis knows releases. What can be done with it is not asked for here. */
export const modelOf = (release: ServiceRelease): Release => ({
  id: release.id,
  sourceId: 'service',
  name: release.name,
  service: release.service,
  phase: release.phase,
  state: release.state,
  ratio: { unit: 'users', desired: release.ratio, actual: release.ratio, since: release.ratioSince },
  steps: release.steps,
  stepIndex: release.stepIndex,
  stateSince: release.stateSince,
  pauseEndsAt: release.pauseEndsAt,
  pauseLeftMs: release.pauseLeftMs,
  versions: release.versions,
  owner: { kind: 'service', name: release.service },
  revision: String(release.revision),
  createdAt: release.createdAt,
  updatedAt: release.updatedAt,
  simulated: release.simulated,
  abilities: Object.fromEntries(INTENT_KINDS.map((kind) => [kind, NOT_ASKED])) as Record<IntentKind, Ability>,
});

const CHANGES_MAX = 1000;

const changesOf = (service: Service, release: string, since: number): readonly RatioChange[] =>
  service
    .readAudit({ release, since, limit: CHANGES_MAX })
    .flatMap(({ time, from, to, actor, reason, action }) =>
      to === null || from === to ? [] : [{ time, from, to, by: actor, reason, action }],
    );

/** All metrics of both variants over time, in columns; null where the release is not known. */
export const historyOf = (service: Service, release: string, from: number, to: number, stepSeconds: number): History | null => {
  const answer = service.series(release, { from, to, step: stepSeconds, metrics: METRICS, variants: ['stable', 'canary'] });
  if (!answer?.ok) return null;
  return {
    from: answer.value.from,
    to: answer.value.to,
    stepMs: answer.value.step * 1000,
    series: answer.value.series.map(({ metric, variant, unit, times, values, counts }) => ({
      metric,
      variant,
      unit,
      times: Float64Array.from(times),
      values: Float64Array.from(values, (value) => value ?? NaN),
      counts: Float64Array.from(counts),
    })),
    changes: changesOf(service, release, from),
  };
};
