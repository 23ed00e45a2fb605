import type { AnalysisMessageKey } from '../analysis/messages.ts';

/** What the analysis says, in English. */
export const ANALYSIS_TEXTS: Readonly<Record<AnalysisMessageKey, string>> = {
  'analysis.regressing.errorRate':
    'The canary fails more often: {canary} against {stable}, {effect} ({interval}, {confidence} interval), {requests} requests.',
  'analysis.regressing.latencyP50':
    'The canary answers more slowly: median {canary} against {stable}, {effect} ({interval}, {confidence} interval), {requests} requests.',
  'analysis.regressing.accuracy':
    'The canary is right less often: {canary} against {stable}, {effect} ({interval}, {confidence} interval), {requests} predictions.',
  'analysis.regressingUsers.errorRate':
    'The canary fails more often: {canary} against {stable}, {effect} ({interval}, {confidence} interval), {requests} requests; users it reached in the last 5 minutes: {users}.',
  'analysis.regressingUsers.latencyP50':
    'The canary answers more slowly: median {canary} against {stable}, {effect} ({interval}, {confidence} interval), {requests} requests; users it reached in the last 5 minutes: {users}.',
  'analysis.regressingUsers.accuracy':
    'The canary is right less often: {canary} against {stable}, {effect} ({interval}, {confidence} interval), {requests} predictions; users it reached in the last 5 minutes: {users}.',
  'analysis.leaning.errorRate':
    'The canary fails more often, {canary} against {stable} ({interval}), but not surely by more than {margin}.',
  'analysis.leaning.latencyP50':
    'The canary answers more slowly, median {canary} against {stable} ({interval}), but not surely by more than {margin}.',
  'analysis.leaning.accuracy':
    'The canary is right less often, {canary} against {stable} ({interval}), but not surely by more than {margin}.',
  'analysis.healthy.errorRate':
    'The canary fails no more than {margin} more often: {canary} against {stable} ({interval}, {confidence} interval).',
  'analysis.healthy.latencyP50':
    'The canary is no more than {margin} slower: median {canary} against {stable} ({interval}, {confidence} interval).',
  'analysis.healthy.accuracy':
    'The canary is right no more than {margin} less often: {canary} against {stable} ({interval}, {confidence} interval).',
  'analysis.waiting': 'Not enough data yet: {requests} more requests, about {wait} at this traffic.',
  'analysis.waitingUsers': 'Not enough data yet: {requests} more requests and {users} more users, about {wait} at this traffic.',
  'analysis.waitingOnlyUsers': 'Not enough data yet: {users} more users, about {wait} at this traffic.',
  'analysis.waitingUnknown': 'Not enough data yet: {requests} more requests; at this traffic nobody can say when.',
  'analysis.waitingUsersUnknown':
    'Not enough data yet: {requests} more requests and {users} more users; at this traffic nobody can say when.',
  'analysis.waitingOnlyUsersUnknown': 'Not enough data yet: {users} more users; at this traffic nobody can say when.',
  'analysis.waitingUnidentified':
    'Not enough data yet: {requests} more requests, about {wait} at this traffic. Users are not known, so at least {minimum} requests a side are needed.',
  'analysis.waitingUnidentifiedUnknown':
    'Not enough data yet: {requests} more requests; at this traffic nobody can say when. Users are not known, so at least {minimum} requests a side are needed.',
  'analysis.close': 'The difference, {effect}, lies near the tolerated {margin}: more data may not settle it.',
  'analysis.unsure': 'The difference, {effect}, is not known well enough yet, and at this traffic nobody can say when it will be.',
  'analysis.described': 'Shown, not tested.',
  'analysis.noValue': 'There is no value on at least one side.',
  'analysis.impossible': 'What the source counted cannot be, so there is nothing to compare.',
  'analysis.notTogether': 'Both versions were used in this window, but never at the same time: there is nothing to compare.',
  'analysis.release.degraded':
    'A guardrail of its own was broken, so the service stopped it. No test finds it worse than the stable version, which may be as bad.',
  'analysis.release.healthy':
    'No harm found in {requests} requests over {span}: every tested metric lies inside its margin ({confidence} intervals).',
  'analysis.failed': 'The analysis failed; the log tells why.',
  'analysis.release.noEvidence': 'Nothing has been measured yet.',
  'analysis.release.noTraffic': 'No request in the last {span}.',
  'analysis.release.noCanary': 'No request reached the canary in the last {span}; {requests} reached the stable version.',
  'analysis.release.noStable': 'No request reached the stable version in the last {span}; {requests} reached the canary.',
  'analysis.release.preparation': 'In preparation: no user is on the canary yet.',
  'analysis.release.full': 'In full: everyone is on the new version, so there is nothing to compare with.',
  'analysis.release.rolledBack': 'Rolled back: everyone is on the stable version.',
  'analysis.release.noCanarySeen': 'The logs show no request on the canary yet.',
  'analysis.release.onlyCanarySeen': 'The logs show requests on the canary only, so there is nothing to compare with.',
  'analysis.release.canaryGone': 'The logs show no request on the canary any more; earlier there were some.',
  'analysis.recommend.rollback': 'Recommended: roll back.',
  'analysis.recommend.rollbackElsewhere': 'Recommended: roll back, where the ratio is held; it cannot be done here.',
  'analysis.recommend.degraded': 'Recommended: roll back, or find out in the journal which guardrail was broken before you resume.',
  'analysis.recommend.degradedElsewhere':
    'Recommended: find out in the journal which guardrail was broken, and roll back where the ratio is held; it cannot be done here.',
  'analysis.recommend.nextStep': 'Recommended: go on to {ratio}.',
  'analysis.recommend.promoteFull': 'Recommended: promote to full.',
  'analysis.recommend.resume': 'Recommended: resume.',
  'analysis.recommend.wait': 'Recommended: wait about {wait} for more data.',
  'analysis.recommend.keepWatching': 'Recommended: keep the ratio and watch.',
  'analysis.caveat.requestsIndependent':
    'Users are not known: a verdict needs at least {minimum} requests a side, and counts each as independent of the others.',
  'analysis.caveat.requestsPerUser': 'A user makes about {perUser} requests, which are not independent: the intervals may be too narrow.',
  'analysis.caveat.ratioChanged':
    'Changes of the ratio in this window: {count}. Each stretch of one ratio is compared by itself; the values shown are means over them.',
  'analysis.caveat.ratioChangedOften':
    'Changes of the ratio in this window: {count}. Each stretch of one ratio is compared by itself, the newest only, of the last {span}.',
  'analysis.caveat.ratioObserved':
    'The share of requests on the canary moved in this window: {count} times. Each stretch of one share is compared by itself; the values shown are means over them.',
  'analysis.caveat.ratioMixed':
    'Changes of the ratio in this window: {count}, not told apart; the two sides may not have seen the same hours.',
  'analysis.caveat.assignedShare':
    'The share on the canary is {share} ({interval}) where {desired} is wanted: the assignment may be wrong.',
  'analysis.caveat.old': 'The newest data is {age} old.',
};
