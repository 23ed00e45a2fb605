import { formatQuantity, formatTime } from '../model/format.ts';
import { INTENT_KINDS, type ReleaseKey, type VariantRole } from '../model/release.ts';
import type { Anomaly, MetricAssessment } from '../model/assessment.ts';
import { seenSeconds, rateOf } from '../model/traffic.ts';
import { needOf } from '../store/select.ts';
import type { ReleaseState, SourceState } from '../store/state.ts';
import type { Localizer } from '../platform/localizer.ts';
import { translate } from '../platform/translate.ts';
import { releaseIcon } from './releaseIcon.ts';
import { effectText, intervalText, needParts, pauseLeftMs, releaseParts, type TextContext } from './releaseText.ts';
import { releaseTooltip, valueText } from './releaseTooltip.ts';
import { isOld, standingOf } from './standing.ts';
import { escapeMarkdown, node, spoken, written, type Part, type TreeNode } from './treeNode.ts';
import { ageText, metricWord, ratioText, roleWord, judgedWord } from './words.ts';

export interface ReleaseNodeContext extends TextContext {
  readonly muted: ReadonlySet<ReleaseKey>;
  /** Releases whose last own change can be undone. */
  readonly undoable: ReadonlySet<ReleaseKey>;
}

const contextValue = (state: ReleaseState, context: ReleaseNodeContext): string => {
  const need = needOf(state);
  return [
    'release',
    ...(need ? [`is-${need}`] : []),
    ...(context.muted.has(state.key) ? ['is-muted'] : []),
    ...(context.undoable.has(state.key) ? ['is-undoable'] : []),
    ...INTENT_KINDS.filter((kind) => state.release.abilities[kind].can).map((kind) => `can-${kind}`),
  ].join(' ');
};

const row = (id: string, kind: TreeNode['kind'], label: string, parts: readonly Part[], rest: Partial<TreeNode>): TreeNode =>
  node({ id, kind, label, description: written(parts), spoken: spoken(label, parts), ...rest });

const variantNode = (state: ReleaseState, role: VariantRole, id: string, { l10n }: TextContext): TreeNode => {
  const { release, evidence, history } = state;
  const tally = evidence?.variants[role];
  const share = release.ratio.actual ?? release.ratio.desired;
  const count = (value: number): string => formatQuantity({ value, unit: 'count' }, l10n.locale);
  const parts: Part[] = [{ text: roleWord(role, l10n) }];
  if (share !== null) parts.push({ text: ratioText(role === 'canary' ? share : 1 - share, release.ratio.unit, l10n) });
  const window = evidence ? ageText(seenSeconds(evidence, history) * 1000, l10n) : '';
  if (evidence && tally) {
    if (tally.users !== null) parts.push({ text: l10n.t('{count} users in {window}', { count: count(tally.users), window }) });
    const rate = rateOf(evidence, history, role);
    if (rate) {
      const perSecond = formatQuantity({ value: rate.perMinute / 60, unit: 'perSecond' }, l10n.locale);
      parts.push({ text: l10n.t('{rate} in {window}', { rate: perSecond, window: ageText(rate.seconds * 1000, l10n) }) });
    }
  }
  return row(`${id}/variant/${role}`, 'variant', release.versions[role], parts, {
    icon: { id: role === 'stable' ? 'circle-filled' : 'circle-outline', color: role === 'stable' ? 'charts.blue' : 'charts.orange' },
    tooltip: tally
      ? l10n.t('{requests} requests, {errors} errors in {window}', { requests: count(tally.requests), errors: count(tally.errors), window })
      : '',
    key: state.key,
  });
};

const assignedNode = (state: ReleaseState, id: string, { l10n }: TextContext): TreeNode | null => {
  const assigned = state.assessment?.assigned;
  if (!assigned) return null;
  const percent = (value: number): string => formatQuantity({ value, unit: 'ratio' }, l10n.locale);
  const parts: Part[] = [
    {
      text: l10n.t('{share} ({low} … {high})', {
        share: percent(assigned.share),
        low: percent(assigned.interval.low),
        high: percent(assigned.interval.high),
      }),
    },
    { text: assigned.unit === 'users' ? l10n.t('of users') : l10n.t('of requests') },
    ...(assigned.offTarget ? [{ text: l10n.t('not what is wanted') }] : []),
  ];
  return row(`${id}/variant/assigned`, 'note', l10n.t('Assigned share'), parts, {
    icon: { id: assigned.offTarget ? 'warning' : 'symbol-numeric', color: assigned.offTarget ? 'editorWarning.foreground' : null },
    tooltip: l10n.t('Counted on the canary, with its {confidence} interval.', { confidence: percent(assigned.confidence) }),
    key: state.key,
  });
};

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

const metricNode = (state: ReleaseState, metric: MetricAssessment, id: string, old: boolean, { l10n }: TextContext): TreeNode => {
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

const stepNode = (state: ReleaseState, index: number, id: string, { l10n, now }: TextContext): TreeNode => {
  const { release } = state;
  const step = release.steps[index];
  const ratio = step ? ratioText(step.ratio, release.ratio.unit, l10n) : '';
  const done = index < release.stepIndex || release.phase === 'full';
  const current = index === release.stepIndex && release.phase === 'gray';
  // A ratio set by hand stands beside the steps: none of them is in force.
  const beside = current && step !== undefined && release.ratio.desired !== null && release.ratio.desired !== step.ratio;
  const left = current ? pauseLeftMs(release, now) : null;
  const pause = step?.pauseSeconds ?? null;
  const parts: Part[] = [
    {
      text: done
        ? l10n.t('done')
        : beside
          ? l10n.t('passed: {ratio} in force', { ratio: ratioText(release.ratio.desired, release.ratio.unit, l10n) })
          : current
            ? l10n.t('in force')
            : l10n.t('to come'),
    },
    {
      text:
        left !== null
          ? l10n.t('pause, {time} left', { time: ageText(left, l10n) })
          : pause === null
            ? l10n.t('then waits for a person')
            : l10n.t('then pauses {time}', { time: formatQuantity({ value: pause, unit: 'seconds' }, l10n.locale) }),
    },
  ];
  return row(`${id}/step/${index}`, 'step', ratio, done ? parts.slice(0, 1) : parts, {
    icon: { id: done ? 'check' : current ? 'arrow-right' : 'circle-outline', color: null },
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

const groupsOf = (state: ReleaseState, id: string, old: boolean, context: TextContext): readonly TreeNode[] => {
  const { l10n } = context;
  const { release, assessment } = state;
  const group = (name: string, label: string, description: string, children: readonly TreeNode[]): TreeNode =>
    node({ id: `${id}/${name}`, kind: 'group', label, description, key: state.key, children });
  const assigned = assignedNode(state, id, context);
  const metrics = assessment?.metrics ?? [];
  const regressing = metrics.filter((metric) => metric.verdict === 'regressing').length;
  const anomalies = [...(assessment?.anomalies ?? [])].sort((a, b) => b.from - a.from || (a.id < b.id ? -1 : 1));
  const newest = anomalies[0];
  return [
    group('variants', l10n.t('Variants'), l10n.t('stable {stable} · canary {canary}', release.versions), [
      variantNode(state, 'stable', id, context),
      variantNode(state, 'canary', id, context),
      ...(assigned ? [assigned] : []),
    ]),
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
    group(
      'anomalies',
      l10n.t('Anomalies'),
      newest ? newestText(newest, anomalies, l10n) : l10n.t('none'),
      anomalies.slice(0, ANOMALIES_SHOWN).map((anomaly) => anomalyNode(state, anomaly, id, context)),
    ),
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

const face = (state: ReleaseState, source: SourceState | undefined, context: ReleaseNodeContext): Partial<TreeNode> => {
  const standing = standingOf(state, source);
  return {
    icon: releaseIcon(state, standing),
    tooltip: releaseTooltip(state, source, context),
    contextValue: contextValue(state, context),
    command: 'showChart',
    stale: isOld(standing),
    key: state.key,
    sourceId: state.release.sourceId,
  };
};

/** Rows and all below them, as what is known to be old. */
const greyed = (nodes: readonly TreeNode[]): readonly TreeNode[] =>
  nodes.map((row) => ({
    ...row,
    stale: true,
    icon: row.icon ? { ...row.icon, color: 'disabledForeground' } : row.icon,
    children: greyed(row.children),
  }));

/** A release under its source, with its groups. */
export const releaseNode = (state: ReleaseState, source: SourceState | undefined, context: ReleaseNodeContext): TreeNode => {
  const id = `release/${state.key}`;
  const old = isOld(standingOf(state, source));
  const groups = groupsOf(state, id, old, context);
  return row(id, 'release', state.release.name, releaseParts(state, source, context.muted.has(state.key), context), {
    ...face(state, source, context),
    children: old ? greyed(groups) : groups,
  });
};

/** The same release in the "Needs me" group: a row to act on, without children. */
export const needsNode = (
  state: ReleaseState,
  since: number | null,
  source: SourceState | undefined,
  context: ReleaseNodeContext,
): TreeNode =>
  row(`needs/${state.key}`, 'release', state.release.name, needParts(state, since, source, context), face(state, source, context));
