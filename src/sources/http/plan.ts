import { err, ok, type Result } from '../../base/result.ts';
import type { Facts, Intent, Refusal } from '../../model/intent.ts';
import { message, type Message } from '../../model/message.ts';
import { quantity } from '../../model/quantity.ts';
import type { Release } from '../../model/release.ts';
import type { SourceMessageKey } from '../messages.ts';
import type { Plan } from '../source.ts';
import { baseOf, releasePath } from './client.ts';
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

/**
 * What a plan rests on. The revision is not among them: it is the precondition of the request, and when it alone moved the same
 * request still means the same. Taking everything back means the same at any ratio, and must not fail because a step came first.
 */
export const factsOf = (release: Pick<Release, 'ratio' | 'phase' | 'state' | 'stepIndex' | 'steps'>, intent: Intent): Facts =>
  intent.kind === 'abort' || intent.kind === 'rollback'
    ? { phase: release.phase }
    : {
        ratio: release.ratio.desired,
        phase: release.phase,
        state: release.state,
        stepIndex: release.stepIndex,
        nextRatio: release.steps[release.stepIndex + 1]?.ratio ?? null,
      };

/** Plans from what the person sees; nothing is read and nothing is sent. */
export const planFor = (release: Release, intent: Intent, sourceUrl: string, newId: () => string): Result<Plan, Refusal> => {
  const ability = release.abilities[intent.kind];
  if (!ability.can)
    return err({ kind: 'unsupported', message: ability.why, detail: intent.kind, expected: null, current: factsOf(release, intent) });
  const effect = effectOf(release, intent);
  if (!effect.ok) return effect;
  const { method, path, body, to, ...meaning } = effect.value;
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
      headers: { 'if-match': `"${release.revision}"`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    },
    facts: factsOf(release, intent),
    from: release.ratio.desired,
    to,
    ...meaning,
  });
};

const effectOf = (release: Release, intent: Intent): Result<Effect, Refusal> => {
  switch (intent.kind) {
    case 'setRatio':
      return isRatio(intent.ratio)
        ? ok(ratioEffect(release, intent.ratio))
        : refuse('invalid', 'source.refusal.badRatio', { ratio: String(intent.ratio) });
    case 'jumpToStep': {
      const step = release.steps[intent.stepIndex];
      if (step === undefined)
        return refuse('invalid', 'source.refusal.noSuchStep', { step: intent.stepIndex + 1, steps: release.steps.length });
      const effect = ratioEffect(release, step.ratio);
      return ok({ ...effect, consequences: [...effect.consequences, ...stepWords(release, intent.stepIndex)] });
    }
    case 'nextStep':
    case 'promote':
      return ok(promoteEffect(release));
    case 'promoteFull':
      return ok(fullEffect(release, { full: true }));
    case 'pause':
      return ok(
        actionEffect('pause', {
          consequences: [say('source.plan.pause', { at: quantity(release.ratio.desired ?? 0, 'ratio') })],
          inverse: release.state === 'degraded' ? null : { kind: 'resume' },
        }),
      );
    case 'resume':
      return ok(
        actionEffect('resume', {
          consequences: [say('source.plan.resume')],
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

const isRatio = (value: number): boolean => Number.isFinite(value) && value >= 0 && value <= 1;
const isLargeRise = (from: number, to: number): boolean => to > from && (to === 1 || to - from > LARGE_RISE + 1e-9);

const ratioEffect = (release: Release, to: number): Effect => {
  const from = release.ratio.desired ?? 0;
  const starts = release.phase === 'preparation';
  return {
    method: 'PATCH',
    path: '',
    body: { ratio: to },
    to,
    consequences: [...(starts ? [say('source.plan.startsGray')] : []), ...movement(release, from, to)],
    irreversible: starts ? [say('source.plan.noWayBackToPreparation')] : [],
    dangerous: isLargeRise(from, to),
    inverse: release.ratio.desired === null ? null : { kind: 'setRatio', ratio: from },
  };
};

const movement = (release: Release, from: number, to: number): readonly Message<SourceMessageKey>[] => {
  if (to === from) return [];
  const { canary, stable } = release.versions;
  const args = { from: quantity(from, 'ratio'), to: quantity(to, 'ratio'), version: canary };
  return to > from
    ? [say('source.plan.raise', args), say('source.plan.usersStay')]
    : [say('source.plan.lower', args), say('source.plan.usersReturn', { version: stable })];
};

const stepWords = (release: Release, index: number): readonly Message<SourceMessageKey>[] => {
  const step = release.steps[index];
  if (step === undefined) return [];
  const where = say('source.plan.step', { step: index + 1, steps: release.steps.length, to: quantity(step.ratio, 'ratio') });
  const then =
    step.pauseSeconds === null
      ? say('source.plan.stepWaits')
      : say('source.plan.stepPauses', { pause: quantity(step.pauseSeconds, 'seconds') });
  return [where, then];
};

/** The next step; after the last one the canary becomes the version for all. */
const promoteEffect = (release: Release): Effect => {
  const next = release.steps[release.stepIndex + 1];
  if (next === undefined) return fullEffect(release, {});
  const effect = ratioEffect(release, next.ratio);
  return {
    ...effect,
    method: 'POST',
    path: '/actions/promote',
    body: {},
    consequences: [...effect.consequences, ...stepWords(release, release.stepIndex + 1)],
  };
};

const fullEffect = (release: Release, body: Readonly<Record<string, unknown>>): Effect =>
  actionEffect('promote', {
    body,
    to: 1,
    consequences: [say('source.plan.full', { version: release.versions.canary })],
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
