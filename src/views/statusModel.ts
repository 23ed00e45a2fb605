import type { ReleaseKey } from '../model/release.ts';
import { needsMe, sourceOf, type NeedsMe } from '../store/select.ts';
import type { ReleaseState, State } from '../store/state.ts';
import { linkId } from '../platform/ids.ts';
import type { Localizer } from '../platform/localizer.ts';
import { needParts, pauseLeftMs } from './releaseText.ts';
import { isOld, standingOf } from './standing.ts';
import { escapeMarkdown, written } from './treeNode.ts';
import { ageText } from './words.ts';

export interface StatusFace {
  readonly text: string;
  /** What a screen reader says. */
  readonly spoken: string;
  /** Markdown with command links. */
  readonly tooltip: string;
  readonly severity: 'error' | 'warning';
  readonly worst: ReleaseKey;
}

/** Round brackets would end the link early, and `encodeURIComponent` leaves them. */
const encoded = (value: unknown): string => encodeURIComponent(JSON.stringify(value)).replaceAll('(', '%28').replaceAll(')', '%29');

const link = (text: string, command: Parameters<typeof linkId>[0], key: ReleaseKey): string =>
  `[${text}](command:${linkId(command)}?${encoded([{ key }])})`;

/** How many releases the tooltip lists. */
const LISTED = 12;

/** What the status bar says; null while nobody is needed. What is muted or known only from old data is counted, and does not colour it. */
export const statusFace = (state: State, muted: ReadonlySet<ReleaseKey>, l10n: Localizer, now: number): StatusFace | null => {
  const needs = needsMe(state);
  const worst = needs[0];
  if (!worst) return null;
  const bad = needs.filter(({ need }) => need !== 'waiting');
  const waiting = needs.filter(({ need }) => need === 'waiting');
  const regressing = bad.filter(({ need }) => need === 'regressing');
  const degraded = bad.filter(({ need }) => need === 'degraded');
  const isFresh = (release: ReleaseState): boolean => !isOld(standingOf(release, sourceOf(state, release.release.sourceId)));
  const left = Math.min(
    ...[...state.releases.values()].map((release) => (isFresh(release) ? pauseLeftMs(release.release, now) : null) ?? Infinity),
  );
  /** Where nothing of it is fresh, the text says so: it was true once. */
  const dated = (text: string, of: readonly NeedsMe[]): string =>
    of.some(({ release }) => isFresh(release)) ? text : l10n.t('{text} (data is old)', { text });
  const parts: { readonly icon: string; readonly text: string }[] = [];
  if (regressing.length > 0)
    parts.push({ icon: '$(warning)', text: dated(l10n.t('{count} regressing', { count: regressing.length }), regressing) });
  if (degraded.length > 0) parts.push({ icon: '$(error)', text: dated(l10n.t('{count} degraded', { count: degraded.length }), degraded) });
  if (waiting.length > 0) parts.push({ icon: '$(watch)', text: dated(l10n.t('{count} waiting', { count: waiting.length }), waiting) });
  const row = ({ release, since }: NeedsMe): string => {
    const source = sourceOf(state, release.release.sourceId);
    const cells = [
      link(escapeMarkdown(release.release.name), 'showChart', release.key),
      escapeMarkdown(written(needParts(release, since, source, muted.has(release.key), { l10n, now }))),
      muted.has(release.key) ? link(l10n.t('Unmute'), 'unmute', release.key) : link(l10n.t('Mute'), 'mute', release.key),
    ];
    return `| ${cells.join(' | ')} |`;
  };
  const more = needs.length - LISTED;
  return {
    text: parts.map(({ icon, text }) => `${icon} ${text}`).join(' · '),
    spoken: l10n.t('Rollouts: {what}', { what: parts.map(({ text }) => text).join(', ') }),
    tooltip: [
      `| ${l10n.t('release')} | ${l10n.t('state')} | |\n|:--|:--|:--|\n${needs.slice(0, LISTED).map(row).join('\n')}`,
      more > 0 ? l10n.t('and {count} more', { count: more }) : null,
      Number.isFinite(left) ? l10n.t('The next pause ends in {time}.', { time: ageText(left, l10n) }) : null,
    ]
      .filter((line) => line !== null)
      .join('\n\n'),
    severity: bad.some(({ release }) => !muted.has(release.key) && isFresh(release)) ? 'error' : 'warning',
    worst: worst.release.key,
  };
};
