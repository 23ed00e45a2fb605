import * as vscode from 'vscode';
import type { Preview } from '../actions/preview.ts';
import type { RatioUnit } from '../model/release.ts';
import type { Localizer } from '../platform/localizer.ts';
import { toasts } from '../platform/toasts.ts';
import { previewText, requestText, type PreviewText } from './previewText.ts';

export interface Confirmed {
  readonly reason: string | null;
}

/** What moves users or hurts is asked in a modal dialog; the rest in a list that Enter accepts. */
const needsModal = ({ plan, warnings }: Preview): boolean =>
  plan.dangerous || warnings.length > 0 || (plan.to !== null && plan.to !== plan.from);

const askReason = async (text: PreviewText, l10n: Localizer): Promise<Confirmed | null> => {
  const reason = await vscode.window.showInputBox({
    title: text.question,
    prompt: l10n.t('Enter: {button}. Esc: nothing is sent.', { button: text.button }),
    placeHolder: l10n.t('Reason, for the journal and the audit of the service (may be empty)'),
    ignoreFocusOut: true,
    validateInput: (value) => (value.length > 500 ? l10n.t('At most 500 characters.') : null),
  });
  return reason === undefined ? null : { reason: reason.trim() === '' ? null : reason.trim() };
};

const modal = async (preview: Preview, text: PreviewText, l10n: Localizer): Promise<Confirmed | null> => {
  const withReason = l10n.t('Give a Reason…');
  // The first button is the one that Enter presses: what hurts is never that.
  const buttons = preview.plan.dangerous ? [withReason, text.button] : [text.button, withReason];
  const choice = await toasts.ask('warning', text.question, text.detail, ...buttons);
  if (choice === text.button) return { reason: null };
  return choice === withReason ? askReason(text, l10n) : null;
};

const list = async (preview: Preview, text: PreviewText, l10n: Localizer): Promise<Confirmed | null> => {
  const [line, ...body] = requestText(preview.plan).split('\n');
  const send = { label: text.button, description: line ?? '', detail: body.join('  ') };
  const withReason = { label: l10n.t('Give a Reason…') };
  const choice = await vscode.window.showQuickPick([send, withReason], {
    title: text.question,
    placeHolder: text.detail.split('\n\n')[0] ?? '',
  });
  if (!choice) return null;
  return choice.label === send.label ? { reason: null } : askReason(text, l10n);
};

/** Shows what would be sent and what it does, and sends nothing; null when the person does not want it. */
export const confirm = (preview: Preview, unit: RatioUnit, l10n: Localizer): Promise<Confirmed | null> => {
  const text = previewText(preview, unit, l10n);
  return needsModal(preview) ? modal(preview, text, l10n) : list(preview, text, l10n);
};
