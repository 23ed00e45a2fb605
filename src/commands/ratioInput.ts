import { formatQuantity } from '../model/format.ts';
import { movedBy } from '../actions/preview.ts';
import type { ReleaseState } from '../store/state.ts';
import type { Localizer } from '../platform/localizer.ts';
import { ratioText } from '../views/words.ts';

export type RatioInput = { readonly kind: 'ratio'; readonly ratio: number } | { readonly kind: 'empty' | 'notANumber' | 'outOfRange' };

/** Per cent as typed: "25", "25 %", "2,5". The value is a share, 0..1, to a thousandth of a per cent. */
export const parseRatio = (text: string): RatioInput => {
  const trimmed = text.trim().replace(/\s*[%％]$/, '');
  if (trimmed === '') return { kind: 'empty' };
  if (!/^\d+([.,]\d+)?$/.test(trimmed)) return { kind: /^-\s*\d/.test(trimmed) ? 'outOfRange' : 'notANumber' };
  const percent = Number(trimmed.replace(',', '.'));
  return percent > 100 ? { kind: 'outOfRange' } : { kind: 'ratio', ratio: Math.round(percent * 1000) / 100_000 };
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

/** "25% of users: about 1,530 more users, 61/s more on v42" */
export const movedText = (state: ReleaseState, ratio: number, l10n: Localizer): string => {
  const { release, evidence } = state;
  const count = (value: number): string => formatQuantity({ value: Math.abs(value), unit: 'count' }, l10n.locale);
  const rate = (value: number): string => formatQuantity({ value: Math.abs(value) / 60, unit: 'perSecond' }, l10n.locale);
  const moved = movedBy(evidence, release.ratio.desired, ratio);
  const version = release.versions.canary;
  const parts: string[] = [];
  if (moved.users !== null && moved.users !== 0)
    parts.push(
      moved.users > 0
        ? l10n.t('about {count} more users', { count: count(moved.users) })
        : l10n.t('about {count} fewer users', { count: count(moved.users) }),
    );
  if (moved.requestsPerMinute !== null && moved.requestsPerMinute !== 0)
    parts.push(
      moved.requestsPerMinute > 0
        ? l10n.t('{rate} more on {version}', { rate: rate(moved.requestsPerMinute), version })
        : l10n.t('{rate} fewer on {version}', { rate: rate(moved.requestsPerMinute), version }),
    );
  const share =
    release.ratio.unit === 'users'
      ? l10n.t('{ratio} of users', { ratio: ratioText(ratio, 'users', l10n) })
      : ratioText(ratio, release.ratio.unit, l10n);
  return parts.length === 0 ? share : `${share}: ${parts.join(', ')}`;
};
