import { randomUUID } from 'node:crypto';
import type { AbortSignalLike } from '../../base/abort.ts';
import { err, ok } from '../../base/result.ts';
import type { Source } from '../source.ts';
import { applyPlan } from './apply.ts';
import { assignmentReason } from './assignment.ts';
import { isOurs } from './audited.ts';
import { baseOf, createClient, isUnder } from './client.ts';
import { toSourceError } from './errors.ts';
import type { HttpSourceOptions } from './httpSourceTypes.ts';
import { LiveWatch, type LiveDeps } from './live.ts';
import { planFor, planWithReason } from './plan.ts';
import { refuse, toUnanswered } from './refusals.ts';
import { toRelease } from './toRelease.ts';
import { ratioChanges, type Role, type WireRelease } from './wire.ts';

/** Far more than two clocks on one network differ by. */
const AUDIT_SLACK_MS = 60_000;

/** A connection to the reference gray-release service. */
export const createHttpSource = (options: HttpSourceOptions): Source => {
  const { id, name, url, clock, log, pollIntervalMs, actor } = options;
  const client = createClient(options);
  let sequence = 0;
  let lastRole: Role | null = null;
  const build = (wire: WireRelease, role: Role | null): ReturnType<typeof toRelease> => {
    lastRole = role;
    return toRelease(wire, id, baseOf(url), role);
  };
  const watches = new Set<LiveWatch>();
  const liveDeps: LiveDeps = {
    sourceId: id,
    client,
    clock,
    log,
    pollIntervalMs,
    toRelease: build,
    random: Math.random,
    nextSequence: () => ++sequence,
    remark: options.remark ?? null,
  };

  return {
    id,
    kind: 'http',
    name,
    pollIntervalMs,

    async *watch(signal) {
      const watch = new LiveWatch(liveDeps);
      watches.add(watch);
      try {
        yield* watch.items(signal);
      } finally {
        watches.delete(watch);
      }
    },

    refresh() {
      for (const watch of watches) watch.refresh();
    },

    async history({ releaseId, from, to, stepMs }, signal) {
      const stepSeconds = Math.max(1, Math.round(stepMs / 1000));
      const [metrics, audit] = await Promise.all([
        client.metrics(releaseId, { from, to, stepSeconds }, signal),
        client.audit(releaseId, from, signal),
      ]);
      if (!metrics.ok) return err(toSourceError(metrics.error, id, clock.now(), releaseId));
      if (!audit.ok) return err(toSourceError(audit.error, id, clock.now(), releaseId));
      return ok({
        from,
        to,
        stepMs: metrics.value.step * 1000,
        series: metrics.value.series,
        // A move since the last whole step belongs to the ratio that is shown now: no upper end.
        changes: ratioChanges(audit.value.entries).filter((change) => change.time >= from),
      });
    },

    async evidence({ releaseId, from, to }, signal) {
      const evidence = await client.evidence(releaseId, { from, to }, signal);
      return evidence.ok ? evidence : err(toSourceError(evidence.error, id, clock.now(), releaseId));
    },

    async audit(releaseId, signal) {
      const audit = await client.audit(releaseId, 0, signal);
      return audit.ok ? ok(audit.value.entries) : err(toSourceError(audit.error, id, clock.now(), releaseId));
    },

    async auditOf({ releaseId, intent, to, time }, signal) {
      const audit = await client.audit(releaseId, Math.max(0, time - AUDIT_SLACK_MS), signal);
      return audit.ok
        ? ok(audit.value.entries.filter((entry) => isOurs(actor, { intent, to }, entry)))
        : err(toSourceError(audit.error, id, clock.now(), releaseId));
    },

    plan: (release, intent, signal) =>
      Promise.resolve(
        signal.aborted
          ? refuse('aborted', 'source.refusal.aborted', {})
          : release.sourceId !== id
            ? refuse('invalid', 'source.refusal.foreignPlan', {})
            : planFor(release, intent, { sourceUrl: url, actor, newId: randomUUID }),
      ),

    withReason: planWithReason,

    reaches: (address) => isUnder(address, baseOf(url), options.movesPort ?? false),

    apply: (plan, signal: AbortSignalLike) =>
      plan.sourceId === id
        ? applyPlan(
            { client, clock, actor, sourceName: name, toRelease: (wire) => toRelease(wire, id, baseOf(url), lastRole) },
            plan,
            signal,
          )
        : Promise.resolve(refuse('invalid', 'source.refusal.foreignPlan', {})),

    async assignment(releaseId, userId, signal) {
      const [release, assigned] = await Promise.all([client.release(releaseId, signal), client.assignment(releaseId, userId, signal)]);
      if (!release.ok) return err(toUnanswered(release.error, { release: releaseId, source: name }));
      if (!assigned.ok) return err(toUnanswered(assigned.error, { release: releaseId, source: name }));
      return ok({ userId, variant: assigned.value.variant, because: assignmentReason(release.value, assigned.value) });
    },
  };
};
