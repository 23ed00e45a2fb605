import type { AbortSignalLike } from '../base/abort.ts';
import type { Clock } from '../base/clock.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Intent, Refusal, RefusalKind } from '../model/intent.ts';
import type { JournalAct, JournalEntry, JournalOutcome } from '../model/journal.ts';
import { message } from '../model/message.ts';
import { releaseKey, splitReleaseKey, type Release, type ReleaseKey } from '../model/release.ts';
import type { Plan, Receipt } from '../sources/source.ts';
import type { ActionMessageKey } from './messages.ts';
import { revisionMadeBy, unclearActs } from './laterOutcome.ts';
import { movedBy } from './moved.ts';
import type { ActionsWorld, JournalPort } from './ports.ts';
import { warningsFor, type Preview } from './preview.ts';

/** How long an effect may take to show in a snapshot before the act is reported as without effect. */
export const EFFECT_TIMEOUT_MS = 15_000;

/** What two clocks may differ by unnoticed. */
const CLOCK_SLACK_MS = 5_000;

export interface UndoOffer {
  readonly entry: JournalEntry;
  readonly intent: Intent;
}

export interface Applied {
  readonly receipt: Receipt;
  /** True once a snapshot showed the effect; false when none did in time. It never rejects. */
  readonly effect: Promise<boolean>;
}

const refuse = (kind: RefusalKind, key: ActionMessageKey, detail = ''): { readonly ok: false; readonly error: Refusal } =>
  err({ kind, message: message(key, detail ? { detail } : {}), detail, expected: null, current: null });

/** The last revision an entry left behind; null while its outcome is not known to have been taken. */
const revisionAfter = (entry: JournalEntry): string | null =>
  entry.outcomes.findLast((outcome) => outcome.result === 'done' && outcome.revision !== null)?.revision ?? null;

/** The last act of each release that was taken, undoes nothing and has not been undone. */
const lastUndoable = (entries: readonly JournalEntry[]): ReadonlyMap<ReleaseKey, JournalEntry> => {
  const taken = entries.filter((entry) => revisionAfter(entry) !== null);
  const undone = new Set(taken.map(({ act }) => act.undoOf));
  return new Map(taken.filter(({ act }) => act.undoOf === null && !undone.has(act.id)).map((entry) => [entry.act.release, entry]));
};

/**
 * The release shows what was sent: the revision that it made, the ratio that was asked for, or a state from after it. Between two
 * snapshots the release may have moved on already, by its own steps or by others.
 */
const shows = (release: Release, plan: Plan, receipt: Receipt): boolean => {
  if (release.revision === receipt.revision) return true;
  if (release.revision === plan.revision) return false;
  const taken = receipt.release.updatedAt;
  return (plan.to !== null && release.ratio.desired === plan.to) || (taken !== null && (release.updatedAt ?? 0) >= taken);
};

/**
 * Every write goes through here: plan (nothing sent) → a person confirms → journal the act → send with the revision as
 * precondition → journal how it ended → follow it until a snapshot shows the effect. What cannot be journaled is not sent.
 */
export class RolloutActions {
  private readonly world: ActionsWorld;
  private readonly journal: JournalPort;
  private readonly clock: Clock;

  constructor(world: ActionsWorld, journal: JournalPort, clock: Clock) {
    this.world = world;
    this.journal = journal;
    this.clock = clock;
  }

  async plan(key: ReleaseKey, intent: Intent, signal: AbortSignalLike): Promise<Result<Preview, Refusal>> {
    return this.preview(key, intent, null, signal);
  }

  private async preview(
    key: ReleaseKey,
    intent: Intent,
    undoOf: string | null,
    signal: AbortSignalLike,
  ): Promise<Result<Preview, Refusal>> {
    const context = this.world.context(key);
    if (!context) return refuse('gone', 'action.refused.goneRelease');
    const source = this.world.source(context.release.sourceId);
    if (!source) return refuse('gone', 'action.refused.unknownSource');
    // An undo sends a plain intent, so what can be done is decided by that intent.
    const ability = context.release.abilities[intent.kind];
    if (!ability.can) return err({ kind: 'unsupported', message: ability.why, detail: '', expected: null, current: null });
    const plan = await source.plan(context.release, intent, signal);
    if (!plan.ok) return plan;
    return ok({
      plan: plan.value,
      releaseName: context.release.name,
      sourceName: source.name,
      moved: movedBy(context, plan.value.from, plan.value.to),
      warnings: warningsFor(plan.value, context, this.clock.now()),
      undoOf,
    });
  }

  /** The same preview with a reason: shown again before it is sent, since the reason is part of the request. */
  withReason(preview: Preview, reason: string | null): Preview {
    const source = this.world.source(preview.plan.sourceId);
    return source ? { ...preview, plan: source.withReason(preview.plan, reason) } : preview;
  }

  /** Sends what the preview holds, as it is. */
  async apply(preview: Preview, signal: AbortSignalLike): Promise<Result<Applied, Refusal>> {
    const { plan } = preview;
    const key = releaseKey(plan.sourceId, plan.releaseId);
    const source = this.world.source(plan.sourceId);
    if (!source) return refuse('gone', 'action.refused.unknownSource');
    if (signal.aborted) return refuse('aborted', 'action.refused.aborted');
    const act = this.actOf(preview, key);
    const written = await this.journal.append(act);
    if (!written.ok) return refuse('aborted', 'action.refused.journal', written.error);
    if (plan.to !== null) this.world.requested(key, plan.from, plan.to);
    const result = await source.apply(plan, signal);
    if (!result.ok) {
      this.world.settled(key);
      await this.record(act.id, {
        result: result.error.kind === 'unknownOutcome' ? 'unknown' : 'refused',
        refusal: result.error.kind,
        detail: result.error.detail,
      });
      source.refresh();
      return result;
    }
    await this.record(act.id, { result: 'done', revision: result.value.revision });
    source.refresh();
    return ok({ receipt: result.value, effect: this.follow(act.id, key, plan, result.value, signal) });
  }

  /** The last own act on a release, if it can still be undone; else why not. It survives a reload: it is read from the journal. */
  async undoOffer(key: ReleaseKey): Promise<Result<UndoOffer, Refusal>> {
    const entries = await this.journal.read();
    if (!entries.ok) return refuse('aborted', 'action.refused.journal', entries.error);
    return this.offerOf(key, lastUndoable(this.here(entries.value)).get(key));
  }

  /** Those of the releases whose last own act can be undone, by one reading of the journal; the error says why it cannot be read. */
  async undoableOf(keys: Iterable<ReleaseKey>, signal: AbortSignalLike): Promise<Result<ReadonlySet<ReleaseKey>, string>> {
    const read = await this.journal.read();
    if (!read.ok) return read;
    const entries = (await this.clarify(this.here(read.value), signal)) ? await this.journal.read() : read;
    if (!entries.ok) return entries;
    const last = lastUndoable(this.here(entries.value));
    return ok(new Set([...keys].filter((key) => this.offerOf(key, last.get(key)).ok)));
  }

  /**
   * An act whose answer was lost shows itself later: what the service's audit says of it is written to the journal as its end, and then it can be undone
   * like any other. Answers whether anything was written. Where the audit cannot be read or says nothing, its end stays unknown.
   */
  private async clarify(entries: readonly JournalEntry[], signal: AbortSignalLike): Promise<boolean> {
    let written = false;
    for (const act of unclearActs(entries, this.clock.now())) {
      const ids = splitReleaseKey(act.release);
      const now = this.world.context(act.release)?.release.revision;
      if (!ids || now === undefined || now === act.revision) continue;
      const { intent, to, time } = act;
      const audited = await this.world.source(ids.sourceId)?.auditOf?.({ releaseId: ids.releaseId, intent, to, time }, signal);
      const revision = audited?.ok ? revisionMadeBy(act, entries, audited.value) : null;
      if (revision === null) continue;
      await this.record(act.id, { result: 'done', revision });
      written = true;
    }
    return written;
  }

  /** The acts on what the sources read now: the journal is shared by all workspaces, and another one may give the same id to another service. */
  private here(entries: readonly JournalEntry[]): readonly JournalEntry[] {
    return entries.filter(({ act }) => {
      const source = this.world.source(splitReleaseKey(act.release)?.sourceId ?? '');
      return source?.reaches(act.request.url) ?? false;
    });
  }

  private offerOf(key: ReleaseKey, last: JournalEntry | undefined): Result<UndoOffer, Refusal> {
    if (!last) return refuse('unsupported', 'action.refused.nothingToUndo');
    if (!last.act.inverse) return refuse('unsupported', 'action.refused.undoIrreversible');
    const now = this.world.context(key)?.release;
    if (!now) return refuse('gone', 'action.refused.goneRelease');
    // An act is older than the release: it was done to another one of that name.
    if (now.createdAt !== null && now.createdAt > last.act.time + CLOCK_SLACK_MS)
      return refuse('unsupported', 'action.refused.nothingToUndo');
    if (now.revision !== revisionAfter(last))
      return refuse('conflict', 'action.refused.undoMoved', `${String(revisionAfter(last))} -> ${now.revision}`);
    return ok({ entry: last, intent: last.act.inverse });
  }

  async planUndo(key: ReleaseKey, signal: AbortSignalLike): Promise<Result<Preview, Refusal>> {
    const offer = await this.undoOffer(key);
    return offer.ok ? this.preview(key, offer.value.intent, offer.value.entry.act.id, signal) : offer;
  }

  private actOf(preview: Preview, key: ReleaseKey): JournalAct {
    const { plan } = preview;
    return {
      type: 'act',
      id: this.world.newId(),
      time: this.clock.now(),
      who: this.world.who(),
      release: key,
      releaseName: preview.releaseName,
      sourceName: preview.sourceName,
      intent: plan.intent,
      from: plan.from,
      to: plan.to,
      reason: plan.reason,
      undoOf: preview.undoOf,
      revision: plan.revision,
      request: { method: plan.request.method, url: plan.request.url, body: plan.request.body },
      inverse: plan.inverse,
    };
  }

  /** An outcome that cannot be written is told in the output channel; the act's own line stands, and says that its end is not known. */
  private async record(of: string, outcome: Pick<JournalOutcome, 'result'> & Partial<JournalOutcome>): Promise<void> {
    const written = await this.journal.append({
      type: 'outcome',
      of,
      time: this.clock.now(),
      revision: null,
      refusal: null,
      detail: '',
      ...outcome,
    });
    if (!written.ok)
      this.world.problem(`The outcome "${outcome.result}" of the act ${of} could not be written to the journal: ${written.error}`);
  }

  private async follow(act: string, key: ReleaseKey, plan: Plan, receipt: Receipt, signal: AbortSignalLike): Promise<boolean> {
    const shown = await this.world.seen(key, ({ release }) => shows(release, plan, receipt), EFFECT_TIMEOUT_MS, signal);
    if (!shown) this.world.settled(key);
    await this.record(act, { result: shown ? 'seen' : 'unseen', revision: receipt.revision });
    return shown;
  }
}
