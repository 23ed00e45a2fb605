import type { MetricAssessment } from '../model/assessment.ts';
import type { VariantRole } from '../model/release.ts';
import type { ReleaseState } from '../store/state.ts';
import { translate } from '../platform/translate.ts';
import { effectText, intervalText, type TextContext } from './releaseText.ts';
import { valueText } from './releaseTooltip.ts';
import { escapeMarkdown, row, type Part, type TreeNode } from './treeNode.ts';
import { judgedWord, metricWord } from './words.ts';

const plainMetricIcon = (metric: MetricAssessment): NonNullable<TreeNode['icon']> => {
  if (metric.kind === 'described') return { id: 'dash', color: null };
  switch (metric.verdict) {
    case 'regressing':
      return { id: 'warning', color: 'errorForeground' };
    case 'healthy':
      return { id: 'pass', color: 'testing.iconPassed' };
    case 'inconclusive':
      return { id: 'question', color: null };
    case 'noData':
      return { id: 'circle-large-outline', color: null };
  }
};

/** A verdict that is old keeps its words; its icon loses the colour, and the tick. */
const metricIcon = (metric: MetricAssessment, old: boolean): NonNullable<TreeNode['icon']> => {
  const icon = plainMetricIcon(metric);
  return old ? { id: icon.id === 'pass' ? 'circle-large-outline' : icon.id, color: 'disabledForeground' } : icon;
};

/** A metric with its verdict; `old` when that is not of now. */
export const metricNode = (state: ReleaseState, metric: MetricAssessment, id: string, old: boolean, { l10n }: TextContext): TreeNode => {
  const value = (side: VariantRole): string => valueText(metric.metric, metric[side], l10n.locale);
  const effect = effectText(metric, l10n);
  const interval = intervalText(metric, l10n);
  // The values first: a row is cut where the side bar ends, and the icon tells the verdict.
  const parts: Part[] = [
    { text: l10n.t('{canary} against {stable}', { canary: value('canary'), stable: value('stable') }) },
    { text: metric.kind === 'described' ? l10n.t('described, not judged') : judgedWord(metric.verdict, state.release.phase, l10n) },
    ...(effect ? [{ text: interval ? `${effect} (${interval})` : effect }] : []),
  ];
  return row(`${id}/metric/${metric.metric}`, 'metric', metricWord(metric.metric, l10n), parts, {
    icon: metricIcon(metric, old),
    stale: old,
    tooltip: escapeMarkdown(translate(metric.sentence, l10n)),
    command: 'showChart',
    key: state.key,
  });
};
