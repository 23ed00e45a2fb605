import { wilson } from '../analysis/stats/wilson.ts';
import { BAND_CONFIDENCE } from '../model/quantileInterval.ts';
import type { Ratio, RatioUnit } from '../model/release.ts';
import { findSeries, type History, type RatioChange } from '../model/series.ts';
import type { Localizer } from '../platform/localizer.ts';
import type { PanelChart, PanelColumn } from '../protocol/messages.ts';
import type { ReleaseState } from '../store/state.ts';
import { describe, EMPTY_COLUMN } from './panelCharts.ts';
import type { ShownWindow } from './panelRange.ts';

/**
 * The moves of the ratio, rising. A history is read a moment after the ratio has moved: where its last move does not lead to the ratio that is
 * wanted now, that one is added, without who and why.
 */
export const knownMoves = (
  changes: readonly RatioChange[],
  { desired, since }: Pick<Ratio, 'desired' | 'since'>,
  known: number,
): readonly RatioChange[] => {
  const last = changes.at(-1);
  if (!last || desired === null || last.to === desired) return changes;
  return [
    ...changes,
    { time: Math.max(last.time, since ?? known), from: last.to, to: desired, by: null, reason: null, action: 'setRatio' },
  ];
};

/** The ratio that was wanted, as corners of a staircase; NaN where it is not known. Empty when nobody holds a ratio. */
export const wantedRatio = (
  changes: readonly RatioChange[],
  desired: number | null,
  since: number | null,
  from: number,
  to: number,
): { readonly times: Float64Array; readonly values: Float64Array } => {
  if (desired === null && changes.length === 0) return { times: EMPTY_COLUMN, values: EMPTY_COLUMN };
  const inside = changes.filter((change) => change.time > from && change.time < to);
  const before = changes.findLast((change) => change.time <= from);
  const unmoved = since === null || since <= from ? desired : null;
  const begin = before?.to ?? inside[0]?.from ?? (inside.length === 0 ? unmoved : null);
  const corners: (readonly [number, number])[] = [[from, begin ?? NaN], ...inside.map((change) => [change.time, change.to] as const)];
  if (inside.length === 0 && begin === null && since !== null && since < to) corners.push([since, desired ?? NaN]);
  corners.push([to, corners.at(-1)?.[1] ?? NaN]);
  return { times: Float64Array.from(corners, ([time]) => time), values: Float64Array.from(corners, ([, value]) => value) };
};

/** The share of requests that were counted on the canary, step by step, with its interval. */
const countedRatio = (history: History, label: string): PanelColumn | null => {
  const canary = findSeries(history, 'requests', 'canary');
  const stable = findSeries(history, 'requests', 'stable');
  if (!canary || !stable) return null;
  const stableCount = new Map<number, number>();
  stable.times.forEach((time, i) => stableCount.set(time, stable.counts[i] ?? 0));
  const n = canary.times.length;
  const [values, low, high, counts] = [
    new Float64Array(n).fill(NaN),
    new Float64Array(n).fill(NaN),
    new Float64Array(n).fill(NaN),
    new Float64Array(n),
  ];
  canary.times.forEach((time, i) => {
    const on = Math.round(canary.counts[i] ?? 0);
    const total = on + Math.round(stableCount.get(time) ?? 0);
    if (total <= 0) return;
    const interval = wilson(on, total, BAND_CONFIDENCE);
    values[i] = on / total;
    low[i] = interval.low;
    high[i] = interval.high;
    counts[i] = total;
  });
  if (!values.some((value) => Number.isFinite(value))) return null;
  return { id: 'counted', tone: 'counted', label, stepped: false, times: canary.times, values, low, high, counts };
};

/** Of what it is a share stands in its name: it is drawn beside a share of requests. */
const wantedLabel = (unit: RatioUnit, l10n: Localizer): string => {
  switch (unit) {
    case 'users':
      return l10n.t('wanted ratio of users');
    case 'requests':
      return l10n.t('wanted ratio of requests');
    case 'replicas':
      return l10n.t('wanted ratio of replicas');
  }
};

/** The ribbon: the wanted ratio as a staircase up to the present, the counted share of requests as a line over it. Null when neither is known. */
export const ratioChart = (
  history: History,
  { from, known }: ShownWindow,
  { release, pending }: Pick<ReleaseState, 'release' | 'pending'>,
  l10n: Localizer,
): PanelChart | null => {
  const { desired, since, unit } = release.ratio;
  const moves = knownMoves(history.changes, release.ratio, known);
  // What was asked for counts as wanted, here as in the head.
  const asked =
    pending && pending.to !== desired
      ? [{ time: pending.at, from: desired, to: pending.to, by: null, reason: null, action: 'setRatio' }]
      : [];
  const wanted = wantedRatio([...moves, ...asked], desired, since, from, known);
  const counted = countedRatio(history, l10n.t('counted share of requests'));
  const columns: PanelColumn[] = [];
  if (wanted.times.length > 0) {
    const none = { low: EMPTY_COLUMN, high: EMPTY_COLUMN, counts: EMPTY_COLUMN };
    columns.push({ id: 'wanted', tone: 'wanted', label: wantedLabel(unit, l10n), stepped: true, ...wanted, ...none });
  }
  if (counted) columns.push(counted);
  if (columns.length === 0) return null;
  const title = l10n.t('Ratio');
  return {
    metric: 'ratio',
    title,
    verdict: null,
    verdictLabel: null,
    unit: 'ratio',
    fromZero: true,
    columns,
    markers: [],
    summary: [title, ...columns.map((column) => describe(column, 'ratio', l10n))].join('. '),
  };
};
