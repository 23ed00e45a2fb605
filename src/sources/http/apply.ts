import type { AbortSignalLike } from '../../base/abort.ts';
import type { Clock } from '../../base/clock.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { Facts, Refusal } from '../../model/intent.ts';
import { quantity } from '../../model/quantity.ts';
import type { Release } from '../../model/release.ts';
import type { Plan, Receipt } from '../source.ts';
import { isOurs } from './audited.ts';
import type { Client, Failure, Write } from './client.ts';
import { factsOf } from './facts.ts';
import { refusal, toRefusal, type Known, type Named } from './refusals.ts';
import type { WireAuditEntry, WireRelease } from './wire.ts';

/** While only the revision moves, the same request is sent again this often and this long. */
const MAX_SENDS = 3;
const SEND_WINDOW_MS = 2_000;
/** After a lost answer the release is read until it answers, this long. */
const VERIFY_WINDOW_MS = 10_000;
const NO_EFFECT_AFTER_MS = 2_000;
const VERIFY_PAUSE_MS = 250;
/** Far more than two clocks on one network differ by; the revision is what decides. */
const AUDIT_SLACK_MS = 60_000;

export interface ApplyDeps {
  readonly client: Client;
  readonly clock: Clock;
  readonly actor: string | null;
  /** As the person named it. */
  readonly sourceName: string;
  readonly toRelease: (wire: WireRelease) => Release;
}

const named = ({ sourceName }: ApplyDeps, { target }: Plan): Named => ({ release: target, source: sourceName });

/** Reads again, compares what the plan rests on, and sends with the revision just read as precondition. */
export const applyPlan = async (deps: ApplyDeps, plan: Plan, signal: AbortSignalLike): Promise<Result<Receipt, Refusal>> => {
  const { client, clock } = deps;
  const began = clock.elapsed();
  const read = await client.release(plan.releaseId, signal);
  if (!read.ok) return err(toRefusal(read.error, named(deps, plan), { expected: plan.facts, current: null }));
  let now = deps.toRelease(read.value);
  const body = plan.request.body ?? '{}';
  for (let sends = 0; ; sends++) {
    const known = { expected: plan.facts, current: factsOf(now, plan.intent) };
    if (!sameFacts(plan.facts, known.current)) return err(await conflict(deps, plan, now, known, signal));
    if (sends > 0 && (sends >= MAX_SENDS || clock.elapsed() - began > SEND_WINDOW_MS))
      return err(refusal('conflict', 'source.refusal.busy', {}, `revision ${now.revision}`, known));
    if (signal.aborted) return err(refusal('aborted', 'source.refusal.aborted', {}, '', known));
    const write: Write = {
      method: plan.request.method === 'PATCH' ? 'PATCH' : 'POST',
      url: plan.request.url,
      revision: now.revision,
      body,
    };
    const sent = await client.write(write, signal);
    if (sent.ok) {
      const release = deps.toRelease(sent.value);
      return ok({ at: clock.now(), revision: release.revision, release });
    }
    if (isUnknown(sent.error)) return settle(deps, plan, now, sent.error, signal);
    if (sent.error.type !== 'status' || (sent.error.status !== 412 && sent.error.status !== 409))
      return err(toRefusal(sent.error, named(deps, plan), known));
    const current = sent.error.problem?.current;
    const again = current ? ok(current) : await client.release(plan.releaseId, signal);
    if (!again.ok) return err(toRefusal(sent.error, named(deps, plan), { ...known, current: null }));
    now = deps.toRelease(again.value);
    // The service's rules forbid it in this state, at whichever revision.
    if (sent.error.status === 409) return err(toRefusal(sent.error, named(deps, plan), { ...known, current: factsOf(now, plan.intent) }));
  }
};

/** Somebody was faster: who and when says the audit, as far as it can be read; to what, the facts. */
const conflict = async (
  { client, clock }: ApplyDeps,
  plan: Plan,
  now: Release,
  known: Known,
  signal: AbortSignalLike,
): Promise<Refusal> => {
  const detail = `revision ${plan.revision} → ${now.revision}`;
  const audit = await client.audit(plan.releaseId, Math.max(0, (now.updatedAt ?? 0) - AUDIT_SLACK_MS), signal);
  const entry = audit.ok ? audit.value.entries.findLast(({ revision }) => revision === now.revision) : undefined;
  return entry === undefined
    ? refusal('conflict', 'source.refusal.conflict', {}, detail, known)
    : conflictBy(entry, clock.now(), detail, known);
};

const conflictBy = ({ actor, role, time, reason }: WireAuditEntry, now: number, detail: string, known: Known): Refusal => {
  const age = quantity(Math.max(0, now - time) / 1000, 'seconds');
  const because = reason === null || reason === '' ? {} : { reason };
  if (role === 'service') {
    return refusal(
      'conflict',
      'reason' in because ? 'source.refusal.conflictServiceWhy' : 'source.refusal.conflictService',
      { age, ...because },
      detail,
      known,
    );
  }
  if (actor === null || actor === '') return refusal('conflict', 'source.refusal.conflict', {}, detail, known);
  const key = 'reason' in because ? 'source.refusal.conflictByWhy' : 'source.refusal.conflictBy';
  return refusal('conflict', key, { actor, age, ...because }, detail, known);
};

const sameFacts = (a: Facts, b: Facts): boolean => Object.keys({ ...a, ...b }).every((name) => a[name] === b[name]);

/** Of the answers that say that the service failed, the one that is certain: it could not write what was asked. */
const STORAGE_FULL = 507;
/** Said by a proxy that waited too long for the rest of a request, of which the service may have had all. */
const REQUEST_TIMEOUT = 408;

/** The request may have been carried out although no usable answer came. */
const isUnknown = (failure: Failure): boolean => {
  switch (failure.type) {
    case 'transport':
      return failure.error.mayHaveArrived;
    case 'shape':
      return true;
    case 'status':
      return isUnknownStatus(failure.status);
    case 'token':
      return false;
  }
};

/** A service may carry out a write and then point elsewhere. */
const isUnknownStatus = (status: number): boolean =>
  status < 400 || status === REQUEST_TIMEOUT || (status >= 500 && status !== STORAGE_FULL);

/**
 * The answer is lost: reads, and never sends again. The precondition named one revision, so if it was carried out the audit has an
 * entry with the revision after that one.
 */
const settle = async (
  deps: ApplyDeps,
  plan: Plan,
  before: Release,
  lost: Failure,
  signal: AbortSignalLike,
): Promise<Result<Receipt, Refusal>> => {
  const why = lost.type === 'transport' ? lost.error.detail : toRefusal(lost, named(deps, plan)).detail;
  const began = deps.clock.elapsed();
  while (!signal.aborted) {
    const [read, audit] = await Promise.all([
      deps.client.release(plan.releaseId, signal),
      deps.client.audit(plan.releaseId, Math.max(0, (before.updatedAt ?? 0) - AUDIT_SLACK_MS), signal),
    ]);
    if (read.ok) {
      const release = deps.toRelease(read.value);
      const known = { expected: plan.facts, current: factsOf(release, plan.intent) };
      const entry = audit.ok ? audit.value.entries.find((candidate) => isNext(candidate.revision, before.revision)) : undefined;
      if (entry !== undefined) {
        // The precondition let only one such request through.
        return isOurs(deps.actor, plan, entry)
          ? ok({ at: deps.clock.now(), revision: entry.revision, release })
          : err(conflictBy(entry, deps.clock.now(), why, known));
      }
      if (release.revision !== before.revision) {
        return err(
          refusal('unknownOutcome', holds(plan, release) ? 'source.refusal.lostTookEffect' : 'source.refusal.lostMoved', {}, why, known),
        );
      }
      // A slow server may still be at it: no effect is only said after some patience.
      if (deps.clock.elapsed() >= began + NO_EFFECT_AFTER_MS)
        return err(refusal('unknownOutcome', 'source.refusal.lostNoEffect', {}, why, known));
    }
    if (deps.clock.elapsed() >= began + VERIFY_WINDOW_MS) break;
    await deps.clock.delay(VERIFY_PAUSE_MS, signal);
  }
  return err(refusal('unknownOutcome', 'source.refusal.lostUnknown', {}, why, { expected: plan.facts, current: null }));
};

const isNext = (revision: string, before: string): boolean => Number(revision) === Number(before) + 1;

/** What the plan wanted is so now, whoever did it. */
const holds = (plan: Plan, release: Release): boolean => {
  if (plan.to !== null) return release.ratio.desired === plan.to;
  return plan.intent.kind === 'pause' ? release.state === 'paused' : plan.intent.kind === 'resume' && release.state !== 'paused';
};
