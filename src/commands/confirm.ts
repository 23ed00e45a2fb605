import * as vscode from 'vscode';
import type { Preview } from '../actions/preview.ts';
import type { RatioUnit } from '../model/release.ts';
import type { Localizer } from '../platform/localizer.ts';
import { toasts } from '../platform/toasts.ts';
import { previewText, requestText, type PreviewText } from './previewText.ts';

type Answer = 'send' | 'reason' | null;

/** What moves users or hurts is asked in a modal dialog; the rest in a list that Enter accepts. */
const needsModal = ({ plan, warnings }: Preview): boolean =>
  plan.dangerous || warnings.length > 0 || (plan.to !== null && plan.to !== plan.from);

const askReason = async (given: string | null, text: PreviewText, l10n: Localizer): Promise<string | null> => {
  const reason = await vscode.window.showInputBox({
    title: text.question,
    value: given ?? '',
    prompt: l10n.t('Enter: shows the request with it. Esc: nothing is sent.'),
    placeHolder: l10n.t('Reason, for the journal and the audit of the service (may be empty)'),
    ignoreFocusOut: true,
    validateInput: (value) => (value.length > 500 ? l10n.t('At most 500 characters.') : null),
  });
  return reason === undefined ? null : reason.trim();
};

const modal = async (preview: Preview, text: PreviewText, l10n: Localizer): Promise<Answer> => {
  const withReason = l10n.t('Give a Reason…');
  // The first button is the one that Enter presses: what hurts is never that.
  const buttons = preview.plan.dangerous ? [withReason, text.button] : [text.button, withReason];
  const choice = await toasts.ask('warning', text.question, text.detail, ...buttons);
  return choice === text.button ? 'send' : choice === withReason ? 'reason' : null;
};

const list = async (preview: Preview, text: PreviewText, l10n: Localizer): Promise<Answer> => {
  const [line, ...body] = requestText(preview.plan).split('\n');
  const send = { label: text.button, description: line ?? '', detail: body.join('  ') };
  const withReason = { label: l10n.t('Give a Reason…') };
  const choice = await vscode.window.showQuickPick([send, withReason], {
    title: text.question,
    placeHolder: text.detail.split('\n\n')[0] ?? '',
  });
  if (!choice) return null;
  return choice.label === send.label ? 'send' : 'reason';
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
    const answer = await (needsModal(shown) ? modal : list)(shown, text, l10n);
    if (answer !== 'reason') return answer === 'send' ? shown : null;
    const reason = await askReason(shown.plan.reason, text, l10n);
    if (reason === null) return null;
    shown = withReason(shown, reason === '' ? null : reason);
  }
};
