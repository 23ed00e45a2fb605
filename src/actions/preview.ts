import { message, type Message } from '../model/message.ts';
import { quantity } from '../model/quantity.ts';
import type { Assessment } from '../model/assessment.ts';
import type { Evidence } from '../model/evidence.ts';
import type { Release } from '../model/release.ts';
import type { Plan } from '../sources/source.ts';
import type { ActionMessageKey } from './messages.ts';

/** What actions need to know of a release, beyond the release itself, to tell a person what an act would do. */
export interface ReleaseContext {
  readonly release: Release;
  readonly evidence: Evidence | null;
  readonly assessment: Assessment | null;
  /** When the shown data was true, epoch milliseconds; null when unknown. */
  readonly dataAt: number | null;
  /** The source is not stale and not failed. */
  readonly live: boolean;
}

/** A plan with its consequences in numbers. Nothing has been sent. */
export interface Preview {
  readonly plan: Plan;
  /** The name of the release and of its source, for the dialog. */
  readonly releaseName: string;
  readonly sourceName: string;
  /** Users of the evidence window that change sides (negative: back to stable); null where users are unknown or the ratio stays. */
  readonly usersMoved: number | null;
  /** Requests a minute that change sides, at the window's traffic; null where unknown or the ratio stays. */
  readonly requestsPerMinuteMoved: number | null;
  /** Said first in the dialog. */
  readonly warnings: readonly Message<ActionMessageKey>[];
  /** The journal act that this undoes. */
  readonly undoOf: string | null;
}

const MINUTE = 60_000;

/** What moves when the ratio goes from → to, at the traffic of the evidence window. */
export const movedBy = (
  evidence: Evidence | null,
  from: number | null,
  to: number | null,
): { readonly users: number | null; readonly requestsPerMinute: number | null } => {
  if (!evidence || from === null || to === null || from === to) return { users: null, requestsPerMinute: null };
  const { stable, canary } = evidence.variants;
  const minutes = (evidence.to - evidence.from) / MINUTE;
  const share = to - from;
  const requests = stable.requests + canary.requests;
  const users = stable.users === null || canary.users === null ? null : Math.round((stable.users + canary.users) * share);
  return { users, requestsPerMinute: minutes > 0 && requests > 0 ? Math.round((requests / minutes) * share) : null };
};

/** Everything that speaks against the act, gravest first. Only acts that widen the canary are warned against, except on old data. */
export const warningsFor = (plan: Plan, context: ReleaseContext, now: number): readonly Message<ActionMessageKey>[] => {
  const warnings: Message<ActionMessageKey>[] = [];
  const { release, assessment } = context;
  const widens = plan.to !== null && plan.to > (plan.from ?? 0);
  if (widens && assessment?.verdict === 'regressing') warnings.push(message('action.warn.regressing'));
  else if (widens && plan.to === 1 && assessment?.verdict !== 'healthy') warnings.push(message('action.warn.notEnough'));
  const next = release.steps[release.stepIndex + 1]?.ratio;
  if (widens && plan.intent.kind === 'setRatio' && next !== undefined && plan.to > next)
    warnings.push(message('action.warn.aboveStep', { step: quantity(next, 'ratio') }));
  if (!context.live && context.dataAt !== null)
    warnings.push(message('action.warn.stale', { age: quantity(Math.max(0, (now - context.dataAt) / 1000), 'seconds') }));
  return warnings;
};
