import { formatQuantity } from '../model/format.ts';
import type { Preview } from '../actions/preview.ts';
import type { Facts, Intent, Refusal } from '../model/intent.ts';
import { exactRatio } from '../model/quantity.ts';
import { PHASES, RELEASE_STATES, type RatioUnit } from '../model/release.ts';
import type { Localizer } from '../platform/localizer.ts';
import { translate } from '../platform/translate.ts';
import { ageText, exactRatioText, phaseWord, stateWord } from '../views/words.ts';

export interface PreviewText {
  readonly question: string;
  /** What the confirming button says. */
  readonly button: string;
  /** Warnings first, then what changes, what cannot be undone, and the exact request. */
  readonly detail: string;
}

const questionOf = (intent: Intent, name: string, l10n: Localizer): readonly [question: string, button: string] => {
  switch (intent.kind) {
    case 'setRatio': {
      const ratio = formatQuantity(exactRatio(intent.ratio), l10n.locale);
      return [l10n.t('Set the ratio of {name} to {ratio}?', { name, ratio }), l10n.t('Set to {ratio}', { ratio })];
    }
    case 'nextStep':
      return [l10n.t('Go to the next step of {name}?', { name }), l10n.t('Next Step')];
    case 'jumpToStep':
      return [l10n.t('Go to step {step} of {name}?', { step: intent.stepIndex + 1, name }), l10n.t('Go to Step')];
    case 'promote':
      return [l10n.t('Promote {name}?', { name }), l10n.t('Promote')];
    case 'promoteFull':
      return [l10n.t('Promote {name} to full, for everyone?', { name }), l10n.t('Promote to Full')];
    case 'pause':
      return [l10n.t('Pause {name}?', { name }), l10n.t('Pause')];
    case 'resume':
      return [l10n.t('Resume {name}?', { name }), l10n.t('Resume')];
    case 'abort':
      return [l10n.t('Abort {name}?', { name }), l10n.t('Abort')];
    case 'retry':
      return [l10n.t('Retry {name}?', { name }), l10n.t('Retry')];
    case 'rollback':
      return [l10n.t('Roll back {name}?', { name }), l10n.t('Roll Back')];
    case 'restart':
      return [l10n.t('Restart {name}?', { name }), l10n.t('Restart')];
  }
};

/** What moves with the ratio; null where it stays. */
const movedLine = ({ plan, moved: { users, requests } }: Preview, l10n: Localizer): string | null => {
  if (plan.to === null || plan.to === plan.from) return null;
  if (!users && !requests) return l10n.t('How many users or requests that moves is not known yet.');
  const parts: string[] = [];
  const said = (value: number, seconds: number) => ({
    count: formatQuantity({ value: Math.abs(value), unit: 'count' }, l10n.locale),
    window: ageText(seconds * 1000, l10n),
  });
  if (users) {
    const args = said(users.count, users.seconds);
    if (users.count >= 0)
      parts.push(
        users.atMost
          ? l10n.t('at most {count} of the users seen in the last {window} to the canary', args)
          : l10n.t('about {count} of the users seen in the last {window} to the canary', args),
      );
    else
      parts.push(
        users.atMost
          ? l10n.t('at most {count} of the users seen in the last {window} back to stable', args)
          : l10n.t('about {count} of the users seen in the last {window} back to stable', args),
      );
  }
  if (requests) {
    const args = said(requests.perMinute, requests.seconds);
    parts.push(
      requests.perMinute >= 0
        ? l10n.t('{count} requests a minute to the canary, at the traffic of the last {window}', args)
        : l10n.t('{count} requests a minute back to stable, at the traffic of the last {window}', args),
    );
  }
  return l10n.t('Moves {what}.', { what: parts.join(l10n.t('; ')) });
};

/** The request as it will be sent, a secret never in it. */
const requestText = ({ request }: Preview['plan']): string =>
  [
    `${request.method} ${request.url}`,
    ...Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`),
    ...(request.body === null ? [] : [request.body]),
  ].join('\n');

export const previewText = (preview: Preview, unit: RatioUnit, l10n: Localizer): PreviewText => {
  const { plan } = preview;
  const name = preview.releaseName;
  const [question, button] =
    preview.undoOf === null ? questionOf(plan.intent, name, l10n) : [l10n.t('Undo your last change of {name}?', { name }), l10n.t('Undo')];
  const say = (message: Parameters<typeof translate>[0]): string => translate(message, l10n);
  const blocks: (string | null)[] = [
    preview.warnings.length > 0 ? preview.warnings.map((warning) => l10n.t('Warning: {text}', { text: say(warning) })).join('\n') : null,
    plan.from !== null && plan.to !== null && plan.from !== plan.to
      ? l10n.t('Ratio: {from} → {to}', {
          from: formatQuantity(exactRatio(plan.from), l10n.locale),
          to: exactRatioText(plan.to, unit, l10n),
        })
      : null,
    movedLine(preview, l10n),
    plan.consequences.length > 0 ? plan.consequences.map(say).join('\n') : null,
    plan.irreversible.length > 0
      ? plan.irreversible.map((text) => l10n.t('Cannot be undone: {text}', { text: say(text) })).join('\n')
      : null,
    l10n.t('To {source}, revision {revision}:', { source: preview.sourceName, revision: plan.revision }) + `\n${requestText(plan)}`,
  ];
  return { question, button, detail: blocks.filter((block) => block !== null).join('\n\n') };
};

const factName = (key: string, l10n: Localizer): string => {
  switch (key) {
    case 'ratio':
      return l10n.t('ratio');
    case 'nextRatio':
      return l10n.t('next ratio');
    case 'phase':
      return l10n.t('phase');
    case 'state':
      return l10n.t('state');
    case 'stepIndex':
      return l10n.t('step');
    case 'stepRatio':
      return l10n.t('ratio of the step');
    case 'pauseSeconds':
      return l10n.t('pause before it goes on by itself');
    case 'thenRatio':
      return l10n.t('ratio it then goes on to');
    default:
      return key;
  }
};

const factValue = (key: string, value: Facts[string], l10n: Localizer): string => {
  if (value === null) return '–';
  if (typeof value === 'number') {
    if (key === 'stepIndex') return String(value + 1);
    if (/ratio/i.test(key)) return formatQuantity(exactRatio(value), l10n.locale);
    return formatQuantity({ value, unit: /seconds/i.test(key) ? 'seconds' : 'count' }, l10n.locale);
  }
  const phase = PHASES.find((other) => other === value);
  // A release that goes on beyond its last step goes to the phase "full".
  if ((key === 'phase' || key === 'thenRatio') && phase) return phaseWord(phase, l10n);
  const state = RELEASE_STATES.find((other) => other === value);
  return key === 'state' && state ? stateWord(state, l10n) : String(value);
};

/** Why nothing was done, and what holds now: "ratio was 10% and is now 20%". */
export const refusalText = (refusal: Refusal, l10n: Localizer): string => {
  const { expected, current } = refusal;
  const moved =
    current === null
      ? []
      : Object.entries(current).flatMap(([key, now]) => {
          const before = expected?.[key];
          if (before === undefined || before === now) return [];
          return [
            l10n.t('{fact} was {before} and is now {now}', {
              fact: factName(key, l10n),
              before: factValue(key, before, l10n),
              now: factValue(key, now, l10n),
            }),
          ];
        });
  const ratio = current?.['ratio'];
  const state =
    moved.length > 0
      ? l10n.t('{changes}.', { changes: moved.join(l10n.t(', ')) })
      : typeof ratio === 'number'
        ? l10n.t('The ratio is {ratio}.', { ratio: factValue('ratio', ratio, l10n) })
        : null;
  const why = translate(refusal.message, l10n);
  return state === null ? why : l10n.t('{why} {state}', { why, state });
};
