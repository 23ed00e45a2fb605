import { isPast } from '../model/assessment.ts';
import { formatMoment } from '../model/format.ts';
import type { Message } from '../model/message.ts';
import type { ReleaseState, SourceState } from '../store/state.ts';
import { translate } from '../platform/translate.ts';
import type { Localizer } from '../platform/localizer.ts';
import type { Part } from './treeNode.ts';
import { ageText } from './words.ts';

/**
 * Whether what is shown of a release is true now. `unanswered`: its source does not answer, all of it is old. `unmeasured`: only evidence and verdict
 * are, of `at`. `past`: a log that ended long ago; what is shown was true then, and is not wrong. Times in epoch milliseconds, null when never.
 */
export type Standing =
  | { readonly kind: 'live' }
  | { readonly kind: 'unanswered'; readonly lastAt: number | null }
  | { readonly kind: 'unmeasured'; readonly at: number | null; readonly since: number; readonly why: Message }
  | { readonly kind: 'past'; readonly until: number };

export const standingOf = ({ assessment, measureError }: ReleaseState, source: SourceState | undefined): Standing => {
  if (source?.status === 'stale' || source?.status === 'failed') return { kind: 'unanswered', lastAt: source.lastSuccessAt };
  if (measureError) return { kind: 'unmeasured', at: assessment?.at ?? null, since: measureError.since, why: measureError.message };
  if (assessment && isPast(assessment)) return { kind: 'past', until: assessment.to };
  return { kind: 'live' };
};

/** Greyed, and without any sign that all is well. */
export const isOld = ({ kind }: Standing): boolean => kind === 'unanswered' || kind === 'unmeasured';

interface Context {
  readonly l10n: Localizer;
  readonly now: number;
}

/** "no data for 40 s", "verdict of 14:32", "data until Nov 3, 14:32"; null while what is shown is true now. */
export const standingPart = (standing: Standing, { l10n, now }: Context): Part | null => {
  switch (standing.kind) {
    case 'live':
      return null;
    case 'unanswered':
      return {
        text: standing.lastAt === null ? l10n.t('no data') : l10n.t('no data for {age}', { age: ageText(now - standing.lastAt, l10n) }),
      };
    case 'unmeasured':
      return {
        text:
          standing.at === null
            ? l10n.t('not measured')
            : l10n.t('verdict of {time}', { time: formatMoment(standing.at, now, l10n.locale) }),
      };
    case 'past':
      return { text: l10n.t('data until {time}', { time: formatMoment(standing.until, now, l10n.locale) }) };
  }
};

/** The same as a sentence with its reason; null where the line about the source says it, or nothing has to be said. */
export const standingSentence = (standing: Standing, { l10n, now }: Context): string | null => {
  const time = (ms: number): string => formatMoment(ms, now, l10n.locale);
  switch (standing.kind) {
    case 'live':
    case 'unanswered':
      return null;
    case 'unmeasured': {
      const args = { since: time(standing.since), why: translate(standing.why, l10n) };
      return standing.at === null
        ? l10n.t('No verdict; it could not be measured since {since}: {why}', args)
        : l10n.t('Verdict of {at}; it could not be measured since {since}: {why}', { at: time(standing.at), ...args });
    }
    case 'past':
      return l10n.t('The data ends at {at}; this is how it was then.', { at: time(standing.until) });
  }
};
