/** The metrics that get a test and a verdict of their own. */
export const TESTED_METRICS = ['errorRate', 'latencyP50', 'accuracy'] as const;
export type TestedMetric = (typeof TESTED_METRICS)[number];

/**
 * Every sentence the analysis can say. Arguments are quantities unless said otherwise.
 *
 * `analysis.regressing.M`, `analysis.leaning.M`, `analysis.healthy.M`: stable, canary (the two values), effect, low, high (signed,
 * `points` or `relative`), confidence (`ratio`), margin, requests (`count`: observations on the canary). `regressingUsers.M` has also
 * users (`count`, distinct ones of the last five minutes). `leaning`: worse with confidence, but not yet beyond the margin for sure.
 * `analysis.waiting`: requests (`count`, more on the thinner side), wait (`seconds`, at the window's traffic); `waitingUsers` has
 * also users (`count`, more), `waitingOnlyUsers` users and wait; each with `Unknown` has no wait. `waitingUnidentified`: users are not known, so minimum (`count`)
 * requests a side are needed: requests, wait, minimum; `waitingUnidentifiedUnknown`: requests, minimum.
 * `analysis.close`: effect, margin. The effect lies about at the margin, more data may not settle it.
 * `analysis.unsure`: effect. It lies well off the margin, and its interval still reaches beyond; too little traffic to say when it will not.
 * `analysis.described`: no arguments. `analysis.noValue`: no arguments; one side or both have no value.
 * `analysis.impossible`: no arguments; the counts cannot be, such as more failed requests than requests.
 * `analysis.notTogether`: no arguments; both sides have values, but never while the same ratio held.
 * `analysis.release.*`: healthy (requests, span, confidence), degraded () (stopped by its own guardrail, though no test finds it worse), noEvidence (), noTraffic (span), noCanary (requests, span), noStable (requests,
 * span), preparation, full, rolledBack (), and where nobody tells the phase noCanarySeen, onlyCanarySeen, canaryGone (). span is `seconds`.
 * `analysis.recommend.*`: rollback, rollbackElsewhere, degraded, degradedElsewhere, nextStep (ratio), promoteFull, resume, wait (wait), keepWatching.
 * `analysis.caveat.*`: requestsIndependent (minimum: `count`), requestsPerUser (perUser: `count`), ratioChanged (count: compared by stretches), ratioChangedOften
 * (count, span: only the newest stretches, so long, are compared), ratioObserved (count: read off the traffic), ratioMixed (count: not compared by stretches), assignedShare (share, low, high, desired), old
 * (age: `seconds`: the evidence ended so long ago).
 */
export type AnalysisMessageKey =
  | `analysis.regressing.${TestedMetric}`
  | `analysis.regressingUsers.${TestedMetric}`
  | `analysis.leaning.${TestedMetric}`
  | `analysis.healthy.${TestedMetric}`
  | 'analysis.waiting'
  | 'analysis.waitingUsers'
  | 'analysis.waitingOnlyUsers'
  | 'analysis.waitingUnknown'
  | 'analysis.waitingUsersUnknown'
  | 'analysis.waitingOnlyUsersUnknown'
  | 'analysis.waitingUnidentified'
  | 'analysis.waitingUnidentifiedUnknown'
  | 'analysis.close'
  | 'analysis.unsure'
  | 'analysis.described'
  | 'analysis.noValue'
  | 'analysis.impossible'
  | 'analysis.notTogether'
  | 'analysis.release.healthy'
  | 'analysis.release.degraded'
  | 'analysis.failed'
  | 'analysis.release.noEvidence'
  | 'analysis.release.noTraffic'
  | 'analysis.release.noCanary'
  | 'analysis.release.noStable'
  | 'analysis.release.preparation'
  | 'analysis.release.full'
  | 'analysis.release.rolledBack'
  | 'analysis.release.noCanarySeen'
  | 'analysis.release.onlyCanarySeen'
  | 'analysis.release.canaryGone'
  | 'analysis.recommend.rollback'
  | 'analysis.recommend.rollbackElsewhere'
  | 'analysis.recommend.degraded'
  | 'analysis.recommend.degradedElsewhere'
  | 'analysis.recommend.nextStep'
  | 'analysis.recommend.promoteFull'
  | 'analysis.recommend.resume'
  | 'analysis.recommend.wait'
  | 'analysis.recommend.keepWatching'
  | 'analysis.caveat.requestsIndependent'
  | 'analysis.caveat.requestsPerUser'
  | 'analysis.caveat.ratioChanged'
  | 'analysis.caveat.ratioChangedOften'
  | 'analysis.caveat.ratioObserved'
  | 'analysis.caveat.ratioMixed'
  | 'analysis.caveat.assignedShare'
  | 'analysis.caveat.old';
