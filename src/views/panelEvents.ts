import { observedChanges } from '../analysis/observedChanges.ts';
import { formatQuantity } from '../model/format.ts';
import type { Ratio, Release } from '../model/release.ts';
import { findSeries, type History } from '../model/series.ts';
import type { PanelEvent } from '../protocol/messages.ts';
import type { Localizer } from '../platform/localizer.ts';
import type { ShownWindow } from './panelRange.ts';
import { knownMoves } from './panelRatio.ts';

const percent = (share: number, l10n: Localizer): string => formatQuantity({ value: share, unit: 'ratio' }, l10n.locale);

/** As its owner tells them. */
const toldEvents = (history: History, { from, to, known }: ShownWindow, ratio: Ratio, l10n: Localizer): readonly PanelEvent[] =>
  knownMoves(history.changes, ratio, known)
    .filter((change) => change.from !== change.to && change.time >= from && change.time < to)
    .map((change) => {
      const after = percent(change.to, l10n);
      const detail = [change.by, change.reason].filter((text) => text !== null && text !== '').join(': ');
      return {
        time: change.time,
        label: change.from === null ? after : `${percent(change.from, l10n)} → ${after}`,
        detail: detail === '' ? null : detail,
      };
    });

/** The canary's share of the requests counted in `[from, to)`, epoch milliseconds; NaN without any. */
const shareIn = (history: History, from: number, to: number): number => {
  const count = (variant: 'stable' | 'canary'): number => {
    const series = findSeries(history, 'requests', variant);
    return series
      ? series.counts.reduce((sum, n, i) => ((series.times[i] ?? NaN) >= from && (series.times[i] ?? NaN) < to ? sum + n : sum), 0)
      : 0;
  };
  const canary = count('canary');
  return canary / (canary + count('stable'));
};

/** Where nobody tells of a change it is read off the traffic, and every line says so. */
const observedEvents = (history: History, l10n: Localizer): readonly PanelEvent[] => {
  const times = observedChanges(history, history);
  return times.map((time, i) => {
    const [before, after] = [shareIn(history, times[i - 1] ?? history.from, time), shareIn(history, time, times[i + 1] ?? history.to)];
    return {
      time,
      label: l10n.t('{from} → {to} observed', { from: percent(before, l10n), to: percent(after, l10n) }),
      detail: l10n.t('read off the traffic; nobody told of a change'),
    };
  });
};

/** The moments at which the ratio moved, for the vertical lines in every chart. */
export const eventsOf = (
  history: History,
  window: ShownWindow,
  { owner, ratio }: Pick<Release, 'owner' | 'ratio'>,
  l10n: Localizer,
): readonly PanelEvent[] => (owner.kind === 'logs' ? observedEvents(history, l10n) : toldEvents(history, window, ratio, l10n));
