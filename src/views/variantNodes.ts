import { formatQuantity } from '../model/format.ts';
import type { VariantRole } from '../model/release.ts';
import { rateOf, seenSeconds } from '../model/traffic.ts';
import type { ReleaseState } from '../store/state.ts';
import type { TextContext } from './releaseText.ts';
import { row, type Part, type TreeNode } from './treeNode.ts';
import { ageText, ratioText, roleWord } from './words.ts';

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
    tooltip: l10n.t('Counted on the canary within {window}, with its {confidence} interval.', {
      window: ageText(assigned.to - assigned.from, l10n),
      confidence: percent(assigned.confidence),
    }),
    key: state.key,
  });
};

/** Who gets which version: both variants, and the share that was counted. */
export const variantNodes = (state: ReleaseState, id: string, context: TextContext): readonly TreeNode[] => {
  const assigned = assignedNode(state, id, context);
  return [variantNode(state, 'stable', id, context), variantNode(state, 'canary', id, context), ...(assigned ? [assigned] : [])];
};
