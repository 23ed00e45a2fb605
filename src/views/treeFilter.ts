import type { ReleaseState, State } from '../store/state.ts';
import { needOf, sourceOf } from '../store/select.ts';
import type { Localizer } from '../platform/localizer.ts';
import { phaseWords, verdictWord } from './words.ts';

/** What a filter finds a release by: its names and the words that stand beside it, in English and in the user's language. */
const haystack = (release: ReleaseState, state: State, l10n: Localizer): string => {
  const { name, id, service, versions, phase, state: status, owner, sourceId } = release.release;
  const verdict = release.assessment?.verdict ?? 'noData';
  return [
    name,
    id,
    service,
    versions.stable,
    versions.canary,
    sourceOf(state, sourceId)?.name ?? '',
    needOf(release) ?? '',
    ...(owner.kind === 'logs' ? ['observed'] : [phase, status]),
    verdict,
    ...phaseWords(release.release, l10n),
    verdictWord(verdict, l10n),
  ]
    .join('\n')
    .toLowerCase();
};

/** Every word of the filter must be found. An empty filter lets all through. */
export const matchesFilter = (release: ReleaseState, filter: string, state: State, l10n: Localizer): boolean => {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const text = haystack(release, state, l10n);
  return words.every((word) => text.includes(word));
};

export const countMatching = (state: State, filter: string, l10n: Localizer): number =>
  filter.trim() === ''
    ? state.releases.size
    : [...state.releases.values()].filter((release) => matchesFilter(release, filter, state, l10n)).length;
