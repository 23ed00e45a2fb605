import { formatQuantity } from '../model/format.ts';
import type { ReleaseState } from '../store/state.ts';
import { anomaliesOf } from './anomalyNodes.ts';
import { metricNode } from './metricNode.ts';
import type { TextContext } from './releaseText.ts';
import { stepNode } from './stepNode.ts';
import { node, type TreeNode } from './treeNode.ts';
import { variantNodes } from './variantNodes.ts';

/** What stands below a release: variants, metrics, anomalies, steps. `old` when evidence and verdict are not of now. */
export const groupsOf = (state: ReleaseState, id: string, old: boolean, context: TextContext): readonly TreeNode[] => {
  const { l10n } = context;
  const { release, assessment } = state;
  const group = (name: string, label: string, description: string, children: readonly TreeNode[]): TreeNode =>
    node({ id: `${id}/${name}`, kind: 'group', label, description, key: state.key, children });
  const metrics = assessment?.metrics ?? [];
  const regressing = metrics.filter((metric) => metric.verdict === 'regressing').length;
  const anomalies = anomaliesOf(state, id, context);
  return [
    group('variants', l10n.t('Variants'), l10n.t('stable {stable} · canary {canary}', release.versions), variantNodes(state, id, context)),
    group(
      'metrics',
      l10n.t('Metrics'),
      metrics.length === 0
        ? l10n.t('no data yet')
        : regressing > 0
          ? l10n.t('{count} · {regressing} regressing', { count: metrics.length, regressing })
          : String(metrics.length),
      metrics.map((metric) => metricNode(state, metric, id, old, context)),
    ),
    group('anomalies', l10n.t('Anomalies'), anomalies.description, anomalies.rows),
    ...(release.steps.length > 0
      ? [
          group(
            'steps',
            l10n.t('Steps'),
            release.steps.map((step) => formatQuantity({ value: step.ratio, unit: 'ratio' }, l10n.locale)).join(' · '),
            release.steps.map((_, index) => stepNode(state, index, id, context)),
          ),
        ]
      : []),
  ];
};
