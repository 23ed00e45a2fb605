import type { Assessment } from '../model/assessment.ts';
import { formatMoment, formatQuantity, formatTime } from '../model/format.ts';
import { METRIC_RULES, type MetricId } from '../model/metric.ts';
import type { ReleaseState, SourceState } from '../store/state.ts';
import type { Localizer } from '../platform/localizer.ts';
import { translate } from '../platform/translate.ts';
import { ratioAge, type RatioAge } from './ratioAge.ts';
import { effectText, ratioPart, stepPart, type TextContext } from './releaseText.ts';
import { standingOf, standingSentence } from './standing.ts';
import { escapeMarkdown } from './treeNode.ts';
import { ageText, metricWord, phaseWords, ratioText, roleWord, judgedWord } from './words.ts';

export const valueText = (metric: MetricId, value: number | null, locale: string): string =>
  value === null ? '–' : formatQuantity({ value, unit: METRIC_RULES[metric].unit }, locale);

/** Canary against stable, one metric a line. */
const metricTable = (state: ReleaseState, { l10n }: TextContext): string | null => {
  const metrics = state.assessment?.metrics.filter((metric) => metric.stable !== null || metric.canary !== null) ?? [];
  if (metrics.length === 0) return null;
  const header = `| ${l10n.t('metric')} | ${roleWord('stable', l10n)} | ${roleWord('canary', l10n)} | ${l10n.t('difference')} | ${l10n.t('verdict')} |\n|:--|--:|--:|--:|:--|`;
  const rows = metrics.map((metric) => {
    const cells = [
      metricWord(metric.metric, l10n),
      valueText(metric.metric, metric.stable, l10n.locale),
      valueText(metric.metric, metric.canary, l10n.locale),
      effectText(metric, l10n) ?? '–',
      metric.kind === 'described' ? l10n.t('described, not judged') : judgedWord(metric.verdict, state.release.phase, l10n),
    ];
    return `| ${cells.map((cell) => `${escapeMarkdown(cell)}\u00a0`).join(' | ')} |`;
  });
  return [header, ...rows].join('\n');
};

const ratioLine = (state: ReleaseState, { l10n }: TextContext): string => {
  const { ratio } = state.release;
  const parts = [
    l10n.t('wanted {ratio}', { ratio: ratioText(state.pending?.to ?? ratio.desired, ratio.unit, l10n) }),
    l10n.t('in force {ratio}', { ratio: ratioText(ratio.actual, ratio.unit, l10n) }),
  ];
  return ratio.desired === null && state.pending === null ? ratioPart(state, l10n).text : parts.join(l10n.t(', '));
};

const sinceText = ({ since, atLeast }: RatioAge, l10n: Localizer): string => {
  const time = formatTime(since, l10n.locale, { date: true });
  return atLeast ? l10n.t('at least since {time}', { time }) : l10n.t('since {time}', { time });
};

const ageLine = (source: SourceState | undefined, { l10n, now }: TextContext): string => {
  if (!source || source.lastSuccessAt === null) return l10n.t('no data yet');
  const age = {
    age: ageText(now - source.lastSuccessAt, l10n),
    time: formatTime(source.lastSuccessAt, l10n.locale, { seconds: true, zone: true }),
  };
  return source.status === 'connected' ? l10n.t('answered at {time}', { time: age.time }) : l10n.t('no data for {age}, since {time}', age);
};

const evidenceText = ({ from, to }: Assessment, { l10n, now }: TextContext): string => {
  const [begin, end] = [from, to].map((ms) => formatMoment(ms, now, l10n.locale));
  return l10n.t('Evidence from {from} to {to}.', { from: begin ?? '', to: end ?? '' });
};

/** Everything that is known in short, for who rests on the row. */
export const releaseTooltip = (state: ReleaseState, source: SourceState | undefined, muted: boolean, context: TextContext): string => {
  const { l10n } = context;
  const { release, assessment } = state;
  const line = (label: string, text: string): string => `**${escapeMarkdown(label)}** ${escapeMarkdown(text)}`;
  const age = ratioAge(state);
  const step = stepPart(release, l10n);
  const old = standingSentence(standingOf(state, source), context);
  // One line each, and above the table: a tooltip is cut where it gets high, and whose it is and how old must not be below that.
  const facts = [
    line(l10n.t('Variants'), `${release.versions.stable} → ${release.versions.canary}`),
    line(l10n.t('Ratio'), `${ratioLine(state, context)}${age === null ? '' : ` (${sinceText(age, l10n)})`}`),
    line(l10n.t('Phase'), [...phaseWords(release, l10n), ...(step ? [step.spoken ?? step.text] : [])].join(l10n.t(', '))),
    line(l10n.t('Service'), release.service),
    line(l10n.t('Owner'), release.owner.kind === 'logs' ? l10n.t('none: seen only in logs') : release.owner.name),
    line(l10n.t('Source'), source ? [source.name, ageLine(source, context)].join(l10n.t(', ')) : ageLine(source, context)),
  ];
  const paragraphs = [
    release.simulated ? l10n.t('The traffic of this release is simulated.') : null,
    old === null ? null : `**${escapeMarkdown(old)}**`,
    assessment ? escapeMarkdown(`${translate(assessment.sentence, l10n)} ${evidenceText(assessment, context)}`) : null,
    facts.join('  \n'),
    muted
      ? l10n.t('Its alerts are muted until you choose "{command}", which stands in its menu.', {
          command: escapeMarkdown(l10n.t('Unmute Alerts of Release')),
        })
      : null,
    metricTable(state, context),
  ];
  return paragraphs.filter((text) => text !== null).join('\n\n');
};
