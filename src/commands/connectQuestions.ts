import * as vscode from 'vscode';
import type { Localizer } from '../platform/localizer.ts';
import { prompts } from '../platform/prompts.ts';
import type { SourceSetting } from '../platform/sourceSettings.ts';
import { toasts } from '../platform/toasts.ts';
import { translate } from '../platform/translate.ts';
import { unlinked } from '../platform/unlinked.ts';
import type { ProbeFailure, ProbeFinding } from '../sources/http/probe.ts';
import { isLoopback } from '../sources/proxy.ts';
import { completeAddress, sameAddress, sourceAt } from './serviceAddress.ts';

/** What there is already; an address is not connected twice. */
export interface Connected {
  readonly sources: readonly SourceSetting[];
  readonly builtinUrl: string | null;
}

export const alreadyText = (name: string, l10n: Localizer): string =>
  l10n.t('{name} has this address already. If its token changed, use Enter Token…', { name });

const addressHint = (
  value: string,
  { sources, builtinUrl }: Connected,
  l10n: Localizer,
): vscode.InputBoxValidationMessage | string | null => {
  if (value.trim() === '') return null;
  const { Warning, Info } = vscode.InputBoxValidationSeverity;
  const address = completeAddress(value);
  if (address === null) return l10n.t('An address that begins with http:// or https://, without user name, ? and #.');
  const twin = sourceAt(address, sources);
  if (twin) return alreadyText(twin.name, l10n);
  if (builtinUrl !== null && sameAddress(address, builtinUrl))
    return { message: l10n.t('This is the built-in service, which stands in the tree already.'), severity: Warning };
  const { protocol, hostname } = new URL(address);
  if (protocol === 'http:' && !isLoopback(hostname))
    return { message: l10n.t('Over http the token can be read on the way; prefer https.'), severity: Warning };
  return address === value.trim().replace(/\/+$/, '') ? null : { message: l10n.t('Enter asks {address}', { address }), severity: Info };
};

/** The address as typed; `undefined` when given up. */
export const askAddress = (typed: string, connected: Connected, l10n: Localizer): Thenable<string | undefined> =>
  prompts.input({
    title: l10n.t('Connect a Service: Address'),
    prompt: l10n.t('Address of the gray-release service. It is asked once before anything is saved.'),
    placeHolder: 'https://rollouts.example.com',
    value: typed,
    ignoreFocusOut: true,
    validateInput: (value) => addressHint(value, connected, l10n),
  });

/** A token of an address; `undefined` when given up. */
export const askToken = (prompt: string, title: string, typed: string, l10n: Localizer): Thenable<string | undefined> =>
  prompts.input({
    title,
    prompt,
    value: typed,
    password: true,
    ignoreFocusOut: true,
    validateInput: (value) => (/[^\x21-\x7e]/.test(value) ? l10n.t('A token has no spaces or special characters.') : null),
  });

export const askName = (prompt: string, name: string, taken: readonly string[], l10n: Localizer): Thenable<string | undefined> =>
  prompts.input({
    title: l10n.t('Connect a Service: Name'),
    prompt,
    value: name,
    ignoreFocusOut: true,
    validateInput: (value) =>
      value.trim() === ''
        ? l10n.t('Type a name.')
        : taken.includes(value.trim())
          ? { message: l10n.t('Another source is called so; the tree will show two.'), severity: vscode.InputBoxValidationSeverity.Warning }
          : null,
  });

/** "Rollout Lens service 0.1.0, 3 releases, you may only read." */
export const findingText = ({ version, releases, role }: ProbeFinding, l10n: Localizer): string =>
  [
    version === null ? l10n.t('A gray-release service') : l10n.t('Rollout Lens service {version}', { version }),
    releases === 0 ? l10n.t('no release yet') : l10n.t('{count} releases', { count: releases }),
    ...(role === null ? [] : [role === 'operator' ? l10n.t('you may write') : l10n.t('you may only read')]),
  ].join(l10n.t(', '));

/** A quick answer needs no sign that it is awaited. */
const SILENCE_MS = 150;

/** Asks a service; when the answer takes a while, with a progress sign that cancels it. */
export const withContact = async <T>(
  origin: string,
  end: AbortSignal,
  l10n: Localizer,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> => {
  const own = new AbortController();
  const answer = task(AbortSignal.any([own.signal, end]));
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), SILENCE_MS);
  });
  try {
    if ((await Promise.race([answer, silence])) !== 'late') return await answer;
  } finally {
    clearTimeout(timer);
  }
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: unlinked(l10n.t('Asking {source}…', { source: origin })), cancellable: true },
    async (_, cancellation) => {
      const listener = cancellation.onCancellationRequested(() => own.abort());
      try {
        return await answer;
      } finally {
        listener.dispose();
      }
    },
  );
};

export type Remedy = 'address' | 'token' | 'authority' | 'again' | 'save';

/** What is wrong and what can be done about it, the likeliest first; null when given up. */
export const askRemedy = async (failure: ProbeFailure, address: string, l10n: Localizer): Promise<Remedy | null> => {
  const texts: Readonly<Record<Remedy, string>> = {
    address: l10n.t('Correct the Address…'),
    token: l10n.t('Enter Token…'),
    authority: l10n.t('Choose Authority File…'),
    again: l10n.t('Try Again'),
    save: l10n.t('Save Anyway…'),
  };
  const first: Remedy =
    failure.remedy?.type === 'token'
      ? 'token'
      : failure.remedy?.type === 'authority'
        ? 'authority'
        : failure.kind === 'timeout' || failure.kind === 'server'
          ? 'again'
          : 'address';
  const offered: readonly Remedy[] = [...new Set<Remedy>([first, 'address', first === 'address' ? 'again' : first, 'save'])];
  const text = translate(failure.message, l10n);
  const detail = [
    // Who is meant, where the sentence does not say it.
    ...(text.includes(address) ? [] : [address]),
    // That our own deadline broke it off adds nothing to "no answer within 10 s".
    ...(failure.detail === '' || failure.kind === 'timeout' ? [] : [failure.detail]),
    l10n.t('Nothing has been saved. Saved anyway, the source stands in the tree and is asked again and again.'),
  ].join('\n\n');
  const choice = await toasts.ask('warning', text, detail, ...offered.map((remedy) => texts[remedy]));
  return offered.find((remedy) => texts[remedy] === choice) ?? null;
};
