import { formatInterval, formatQuantity, NO_VALUE } from '../model/format.ts';
import type { Assessment, MetricAssessment, Missing, Verdict } from '../model/assessment.ts';
import { METRIC_RULES, type MetricId } from '../model/metric.ts';
import type { Phase } from '../model/release.ts';
import type { Unit } from '../model/quantity.ts';
import type { Localizer } from '../platform/localizer.ts';
import type { PanelAnomalyRow, PanelCell, PanelEvidenceRow } from '../protocol/messages.ts';
import { titleOf } from './panelCharts.ts';
import { judgedWord, metricWord, roleWord } from './words.ts';

const cell = (text: string, sort: number | string | null = text): PanelCell => ({ text, sort, time: null });
/** The page writes it in its own time zone. */
const moment = (ms: number): PanelCell => ({ text: new Date(ms).toISOString(), sort: ms, time: ms });
const number = (value: number | null, unit: Unit, l10n: Localizer, signed = false): PanelCell =>
  value === null || !Number.isFinite(value) ? cell(NO_VALUE, null) : cell(formatQuantity({ value, unit, signed }, l10n.locale), value);

/** Worst first when sorted downwards. */
const VERDICT_ORDER: Readonly<Record<Verdict, number>> = { regressing: 3, inconclusive: 2, healthy: 1, noData: 0 };

/** What is still missing, longest wait first: "80 requests, about 12 min". Empty when nothing is. */
const missingText = (missing: Missing | null, l10n: Localizer): string => {
  if (!missing) return '';
  const count = (value: number): string => formatQuantity({ value, unit: 'count' }, l10n.locale);
  const parts = [
    ...(missing.requests > 0 ? [l10n.t('{count} more requests', { count: count(missing.requests) })] : []),
    ...(missing.users > 0 ? [l10n.t('{count} more users', { count: count(missing.users) })] : []),
  ];
  if (parts.length > 0 && missing.minutes !== null) {
    const wait = formatQuantity({ value: Math.max(1, Math.ceil(missing.minutes)) * 60, unit: 'seconds' }, l10n.locale);
    parts.push(l10n.t('about {wait} at this traffic', { wait }));
  }
  return parts.join(l10n.t(', '));
};

/** The one confidence of all rows, for the header; null when they differ. */
const sharedConfidence = (metrics: readonly MetricAssessment[]): number | null => {
  const all = new Set(metrics.filter((item) => item.kind === 'tested').map((item) => item.confidence));
  return all.size === 1 ? ([...all][0] ?? null) : null;
};

export const evidenceHeader = (assessment: Assessment | null, l10n: Localizer): readonly string[] => {
  const confidence = sharedConfidence(assessment?.metrics ?? []);
  return [
    l10n.t('Metric'),
    l10n.t('Stable'),
    l10n.t('Canary'),
    l10n.t('Difference'),
    confidence === null
      ? l10n.t('Interval')
      : l10n.t('Interval ({confidence})', { confidence: formatQuantity({ value: confidence, unit: 'ratio' }, l10n.locale) }),
    l10n.t('Observations, stable / canary'),
    l10n.t('Verdict'),
  ];
};

/** Means over samples whose number no source tells; the requests of that time are not theirs. */
const SAMPLED: ReadonlySet<MetricId> = new Set(['cpu', 'memory']);

export const evidenceRows = (assessment: Assessment | null, phase: Phase, l10n: Localizer): readonly PanelEvidenceRow[] =>
  (assessment?.metrics ?? []).map((item) => {
    const { unit } = METRIC_RULES[item.metric];
    const described = item.kind === 'described';
    const missing = missingText(item.missing, l10n);
    const word = described ? l10n.t('described, not judged') : judgedWord(item.verdict, phase, l10n);
    const count = (value: number): string => formatQuantity({ value, unit: 'count' }, l10n.locale);
    return {
      metric: item.metric,
      verdict: described ? 'noData' : item.verdict,
      cells: [
        cell(titleOf(item.metric, l10n)),
        number(item.stable, unit, l10n),
        number(item.canary, unit, l10n),
        number(item.effect, item.effectUnit, l10n, true),
        item.interval
          ? cell(formatInterval(item.interval.low, item.interval.high, item.effectUnit, l10n.locale, true), item.interval.low)
          : cell(NO_VALUE, null),
        SAMPLED.has(item.metric)
          ? cell(NO_VALUE, null)
          : cell(`${count(item.counts.stable)} / ${count(item.counts.canary)}`, item.counts.canary),
        cell(
          missing === '' ? word : l10n.t('{verdict}: {missing}', { verdict: word, missing }),
          described ? -1 : VERDICT_ORDER[item.verdict],
        ),
      ],
    };
  });

export const anomalyHeader = (l10n: Localizer): readonly string[] => [
  l10n.t('Began'),
  l10n.t('Ended'),
  l10n.t('Metric'),
  l10n.t('Variant'),
  l10n.t('Seen'),
  l10n.t('At'),
  l10n.t('Expected'),
  l10n.t('Severity'),
];

const severityWord = (severity: 'minor' | 'major', l10n: Localizer): string => (severity === 'major' ? l10n.t('major') : l10n.t('minor'));

/** Newest first, which is also how the table is shown until somebody sorts it. */
export const anomalyRows = (assessment: Assessment | null, l10n: Localizer): readonly PanelAnomalyRow[] =>
  [...(assessment?.anomalies ?? [])]
    .sort((a, b) => b.from - a.from)
    .map((anomaly) => {
      const { unit } = METRIC_RULES[anomaly.metric];
      return {
        markerId: anomaly.id,
        metric: anomaly.metric,
        cells: [
          moment(anomaly.from),
          anomaly.ongoing ? cell(l10n.t('goes on'), Number.MAX_SAFE_INTEGER) : moment(anomaly.to),
          cell(metricWord(anomaly.metric, l10n)),
          cell(roleWord(anomaly.variant, l10n)),
          number(anomaly.seen, unit, l10n),
          moment(anomaly.seenAt),
          cell(formatInterval(anomaly.band.low, anomaly.band.high, unit, l10n.locale), anomaly.expected),
          cell(severityWord(anomaly.severity, l10n), anomaly.severity === 'major' ? 1 : 0),
        ],
      };
    });
