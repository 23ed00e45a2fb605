import type { Preview } from '../actions/preview.ts';
import type { RatioUnit } from '../model/release.ts';
import type { Localizer } from '../platform/localizer.ts';
import { prompts } from '../platform/prompts.ts';
import { toasts } from '../platform/toasts.ts';
import { previewText, type PreviewText } from './previewText.ts';

type Answer = 'send' | 'reason' | null;

/** Something speaks against it, or it cannot be taken back. */
const hurts = ({ plan, warnings }: Preview): boolean => plan.dangerous || warnings.length > 0;

/** What moves users, now or by what follows by itself, or hurts warns; the rest only asks. */
const severityOf = (preview: Preview): 'warning' | 'info' => {
  const { from, to, goesOnTo } = preview.plan;
  return hurts(preview) || [to, goesOnTo].some((ratio) => ratio !== null && ratio !== from) ? 'warning' : 'info';
};

const askReason = async (given: string | null, text: PreviewText, l10n: Localizer): Promise<string | null> => {
  const reason = await prompts.input({
    title: text.question,
    value: given ?? '',
    prompt: l10n.t('Enter: shows the request with it. Esc: nothing is sent.'),
    placeHolder: l10n.t('Reason, for the journal and the audit of the service (may be empty)'),
    ignoreFocusOut: true,
    validateInput: (value) => (value.length > 500 ? l10n.t('At most 500 characters.') : null),
  });
  return reason === undefined ? null : reason.trim();
};

const ask = async (preview: Preview, text: PreviewText, l10n: Localizer): Promise<Answer> => {
  const withReason = l10n.t('Give a Reason…');
  // The first button is the one that Enter presses: what hurts is never that.
  const buttons = hurts(preview) ? [withReason, text.button] : [text.button, withReason];
  const choice = await toasts.ask(severityOf(preview), text.question, text.detail, ...buttons);
  return choice === text.button ? 'send' : choice === withReason ? 'reason' : null;
};

/**
 * Shows what would be sent and what it does, and sends nothing; null when the person does not want it. A reason is part of the
 * request, so after one was given the whole is shown again.
 */
export const confirm = async (
  preview: Preview,
  unit: RatioUnit,
  l10n: Localizer,
  withReason: (preview: Preview, reason: string | null) => Preview,
): Promise<Preview | null> => {
  for (let shown = preview; ;) {
    const text = previewText(shown, unit, l10n);
    const answer = await ask(shown, text, l10n);
    if (answer !== 'reason') return answer === 'send' ? shown : null;
    const reason = await askReason(shown.plan.reason, text, l10n);
    if (reason === null) return null;
    shown = withReason(shown, reason === '' ? null : reason);
  }
};
