import path from 'node:path';
import * as vscode from 'vscode';
import type { Localizer } from '../platform/localizer.ts';
import { logFolder } from '../platform/openSource.ts';
import { prompts } from '../platform/prompts.ts';
import { toasts } from '../platform/toasts.ts';
import { translate } from '../platform/translate.ts';
import { message } from '../model/message.ts';
import type { SourceMessageKey } from '../sources/messages.ts';
import type { Sample } from '../sources/logs/sample.ts';
import { excerpt } from './logReadingText.ts';

/** How many of the newest lines the guess rests on. */
const SAMPLE_LINES = 1000;

/** Patterns with their newest lines, or why there are none. */
export interface ChosenFiles {
  readonly files: readonly string[];
  readonly sample: Sample;
}

/** Patterns divided by commas; those inside braces belong to a pattern. */
export const splitPatterns = (typed: string): readonly string[] =>
  (typed.match(/(?:\{[^}]*\}|[^,])+/g) ?? []).map((part) => part.trim()).filter((part) => part !== '');

const isJsonObject = (line: string): boolean => {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
};

/** Null when given up. */
const askPatterns = async (before: readonly string[], title: string, l10n: Localizer): Promise<readonly string[] | null> => {
  const browse = { label: `$(folder-opened) ${l10n.t('Choose files…')}` };
  const pattern = { label: `$(search) ${l10n.t('Type a path or pattern…')}`, description: '/var/log/nginx/access*.log' };
  const placeHolder = l10n.t('JSON lines, the variant in a field');
  for (;;) {
    const how = await prompts.pick([browse, pattern], { title, placeHolder, ignoreFocusOut: true });
    if (how === undefined) return null;
    if (how === browse) {
      const uris = await vscode.window.showOpenDialog({ canSelectMany: true, openLabel: l10n.t('Choose'), title });
      const files = uris?.filter((uri) => uri.scheme === 'file').map((uri) => uri.fsPath) ?? [];
      if (files.length > 0) return files;
    } else {
      const typed = await prompts.input({
        title,
        prompt: l10n.t('Path or glob pattern; several are divided by commas. Relative ones start at {folder}.', { folder: logFolder() }),
        placeHolder: '/var/log/nginx/access*.log',
        value: before.join(', '),
        ignoreFocusOut: true,
        validateInput: (text) => (splitPatterns(text).length === 0 ? l10n.t('Type a path or pattern.') : null),
      });
      if (typed !== undefined) return splitPatterns(typed);
    }
  }
};

/** The newest lines, JSON objects among them; else the reason in words. */
const sampleOf = async (files: readonly string[], l10n: Localizer): Promise<Sample | string> => {
  const { sampleLines } = await import('../sources/logs/sample.ts');
  const location = vscode.ProgressLocation.Window;
  const sample = await vscode.window.withProgress({ location, title: l10n.t('Reading the newest lines…') }, () =>
    sampleLines(files, logFolder(), SAMPLE_LINES),
  );
  if (!sample.ok) return translate(sample.error.message, l10n);
  const { file, lines } = sample.value;
  if (lines.some(isJsonObject)) return sample.value;
  return translate(message<SourceMessageKey>('logs.sample.noJson', { file, example: excerpt(lines.at(-1) ?? '') }), l10n);
};

/** Asks until the files have lines to learn from, and says each time why they have none. Null when given up. */
export const askFiles = async (before: readonly string[], title: string, l10n: Localizer): Promise<ChosenFiles | null> => {
  let files = before;
  for (;;) {
    const chosen = await askPatterns(files, title, l10n);
    if (chosen === null) return null;
    files = chosen;
    const sample = await sampleOf(files, l10n);
    if (typeof sample !== 'string') return { files, sample };
    const again = l10n.t('Choose Other Files…');
    const help = l10n.t(
      'Nothing was added. A log is understood when each of its lines is a JSON object that tells time, variant and status; with nginx: log_format … escape=json.',
    );
    if ((await toasts.ask('warning', sample, help, again)) !== again) return null;
  }
};

/** Whether rotation may give one of them another name that none of the patterns reaches. */
export const hasRotatedNames = async (files: readonly string[]): Promise<boolean> => {
  const { rotatedPatterns } = await import('../sources/logs/rotatedPatterns.ts');
  return files.some((file) => rotatedPatterns(file) !== null);
};

/** A plain file is moved away when its log is rotated: with its rotated names the history outlives that. Null to go back. */
export const askRotated = async (files: readonly string[], title: string, l10n: Localizer): Promise<readonly string[] | null> => {
  const { rotatedPatterns } = await import('../sources/logs/rotatedPatterns.ts');
  const wide = files.flatMap((file) => rotatedPatterns(file) ?? [file]);
  const all = { label: l10n.t('With their rotated files'), detail: wide.map((file) => path.basename(file)).join(', ') };
  const only = { label: l10n.t('Only these files'), detail: l10n.t('What was rotated away is not counted after a reload.') };
  const placeHolder = l10n.t('Follow the names that rotation gives them too?');
  const choice = await prompts.pick([all, only], { title, placeHolder, ignoreFocusOut: true });
  return choice === all ? wide : choice === only ? files : null;
};
