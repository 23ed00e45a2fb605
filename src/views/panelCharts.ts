import { wilson } from '../analysis/stats/wilson.ts';
import { formatInterval, formatQuantity } from '../model/format.ts';
import type { Localizer } from '../platform/localizer.ts';
import type { Anomaly, Assessment } from '../model/assessment.ts';
import { METRIC_RULES, type MetricId } from '../model/metric.ts';
import type { Unit } from '../model/quantity.ts';
import { BAND_CONFIDENCE } from '../model/quantileInterval.ts';
import { findSeries, type History, type Series } from '../model/series.ts';
import type { PanelChart, PanelColumn, PanelMarker } from '../protocol/messages.ts';
import type { ShownWindow } from './panelRange.ts';
import { metricWord, roleWord, verdictWord } from './words.ts';

/** The order of the charts: what can hurt first. It does not change with the data, so that nothing jumps. */
const ORDER: readonly MetricId[] = ['errorRate', 'latencyP50', 'latencyP99', 'accuracy', 'rating', 'requests', 'cpu', 'memory'];
/**
 * These move by a few per cent of their size, so that from zero a harm of one margin would be a hair's breadth: their axes follow the data,
 * and say so in their labels. All others begin at zero.
 */
const FOLLOW_DATA: readonly MetricId[] = ['accuracy', 'rating', 'memory'];
export const EMPTY_COLUMN = new Float64Array(0);

/** A metric's name where it stands alone. */
export const titleOf = (metric: MetricId, l10n: Localizer): string => {
  const word = metricWord(metric, l10n);
  return word.charAt(0).toLocaleUpperCase(l10n.locale) + word.slice(1);
};

/** What the source knows of a quantile; of a share Wilson's interval from its count; both empty for all else. */
const bands = (series: Series): { readonly low: Float64Array; readonly high: Float64Array } => {
  if (series.low && series.high) return { low: series.low, high: series.high };
  if (METRIC_RULES[series.metric].unit !== 'ratio') return { low: EMPTY_COLUMN, high: EMPTY_COLUMN };
  const low = new Float64Array(series.values.length).fill(NaN);
  const high = new Float64Array(series.values.length).fill(NaN);
  for (let i = 0; i < series.values.length; i++) {
    const n = Math.round(series.counts[i] ?? 0);
    const value = series.values[i] ?? NaN;
    if (n <= 0 || Number.isNaN(value)) continue;
    const interval = wilson(Math.min(n, Math.round(value * n)), n, BAND_CONFIDENCE);
    low[i] = interval.low;
    high[i] = interval.high;
  }
  return { low, high };
};

const hasData = (series: Series | undefined): series is Series => series?.values.some((value) => Number.isFinite(value)) ?? false;

/** "canary 0.4% … 3.1%, last 3.1%" */
export const describe = (column: PanelColumn, unit: Unit, l10n: Localizer): string => {
  let low = Infinity;
  let high = -Infinity;
  let last = NaN;
  for (const value of column.values) {
    if (Number.isNaN(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
    last = value;
  }
  if (Number.isNaN(last)) return l10n.t('{name}: no data', { name: column.label });
  return l10n.t('{name}: {range}, last {value}', {
    name: column.label,
    range: formatInterval(low, high, unit, l10n.locale),
    value: formatQuantity({ value: last, unit }, l10n.locale),
  });
};

/**
 * Its own time where that lies in the range, whatever the steps of the chart are; else where what is seen of it begins, without a value there.
 */
const markerOf = (anomaly: Anomaly, { from, to }: ShownWindow, l10n: Localizer): PanelMarker => {
  const peak = anomaly.seenAt >= from && anomaly.seenAt < to;
  const { unit } = METRIC_RULES[anomaly.metric];
  return {
    id: anomaly.id,
    time: anomaly.from,
    to: anomaly.to,
    ongoing: anomaly.ongoing,
    at: peak ? anomaly.seenAt : Math.max(anomaly.from, from),
    inRange: peak,
    seenAt: anomaly.seenAt,
    value: anomaly.seen,
    expected: anomaly.expected,
    low: anomaly.band.low,
    high: anomaly.band.high,
    variant: anomaly.variant,
    severity: anomaly.severity,
    text: l10n.t('{metric} of {variant} {seen}, expected {expected}', {
      metric: metricWord(anomaly.metric, l10n),
      variant: roleWord(anomaly.variant, l10n),
      seen: formatQuantity({ value: anomaly.seen, unit }, l10n.locale),
      expected: formatInterval(anomaly.band.low, anomaly.band.high, unit, l10n.locale),
    }),
  };
};

/** One chart a metric that has data, canary over stable (drawn last, so on top). */
export const metricCharts = (
  history: History,
  window: ShownWindow,
  assessment: Assessment | null,
  l10n: Localizer,
): readonly PanelChart[] =>
  ORDER.flatMap((metric) => {
    const { unit } = METRIC_RULES[metric];
    const columns = (['stable', 'canary'] as const).flatMap((variant): PanelColumn[] => {
      const series = findSeries(history, metric, variant);
      if (!hasData(series)) return [];
      const { times, values, counts } = series;
      return [{ id: variant, tone: variant, label: roleWord(variant, l10n), stepped: false, times, values, counts, ...bands(series) }];
    });
    if (columns.length === 0) return [];
    const judged = assessment?.metrics.find((item) => item.metric === metric && item.kind === 'tested');
    const markers = (assessment?.anomalies ?? [])
      .filter((anomaly) => anomaly.metric === metric && anomaly.to > window.from && anomaly.from < window.to)
      .map((anomaly) => markerOf(anomaly, window, l10n));
    const title = titleOf(metric, l10n);
    const found = markers.length > 0 ? [l10n.t('anomalies: {count}', { count: markers.length })] : [];
    return [
      {
        metric,
        title,
        verdict: judged?.verdict ?? null,
        verdictLabel: judged ? verdictWord(judged.verdict, l10n) : null,
        unit,
        fromZero: !FOLLOW_DATA.includes(metric),
        columns,
        markers,
        summary: [title, ...columns.map((column) => describe(column, unit, l10n)), ...found].join(l10n.t('. ')),
      },
    ];
  });
