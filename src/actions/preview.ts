import { message, type Message } from '../model/message.ts';
import { exactRatio, quantity } from '../model/quantity.ts';
import type { Assessment } from '../model/assessment.ts';
import type { Evidence } from '../model/evidence.ts';
import type { Release } from '../model/release.ts';
import type { History } from '../model/series.ts';
import type { Plan } from '../sources/source.ts';
import type { ActionMessageKey } from './messages.ts';
import type { Moved } from './moved.ts';

/** What actions need to know of a release, beyond the release itself, to tell a person what an act would do. */
export interface ReleaseContext {
  readonly release: Release;
  readonly evidence: Evidence | null;
  readonly history: History | null;
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
  readonly moved: Moved;
  /** Said first in the dialog. */
  readonly warnings: readonly Message<ActionMessageKey>[];
  /** The journal act that this undoes. */
  readonly undoOf: string | null;
}

/**
 * Everything that speaks against the act, gravest first. Only acts that widen the canary are warned against, at once or by what the backend then
 * goes on to by itself, except on old data.
 */
export const warningsFor = (plan: Plan, context: ReleaseContext, now: number): readonly Message<ActionMessageKey>[] => {
  const warnings: Message<ActionMessageKey>[] = [];
  const { release, assessment } = context;
  const reaches = Math.max(plan.to ?? 0, plan.goesOnTo ?? 0);
  const widens = reaches > (plan.from ?? 0);
  if (widens && assessment?.verdict === 'regressing') warnings.push(message('action.warn.regressing'));
  else if (widens && reaches === 1 && assessment?.verdict !== 'healthy') warnings.push(message('action.warn.notEnough'));
  const next = release.steps[release.stepIndex + 1]?.ratio;
  if (plan.intent.kind === 'setRatio' && next !== undefined && plan.to !== null && plan.to > Math.max(next, plan.from ?? 0))
    warnings.push(message('action.warn.aboveStep', { step: exactRatio(next) }));
  if (!context.live && context.dataAt !== null)
    warnings.push(message('action.warn.stale', { age: quantity(Math.max(0, (now - context.dataAt) / 1000), 'seconds') }));
  return warnings;
};
