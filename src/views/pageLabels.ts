import { formatQuantity } from '../model/format.ts';
import type { Localizer } from '../platform/localizer.ts';
import type { PageLabels } from '../protocol/labels.ts';
import { BAND_CONFIDENCE } from './panelCharts.ts';

/** The page's fixed words. `{age}`, `{at}`, `{since}`, `{why}`, `{from}`, `{to}`, `{name}`, `{low}`, `{high}`, `{what}`, `{n}` and `{column}` stay in the text for the page to fill. */
export const pageLabels = (l10n: Localizer): PageLabels => ({
  'age.live': l10n.t('live, {age} ago'),
  'age.stale': l10n.t('no data for {age}'),
  'age.line': l10n.t('newest line {age} ago'),
  'age.quiet': l10n.t('no new line for {age}'),
  'age.failed': l10n.t('last answer {age} ago'),
  'answer.window': l10n.t('Evidence from {from} to {to}.'),
  'answer.unmeasured': l10n.t('Verdict of {at}; it could not be measured since {since}: {why}'),
  'answer.unjudged': l10n.t('No verdict; it could not be measured since {since}: {why}'),
  'answer.past': l10n.t('The data ends at {at}; this is how it was then.'),
  'range.label': l10n.t('Time range'),
  'range.15': l10n.t('last 15 minutes'),
  'range.60': l10n.t('last hour'),
  'range.360': l10n.t('last 6 hours'),
  'range.1440': l10n.t('last 24 hours'),
  'range.0': l10n.t('since the release began'),
  'actions.label': l10n.t('Actions'),
  'charts.title': l10n.t('Measurements'),
  'charts.empty': l10n.t('No measurements in this time range.'),
  'charts.key.band': l10n.t('{confidence} interval', {
    confidence: formatQuantity({ value: BAND_CONFIDENCE, unit: 'ratio' }, l10n.locale),
  }),
  'charts.key.anomaly': l10n.t('minor anomaly'),
  'charts.key.major': l10n.t('major anomaly'),
  'charts.key.change': l10n.t('ratio changed'),
  'cursor.label': l10n.t('Read {name} along time'),
  'cursor.hint': l10n.t('Arrow keys move along time, Page Up and Page Down go to the next anomaly or change of ratio.'),
  'cursor.none': l10n.t('no data'),
  'cursor.count': l10n.t('n = {n}'),
  'marker.ended': l10n.t('{what}, at {at} (from {from} to {to})'),
  'marker.ongoing': l10n.t('{what}, at {at} (since {from}, goes on)'),
  'legend.show': l10n.t('Show {name}'),
  'legend.hide': l10n.t('Hide {name}'),
  'evidence.title': l10n.t('Evidence'),
  'evidence.empty': l10n.t('Nothing has been compared yet.'),
  'anomalies.title': l10n.t('Anomalies'),
  'anomalies.empty': l10n.t('No anomaly was found.'),
  'anomalies.show': l10n.t('Show in the chart'),
  'sort.by': l10n.t('Sort by {column}'),
  'caveats.title': l10n.t('What the verdict does not account for'),
  'history.retry': l10n.t('Try again'),
  loading: l10n.t('Reading measurements…'),
});
