import { formatQuantity } from '../model/format.ts';
import { movedBy } from '../actions/moved.ts';
import type { ReleaseState } from '../store/state.ts';
import type { Localizer } from '../platform/localizer.ts';
import { ageText, exactRatioText } from '../views/words.ts';

export type RatioInput =
  { readonly kind: 'ratio'; readonly ratio: number } | { readonly kind: 'empty' | 'notANumber' | 'outOfRange' | 'tooSmall' };

/** Per cent as typed: "25", "25 %", "2,5". The value is a share, 0..1, to a thousandth of a per cent. */
export const parseRatio = (text: string): RatioInput => {
  const trimmed = text.trim().replace(/\s*[%％]$/, '');
  if (trimmed === '') return { kind: 'empty' };
  if (!/^\d+([.,]\d+)?$/.test(trimmed)) return { kind: /^-\s*\d/.test(trimmed) ? 'outOfRange' : 'notANumber' };
  const percent = Number(trimmed.replace(',', '.'));
  if (percent > 100) return { kind: 'outOfRange' };
  const ratio = Math.round(percent * 1000) / 100_000;
  // Nobody who types more than nothing means nobody.
  return ratio === 0 && percent > 0 ? { kind: 'tooSmall' } : { kind: 'ratio', ratio };
};

/** The ratios worth offering: the release's own steps, then round ones, then back to 0; the present one is left out. */
export const suggestedRatios = (state: ReleaseState): readonly { readonly ratio: number; readonly step: number | null }[] => {
  const now = state.release.ratio.desired;
  const steps = state.release.steps.map((step, index) => ({ ratio: step.ratio, step: index + 1 }));
  const round = [0.05, 0.1, 0.2, 0.25, 0.5, 1].map((ratio) => ({ ratio, step: null }));
  const seen = new Set<number>(now === null ? [] : [now]);
  const take = <T extends { readonly ratio: number }>(items: readonly T[]): T[] =>
    items.filter(({ ratio }) => !seen.has(ratio) && (seen.add(ratio), true));
  const offered = [...take(steps), ...take(round)].sort((a, b) => a.ratio - b.ratio);
  return seen.has(0) ? offered : [...offered, { ratio: 0, step: null }];
};

/** "25% of users: about 1,530 more users (last 1 h), 61/s more on v42 (last 10 min)" */
export const movedText = (state: ReleaseState, ratio: number, l10n: Localizer): string => {
  const { release } = state;
  const moved = movedBy(state, release.ratio.desired, ratio);
  const version = release.versions.canary;
  const parts: string[] = [];
  if (moved.users !== null && moved.users.count !== 0) {
    const { count, atMost, seconds } = moved.users;
    const args = {
      count: formatQuantity({ value: Math.abs(count), unit: 'count' }, l10n.locale),
      window: ageText(seconds * 1000, l10n),
    };
    if (count > 0)
      parts.push(
        atMost ? l10n.t('at most {count} more users (last {window})', args) : l10n.t('about {count} more users (last {window})', args),
      );
    else
      parts.push(
        atMost ? l10n.t('at most {count} fewer users (last {window})', args) : l10n.t('about {count} fewer users (last {window})', args),
      );
  }
  if (moved.requests !== null && moved.requests.perMinute !== 0) {
    const { perMinute, seconds } = moved.requests;
    const rate = formatQuantity({ value: Math.abs(perMinute) / 60, unit: 'perSecond' }, l10n.locale);
    const args = { rate, version, window: ageText(seconds * 1000, l10n) };
    parts.push(
      perMinute > 0 ? l10n.t('{rate} more on {version} (last {window})', args) : l10n.t('{rate} fewer on {version} (last {window})', args),
    );
  }
  const share =
    release.ratio.unit === 'users'
      ? l10n.t('{ratio} of users', { ratio: exactRatioText(ratio, 'users', l10n) })
      : exactRatioText(ratio, release.ratio.unit, l10n);
  return parts.length === 0 ? share : l10n.t('{share}: {moves}', { share, moves: parts.join(l10n.t(', ')) });
};
