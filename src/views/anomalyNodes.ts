import type { Anomaly } from '../model/assessment.ts';
import { formatTime } from '../model/format.ts';
import type { Localizer } from '../platform/localizer.ts';
import type { ReleaseState } from '../store/state.ts';
import type { TextContext } from './releaseText.ts';
import { valueText } from './releaseTooltip.ts';
import { row, type Part, type TreeNode } from './treeNode.ts';
import { metricWord, roleWord } from './words.ts';

const anomalyNode = (state: ReleaseState, anomaly: Anomaly, id: string, { l10n }: TextContext): TreeNode => {
  const value = (number: number): string => valueText(anomaly.metric, number, l10n.locale);
  const label = `${formatTime(anomaly.from, l10n.locale)} ${metricWord(anomaly.metric, l10n)}`;
  const time = (ms: number): string => formatTime(ms, l10n.locale);
  const parts: Part[] = [
    {
      text: l10n.t('{seen} at {time}, expected {low} to {high}', {
        seen: value(anomaly.seen),
        time: time(anomaly.seenAt),
        low: value(anomaly.band.low),
        high: value(anomaly.band.high),
      }),
    },
    { text: anomaly.ongoing ? l10n.t('goes on') : l10n.t('until {time}', { time: time(anomaly.to) }) },
    { text: roleWord(anomaly.variant, l10n) },
    { text: anomaly.severity === 'major' ? l10n.t('major') : l10n.t('minor') },
  ];
  return row(`${id}/anomaly/${anomaly.id}`, 'anomaly', label, parts, {
    icon: {
      id: anomaly.severity === 'major' ? 'triangle-up' : 'primitive-square',
      color: anomaly.severity === 'major' ? 'errorForeground' : 'editorWarning.foreground',
    },
    tooltip: formatTime(anomaly.from, l10n.locale, { date: true, seconds: true, zone: true }),
    command: 'showChart',
    key: state.key,
  });
};

/** How many there are, and which goes on since when; else when the last ended. */
const newestText = (newest: Anomaly, all: readonly Anomaly[], l10n: Localizer): string => {
  const count = all.length;
  const ongoing = all.find((anomaly) => anomaly.ongoing);
  if (ongoing) return l10n.t('{count} · goes on since {time}', { count, time: formatTime(ongoing.from, l10n.locale) });
  const end = Math.max(newest.to, ...all.map((anomaly) => anomaly.to));
  return l10n.t('{count} · last until {time}', { count, time: formatTime(end, l10n.locale) });
};

/** How many anomalies are listed, newest first; the chart shows all. */
const ANOMALIES_SHOWN = 20;

/** What stands beside "Anomalies", and the rows below it. */
export const anomaliesOf = (
  state: ReleaseState,
  id: string,
  context: TextContext,
): { readonly description: string; readonly rows: readonly TreeNode[] } => {
  const { l10n } = context;
  const anomalies = [...(state.assessment?.anomalies ?? [])].sort((a, b) => b.from - a.from || (a.id < b.id ? -1 : 1));
  const newest = anomalies[0];
  return {
    description: newest ? newestText(newest, anomalies, l10n) : l10n.t('none'),
    rows: anomalies.slice(0, ANOMALIES_SHOWN).map((anomaly) => anomalyNode(state, anomaly, id, context)),
  };
};
