import type { AssignedShare } from '../model/assessment.ts';
import type { Evidence } from '../model/evidence.ts';
import { message, type Message } from '../model/message.ts';
import { quantity } from '../model/quantity.ts';
import type { Release } from '../model/release.ts';
import type { AnalysisMessageKey } from './messages.ts';
import { MINIMUM_UNIDENTIFIED } from './missing.ts';
import type { RatioCourse } from './ratioSegments.ts';

/** From here on the requests of one user weigh enough to make the interval too narrow. */
const MANY_REQUESTS_PER_USER = 3;
const OLD_MS = 120_000;

/** What follows from a ratio that moved inside the window. */
const ratioCaveat = ({ changes, stratified, observed }: RatioCourse, evidence: Evidence): Message<AnalysisMessageKey> | null => {
  if (changes === 0) return null;
  const count = quantity(changes, 'count');
  // With the ratio the mix of hours changes too: a bad hour weighs more on the side that had more traffic in it.
  if (!stratified) return message('analysis.caveat.ratioMixed', { count });
  if (observed) return message('analysis.caveat.ratioObserved', { count });
  const first = evidence.strata?.[0]?.from ?? evidence.from;
  return first > evidence.from
    ? message('analysis.caveat.ratioChangedOften', { count, span: quantity((evidence.to - first) / 1000, 'seconds') })
    : message('analysis.caveat.ratioChanged', { count });
};

/** What the verdict does not account for, in the order of how much it can mislead. */
export const caveatsOf = (
  release: Release,
  evidence: Evidence,
  at: number,
  course: RatioCourse,
  assigned: AssignedShare | null,
): readonly Message<AnalysisMessageKey>[] => {
  const { stable, canary } = evidence.variants;
  const out: Message<AnalysisMessageKey>[] = [];
  const age = at - evidence.to;
  if (age > OLD_MS) out.push(message('analysis.caveat.old', { age: quantity(age / 1000, 'seconds') }));
  const moved = ratioCaveat(course, evidence);
  if (moved) out.push(moved);
  if (assigned?.offTarget === true) {
    out.push(
      message('analysis.caveat.assignedShare', {
        share: quantity(assigned.share, 'ratio'),
        low: quantity(assigned.interval.low, 'ratio'),
        high: quantity(assigned.interval.high, 'ratio'),
        desired: quantity(release.ratio.desired ?? NaN, 'ratio'),
      }),
    );
  }
  if (canary.users === null || stable.users === null)
    out.push(message('analysis.caveat.requestsIndependent', { minimum: quantity(MINIMUM_UNIDENTIFIED, 'count') }));
  else {
    const perUser = Math.max(canary.requests / canary.users, stable.requests / stable.users);
    if (perUser >= MANY_REQUESTS_PER_USER && Number.isFinite(perUser)) {
      out.push(message('analysis.caveat.requestsPerUser', { perUser: quantity(Math.round(perUser), 'count') }));
    }
  }
  return out;
};
