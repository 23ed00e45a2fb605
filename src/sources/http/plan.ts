import { err, ok, type Result } from '../../base/result.ts';
import type { Intent, Refusal } from '../../model/intent.ts';
import { message, type Message } from '../../model/message.ts';
import { exactRatio, quantity } from '../../model/quantity.ts';
import type { Release } from '../../model/release.ts';
import type { SourceMessageKey } from '../messages.ts';
import type { Plan } from '../source.ts';
import { actorHeader, baseOf, releasePath } from './client.ts';
import { factsOf } from './facts.ts';
import { onwardAfter, onwardFrom } from './onward.ts';
import { refuse } from './refusals.ts';

/** A rise by more than this asks in a dialog. */
const LARGE_RISE = 0.25;

/** What the intent does to this release: the exact request, where the ratio goes, and what it means. */
interface Effect {
  readonly path: string;
  readonly method: 'PATCH' | 'POST';
  readonly body: Readonly<Record<string, unknown>>;
  readonly to: number | null;
  readonly consequences: readonly Message<SourceMessageKey>[];
  readonly irreversible: readonly Message<SourceMessageKey>[];
  readonly dangerous: boolean;
  readonly inverse: Intent | null;
}

const say = (key: SourceMessageKey, args: Message['args'] = {}): Message<SourceMessageKey> => message(key, args);

/** Plans from what the person sees; nothing is read and nothing is sent. */
export const planFor = (
  release: Release,
  intent: Intent,
  { sourceUrl, actor, newId }: { readonly sourceUrl: string; readonly actor: string | null; readonly newId: () => string },
): Result<Plan, Refusal> => {
  const ability = release.abilities[intent.kind];
  if (!ability.can)
    return err({ kind: 'unsupported', message: ability.why, detail: intent.kind, expected: null, current: factsOf(release, intent) });
  const effect = effectOf(release, intent);
  if (!effect.ok) return effect;
  const { method, path, body, to, ...meaning } = effect.value;
  const from = release.ratio.desired;
  const goesOnTo = goesOnToAfter(release, intent);
  const url = `${baseOf(sourceUrl)}${releasePath(release.id)}${path}`;
  return ok({
    id: newId(),
    sourceId: release.sourceId,
    releaseId: release.id,
    intent,
    target: release.name,
    revision: release.revision,
    request: {
      method,
      url,
      headers: { 'if-match': `"${release.revision}"`, 'content-type': 'application/json', ...actorHeader(actor) },
      body: JSON.stringify(body),
    },
    reason: null,
    facts: factsOf(release, intent),
    from,
    to,
    goesOnTo,
    ...meaning,
    dangerous: meaning.dangerous || (goesOnTo !== null && isLargeRise(from ?? 0, goesOnTo)),
  });
};

/** The same request, with the reason in its body. */
export const planWithReason = (plan: Plan, reason: string | null): Plan => {
  const planned = JSON.parse(plan.request.body ?? '{}') as Readonly<Record<string, unknown>>;
  // What JSON does not know, it leaves out.
  const body = JSON.stringify({ ...planned, reason: reason === null || reason === '' ? undefined : reason });
  return { ...plan, reason, request: { ...plan.request, body } };
};

const effectOf = (release: Release, intent: Intent): Result<Effect, Refusal> => {
  switch (intent.kind) {
    case 'setRatio':
      return isRatio(intent.ratio)
        ? ok(ratioEffect(release, intent))
        : refuse('invalid', 'source.refusal.badRatio', { ratio: String(intent.ratio) });
    case 'jumpToStep': {
      const step = release.steps[intent.stepIndex];
      if (step === undefined)
        return refuse('invalid', 'source.refusal.noSuchStep', { step: intent.stepIndex + 1, steps: release.steps.length });
      return ok(ratioEffect(release, { ratio: step.ratio, step: intent.stepIndex }));
    }
    case 'nextStep':
    case 'promote':
      return ok(promoteEffect(release));
    case 'promoteFull':
      return ok(fullEffect(release, { full: true }));
    case 'pause':
      return ok(
        actionEffect('pause', {
          consequences: [say('source.plan.pause', { at: exactRatio(release.ratio.desired ?? 0) })],
          inverse: release.state === 'degraded' ? null : { kind: 'resume' },
        }),
      );
    case 'resume':
      return ok(
        actionEffect('resume', {
          consequences: [say('source.plan.resume', { at: exactRatio(release.ratio.desired ?? 0) }), ...goesOn(release)],
          inverse: release.state === 'degraded' ? null : { kind: 'pause' },
        }),
      );
    case 'abort':
    case 'rollback':
      return ok(
        actionEffect(intent.kind, {
          to: 0,
          consequences: [say(intent.kind === 'abort' ? 'source.plan.abort' : 'source.plan.rollback', { version: release.versions.stable })],
          irreversible: [say('source.plan.ends')],
          dangerous: true,
        }),
      );
    case 'retry':
    case 'restart':
      return refuse('unsupported', 'source.cannot.unsupported', {});
  }
};

/** A pause that ends by itself is no end: what comes after it is part of the act. */
const goesOnToAfter = (release: Release, intent: Intent): number | null => {
  // The ratio that it has already changes nothing, nor what was to come anyway.
  if (intent.kind === 'setRatio' && intent.ratio === release.ratio.desired) return null;
  const then = onwardAfter(release, intent)?.then ?? null;
  return then === 'full' ? 1 : then;
};

const isRatio = (value: number): boolean => Number.isFinite(value) && value >= 0 && value <= 1;
const isLargeRise = (from: number, to: number): boolean => to > from && (to === 1 || to - from > LARGE_RISE + 1e-9);

const ratioEffect = (
  release: Release,
  { ratio: to, paused, step }: { readonly ratio: number; readonly paused?: true; readonly step?: number },
): Effect => {
  const from = release.ratio.desired ?? 0;
  const moves = to !== from;
  // The ratio that a release in preparation has already starts nothing.
  const starts = release.phase === 'preparation' && (moves || paused === true);
  return {
    method: 'PATCH',
    path: '',
    body: { ratio: to, ...(paused === undefined ? {} : { paused }) },
    to,
    consequences: [
      ...(starts ? [say('source.plan.startsGray')] : []),
      ...movement(release, from, to),
      ...(step === undefined ? [] : stepWords(release, step)),
      ...(paused === true ? [say('source.plan.pausedThere')] : moves ? standsAt(release, to) : [say('source.plan.nothing')]),
    ],
    irreversible: starts ? [say('source.plan.noWayBackToPreparation')] : [],
    dangerous: isLargeRise(from, to),
    inverse: release.ratio.desired === null ? null : { kind: 'setRatio', ratio: from },
  };
};

/** What happens after a ratio set by hand: that ends neither a pause nor what a guardrail stopped. */
const standsAt = (release: Release, ratio: number): readonly Message<SourceMessageKey>[] => {
  if (release.state === 'paused') return [say('source.plan.staysPaused')];
  if (release.state === 'degraded') return [say('source.plan.staysDegraded')];
  return afterwards(release, ratio, null);
};

/** What the service does by itself once the release stands at a ratio; `leftMs` is what is left of a pause that was stopped. */
const afterwards = (release: Release, ratio: number, leftMs: number | null): readonly Message<SourceMessageKey>[] => {
  if (release.steps.length === 0) return [];
  const onward = onwardFrom(release, ratio, leftMs);
  if (onward === null) return [say('source.plan.stepWaits')];
  const pause = quantity(onward.pauseSeconds, 'seconds');
  return [
    onward.then === 'full'
      ? say('source.plan.goesFull', { pause, version: release.versions.canary })
      : say('source.plan.goesOn', { pause, next: exactRatio(onward.then) }),
  ];
};

const goesOn = (release: Release): readonly Message<SourceMessageKey>[] => [
  ...(release.state === 'degraded' ? [say('source.plan.endsDegraded')] : []),
  ...(release.ratio.desired === null ? [] : afterwards(release, release.ratio.desired, release.pauseLeftMs)),
];

const movement = (release: Release, from: number, to: number): readonly Message<SourceMessageKey>[] => {
  if (to === from) return [];
  const { canary, stable } = release.versions;
  const args = { from: exactRatio(from), to: exactRatio(to), version: canary };
  return to > from
    ? [say('source.plan.raise', args), say('source.plan.usersStay')]
    : [say('source.plan.lower', args), say('source.plan.usersReturn', { version: stable })];
};

const stepWords = (release: Release, index: number): readonly Message<SourceMessageKey>[] => {
  const step = release.steps[index];
  return step === undefined ? [] : [say('source.plan.step', { step: index + 1, steps: release.steps.length, to: exactRatio(step.ratio) })];
};

/** A promotion ends whatever stopped the steps. */
const endOfStop = ({ state }: Release): readonly Message<SourceMessageKey>[] =>
  state === 'paused' ? [say('source.plan.endsPause')] : state === 'degraded' ? [say('source.plan.endsDegraded')] : [];

/** The next step; after the last one the canary becomes the version for all. */
const promoteEffect = (release: Release): Effect => {
  const index = release.stepIndex + 1;
  const next = release.steps[index];
  if (next === undefined) return fullEffect(release, {});
  const from = release.ratio.desired ?? 0;
  const starts = release.phase === 'preparation';
  return {
    ...ratioEffect(release, { ratio: next.ratio }),
    method: 'POST',
    path: '/actions/promote',
    body: {},
    consequences: [
      ...(starts ? [say('source.plan.startsGray')] : []),
      ...movement(release, from, next.ratio),
      ...stepWords(release, index),
      ...endOfStop(release),
      ...afterwards(release, next.ratio, null),
    ],
    inverse: beforePromotion(release),
  };
};

/** Back to the ratio before it, and to the pause; that a guardrail had stopped it cannot be asked for. */
const beforePromotion = ({ ratio, state }: Release): Intent | null => {
  if (ratio.desired === null || state === 'degraded') return null;
  return { kind: 'setRatio', ratio: ratio.desired, ...(state === 'paused' ? { paused: true } : {}) };
};

const fullEffect = (release: Release, body: Readonly<Record<string, unknown>>): Effect =>
  actionEffect('promote', {
    body,
    to: 1,
    consequences: [say('source.plan.full', { version: release.versions.canary }), ...endOfStop(release)],
    irreversible: [say('source.plan.fullOnlyRollback')],
    dangerous: true,
  });

const actionEffect = (action: string, parts: Partial<Effect>): Effect => ({
  method: 'POST',
  path: `/actions/${action}`,
  body: {},
  to: null,
  consequences: [],
  irreversible: [],
  dangerous: false,
  inverse: null,
  ...parts,
});
