import * as vscode from 'vscode';
import { formatTime } from '../model/format.ts';
import type { LatencyUnit, LogMapping } from '../sources/logs/mapping.ts';
import type { MappingChoice, MappingProposal } from '../sources/logs/proposeMapping.ts';
import type { Config } from '../platform/config.ts';
import type { Localizer } from '../platform/localizer.ts';
import { logFolder } from '../platform/openSource.ts';
import { toasts } from '../platform/toasts.ts';
import { translate } from '../platform/translate.ts';

export interface AddLogsDeps {
  readonly config: Config;
  readonly l10n: Localizer;
}

/** How many of the newest lines the guess rests on. */
const SAMPLE_LINES = 200;
const PREVIEW_LINES = 3;

const askFiles = async (l10n: Localizer): Promise<readonly string[] | null> => {
  const browse = { label: `$(folder-opened) ${l10n.t('Choose files…')}` };
  const pattern = { label: `$(search) ${l10n.t('Type a path or pattern…')}`, description: '/var/log/nginx/access*.log' };
  const title = l10n.t('Add Log Files');
  const how = await vscode.window.showQuickPick([browse, pattern], { title, placeHolder: l10n.t('JSON lines, the variant in a field') });
  if (how === browse) {
    const uris = await vscode.window.showOpenDialog({ canSelectMany: true, openLabel: l10n.t('Add'), title });
    const files = uris?.filter((uri) => uri.scheme === 'file').map((uri) => uri.fsPath) ?? [];
    return files.length > 0 ? files : null;
  }
  if (how !== pattern) return null;
  const typed = await vscode.window.showInputBox({
    title,
    prompt: l10n.t('Path or glob pattern; several are divided by commas. Relative ones start at {folder}.', { folder: logFolder() }),
    placeHolder: '/var/log/nginx/access*.log',
    ignoreFocusOut: true,
  });
  const files = (typed ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
  return files.length > 0 ? files : null;
};

/** A plain file is moved away when its log is rotated: with its rotated names the history outlives that. Null when given up. */
const askRotated = async (files: readonly string[], l10n: Localizer): Promise<readonly string[] | null> => {
  const { rotatedPatterns } = await import('../sources/logs/rotatedPatterns.ts');
  const wide = files.flatMap((file) => rotatedPatterns(file) ?? [file]);
  if (wide.length === files.length) return files;
  const all = { label: l10n.t('With their rotated files'), detail: wide.join(', ') };
  const only = { label: l10n.t('Only these files'), detail: l10n.t('What was rotated away is not counted after a reload.') };
  const choice = await vscode.window.showQuickPick([all, only], {
    title: l10n.t('Add Log Files'),
    placeHolder: l10n.t('Follow the names that rotation gives them too?'),
  });
  return choice === all ? wide : choice === only ? files : null;
};

const pickField = async (proposal: MappingProposal, title: string, placeHolder: string): Promise<string | null> => {
  const items = proposal.fields.map(({ name, values }) => ({
    label: name,
    description: [...new Set(values.map(String))].slice(0, 4).join(', '),
  }));
  return (await vscode.window.showQuickPick(items, { title, placeHolder, matchOnDescription: true }))?.label ?? null;
};

/** Null: response times are left out; undefined: given up. */
const pickLatencyUnit = async (field: string, values: string, title: string, l10n: Localizer): Promise<LatencyUnit | null | undefined> => {
  const items: readonly (vscode.QuickPickItem & { readonly unit: LatencyUnit | null })[] = [
    { label: 'ms', description: l10n.t('milliseconds'), unit: 'ms' },
    { label: 'us', description: l10n.t('microseconds'), unit: 'us' },
    { label: 'ns', description: l10n.t('nanoseconds'), unit: 'ns' },
    { label: 's', description: l10n.t('seconds'), unit: 's' },
    { label: l10n.t('Leave response times out'), unit: null },
  ];
  const placeHolder = l10n.t('In which unit is the response time {field} ({values})?', { field, values });
  return (await vscode.window.showQuickPick(items, { title, placeHolder }))?.unit;
};

const readingOf = (proposal: MappingProposal, l10n: Localizer): string => {
  const counted = proposal.preview.filter((record) => record !== null);
  const rows = counted
    .slice(-PREVIEW_LINES)
    .map((record) =>
      [
        formatTime(record.time, l10n.locale, { seconds: true, date: true }),
        record.version,
        record.variant === 'canary' ? l10n.t('canary') : l10n.t('stable'),
        record.outcome,
        record.latencyMs === undefined ? null : `${record.latencyMs.toFixed(1)} ms`,
        record.userId ?? null,
        record.release,
      ]
        .filter((cell) => cell !== null)
        .join('  '),
    );
  return [
    l10n.t('{counted} of {lines} sampled lines are understood. The newest:', { counted: counted.length, lines: proposal.preview.length }),
    ...rows,
  ].join('\n');
};

/** What the guess leaves open is asked for, field by field, until the mapping stands or the person gives up. */
const complete = async (sample: readonly string[], l10n: Localizer): Promise<MappingProposal | null> => {
  const { proposeMapping } = await import('../sources/logs/proposeMapping.ts');
  const title = l10n.t('Add Log Files: what stands where');
  let choice: MappingChoice = {};
  for (let round = 0; round < 5; round++) {
    const proposal = proposeMapping(sample, choice);
    if (proposal.mapping || proposal.fields.length === 0) return proposal;
    const open = new Set(proposal.failures.map((failure) => failure.key));
    if (open.has('logs.guess.noTime')) {
      const field = await pickField(proposal, title, l10n.t('Which field holds the time?'));
      const unit =
        field === null
          ? undefined
          : await vscode.window.showQuickPick(['iso', 's', 'ms', 'us', 'ns'], { title, placeHolder: l10n.t('In which unit is it?') });
      if (field === null || unit === undefined) return null;
      choice = { ...choice, time: { field, unit: unit as LogMapping['time']['unit'] } };
    } else if (open.has('logs.guess.noVariant')) {
      const field = await pickField(proposal, title, l10n.t('Which field tells the version that answered?'));
      if (field === null) return null;
      choice = { ...choice, variantField: field };
    } else if (open.has('logs.guess.noCanary')) {
      const items = proposal.variants.map(({ value, count }) => ({ label: value, description: l10n.t('{count} lines', { count }) }));
      const value = (await vscode.window.showQuickPick(items, { title, placeHolder: l10n.t('Which value is the canary?') }))?.label;
      if (value === undefined) return null;
      choice = { ...choice, canary: value };
    } else if (open.has('logs.guess.noStatus')) {
      const field = await pickField(proposal, title, l10n.t('Which field holds the status?'));
      if (field === null) return null;
      choice = { ...choice, statusField: field };
    } else if (proposal.unitless) {
      const { name, values } = proposal.unitless;
      const unit = await pickLatencyUnit(name, values.slice(0, 3).join(', '), title, l10n);
      if (unit === undefined) return null;
      choice = { ...choice, latency: unit === null ? null : { field: name, unit } };
    } else return proposal;
  }
  return proposeMapping(sample, choice);
};

const withoutNulls = (mapping: LogMapping): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(mapping).filter(([, value]) => value !== null));

/** Files, a guess at what their fields mean, a look at how the lines are read, a name: then the source is in the settings. */
export const addLogSource = async (deps: AddLogsDeps): Promise<string | null> => {
  const { config, l10n } = deps;
  const chosen = await askFiles(l10n);
  const files = chosen && (await askRotated(chosen, l10n));
  if (!files) return null;
  const { sampleLines } = await import('../sources/logs/sample.ts');
  const sample = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: l10n.t('Reading the newest lines…') },
    () => sampleLines(files, logFolder(), SAMPLE_LINES),
  );
  if (!sample.ok) {
    void toasts.error(translate(sample.error.message, l10n));
    return null;
  }
  const proposal = await complete(sample.value.lines, l10n);
  if (!proposal) return null;
  if (!proposal.mapping) {
    const why = proposal.failures.map((failure) => translate(failure, l10n)).join(' ');
    void toasts.error(l10n.t('These files cannot be read as JSON lines of requests: {why}', { why }));
    return null;
  }
  const add = l10n.t('Add');
  const detail = [
    readingOf(proposal, l10n),
    ...proposal.failures.map((failure) => translate(failure, l10n)),
    JSON.stringify(withoutNulls(proposal.mapping)),
  ].join('\n\n');
  const choice = await toasts.ask('info', l10n.t('Read {file} like this?', { file: sample.value.file }), detail, add);
  if (choice !== add) return null;
  const name = await vscode.window.showInputBox({
    title: l10n.t('Add Log Files'),
    prompt: l10n.t('Name of the source in the tree'),
    value: sample.value.file.split(/[\\/]/).at(-1) ?? '',
    ignoreFocusOut: true,
    validateInput: (value) => (value.trim() === '' ? l10n.t('Type a name.') : null),
  });
  if (name === undefined) return null;
  const id = config.freeId(name);
  await config.addSource({ id, name: name.trim(), type: 'logs', files, mapping: withoutNulls(proposal.mapping) });
  return id;
};
