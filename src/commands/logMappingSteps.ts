import * as vscode from 'vscode';
import { formatQuantity } from '../model/format.ts';
import { latencyOf, timeOf } from '../sources/logs/fields.ts';
import type { LatencyUnit, LogMapping, TimeUnit } from '../sources/logs/mapping.ts';
import { guessErrors, type MappingChoice, type MappingProposal } from '../sources/logs/proposeMapping.ts';
import type { SampleField } from '../sources/logs/sampleFields.ts';
import { tally } from '../sources/logs/sampleReading.ts';
import { statusRule } from '../sources/logs/statusRule.ts';
import type { Localizer } from '../platform/localizer.ts';
import { prompts } from '../platform/prompts.ts';
import { toasts } from '../platform/toasts.ts';
import { dateText, unitWord } from './logReadingText.ts';

const TIME_UNITS: readonly TimeUnit[] = ['iso', 's', 'ms', 'us', 'ns'];
const LATENCY_UNITS: readonly LatencyUnit[] = ['ms', 's', 'us', 'ns'];

/** What a person decides in one go; undefined when they go back. */
export type Decision = Partial<MappingChoice> | undefined;

interface Choice<T> extends vscode.QuickPickItem {
  readonly value: T;
}

const pick = async <T>(items: readonly Choice<T>[], title: string, placeHolder: string): Promise<Choice<T> | undefined> =>
  prompts.pick(items, { title, placeHolder, matchOnDescription: true, ignoreFocusOut: true });

/** What is chosen now comes first: the first is the one that Enter takes. */
const currentFirst = <T>(items: readonly Choice<T>[], current: (value: T) => boolean): readonly Choice<T>[] =>
  [...items].sort((a, b) => Number(current(b.value)) - Number(current(a.value)));

const valuesOf = ({ fields }: MappingProposal, name: string | undefined): SampleField['values'] =>
  fields.find((field) => field.name === name)?.values ?? [];

/** `none` is the label for doing without. */
const pickField = async (
  { fields }: MappingProposal,
  current: string | null | undefined,
  title: string,
  placeHolder: string,
  none?: string,
): Promise<Choice<string | null> | undefined> => {
  const items: readonly Choice<string | null>[] = fields.map(({ name, values }) => ({
    label: name,
    description: tally(values)
      .slice(0, 4)
      .map(({ value }) => value)
      .join(', '),
    value: name,
  }));
  const without: readonly Choice<string | null>[] = none === undefined ? [] : [{ label: `$(circle-slash) ${none}`, value: null }];
  return pick(
    currentFirst([...items, ...without], (value) => value === current),
    title,
    placeHolder,
  );
};

/** Every value of the variant field with its count; the guess is ticked. */
export const decideCanary = async ({ variants, parts }: MappingProposal, title: string, l10n: Localizer): Promise<Decision> => {
  const total = variants.reduce((sum, { count }) => sum + count, 0);
  let ticked = new Set(parts.canary ?? []);
  for (;;) {
    const items = variants.map(({ value, count }) => ({
      label: value,
      description: l10n.t('{count} lines, {share}', {
        count: formatQuantity({ value: count, unit: 'count' }, l10n.locale),
        share: formatQuantity({ value: count / total, unit: 'ratio' }, l10n.locale),
      }),
      picked: ticked.has(value),
    }));
    const chosen = await prompts.pickMany(items, {
      title,
      placeHolder: l10n.t('Which value of {field} is the canary?', { field: parts.variantField ?? '' }),
      ignoreFocusOut: true,
    });
    if (chosen === undefined) return undefined;
    if (chosen.length > 0 && (chosen.length < variants.length || variants.length === 1))
      return { canary: chosen.map(({ label }) => label) };
    ticked = new Set(chosen.map(({ label }) => label));
    void toasts.warn(l10n.t('Tick at least one value, and not all of them: the others are the stable version.'));
  }
};

export const decideVariant = async (proposal: MappingProposal, title: string, l10n: Localizer): Promise<Decision> => {
  const field = await pickField(proposal, proposal.parts.variantField, title, l10n.t('Which field tells the version that answered?'));
  return typeof field?.value === 'string' ? { variantField: field.value, canary: undefined } : undefined;
};

export const decideTime = async (proposal: MappingProposal, title: string, l10n: Localizer): Promise<Decision> => {
  const { time } = proposal.parts;
  const field = await pickField(proposal, time?.field, title, l10n.t('Which field holds the time?'));
  if (typeof field?.value !== 'string') return undefined;
  const last = valuesOf(proposal, field.value).at(-1);
  const items = TIME_UNITS.map((unit): Choice<TimeUnit> => {
    const at = timeOf(last, unit);
    const shown = Number.isFinite(new Date(at).getTime()) ? dateText(at, l10n) : l10n.t('no time');
    return {
      label: unitWord(unit, l10n),
      description: l10n.t('{value} is then {time}', { value: String(last ?? '–'), time: shown }),
      value: unit,
    };
  });
  const fits = (unit: TimeUnit): boolean =>
    time?.field === field.value ? unit === time.unit : unit === 'iso' && !Number.isNaN(timeOf(last, 'iso'));
  const unit = await pick(currentFirst(items, fits), title, l10n.t('In which unit is it?'));
  return unit && { time: { field: field.value, unit: unit.value } };
};

/** Numbers of HTTP, words, or both; told at once how many lines a rule calls errors. */
const askErrors = async (
  proposal: MappingProposal,
  field: string,
  title: string,
  l10n: Localizer,
): Promise<LogMapping['status']['errors'] | undefined> => {
  const values = valuesOf(proposal, field);
  const seen = tally(values)
    .slice(0, 8)
    .map(({ value, count }) => `${value} ×${String(count)}`)
    .join(', ');
  const typed = await prompts.input({
    title,
    prompt: l10n.t(
      'Which values of {field} are errors? Such as >=500, 5xx, 500-599, 504 or a word; several are divided by commas. Seen: {seen}',
      {
        field,
        seen,
      },
    ),
    value: ((field === proposal.parts.statusField ? proposal.parts.errors : undefined) ?? guessErrors(values)).join(', '),
    ignoreFocusOut: true,
    validateInput: (text) => {
      const rule = statusRule([text]);
      if (!rule.ok) return l10n.t('Not understood: {part}', { part: rule.error });
      const errors = values.filter((value) => rule.value(value) === 'error').length;
      return {
        message: l10n.t('{errors} of {lines} sampled lines are errors by this rule.', { errors, lines: values.length }),
        severity: vscode.InputBoxValidationSeverity.Info,
      };
    },
  });
  return typed?.split(',').map((part) => part.trim());
};

export const decideStatus = async (proposal: MappingProposal, title: string, l10n: Localizer): Promise<Decision> => {
  const field = await pickField(proposal, proposal.parts.statusField, title, l10n.t('Which field holds the status?'));
  if (typeof field?.value !== 'string') return undefined;
  const errors = await askErrors(proposal, field.value, title, l10n);
  return errors && { statusField: field.value, errors };
};

export const decideLatency = async (proposal: MappingProposal, title: string, l10n: Localizer): Promise<Decision> => {
  const current = proposal.parts.latency?.field ?? proposal.unitless?.name;
  const none = l10n.t('Leave response times out');
  const field = await pickField(proposal, current, title, l10n.t('Which field holds the response time?'), none);
  if (field === undefined) return undefined;
  if (field.value === null) return { latency: null };
  const name = field.value;
  const values = valuesOf(proposal, name);
  const items = LATENCY_UNITS.map((unit): Choice<LatencyUnit> => {
    const sorted = values.flatMap((value) => latencyOf(value, unit) ?? []).sort((a, b) => a - b);
    const median = formatQuantity({ value: sorted[Math.floor(sorted.length / 2)] ?? NaN, unit: 'ms' }, l10n.locale);
    return { label: unitWord(unit, l10n), description: l10n.t('the median is then {median}', { median }), value: unit };
  });
  const placeHolder = l10n.t('In which unit is the response time {field} ({values})?', {
    field: name,
    values: values.slice(0, 3).join(', '),
  });
  const { latency } = proposal.parts;
  const unit = await pick(
    currentFirst(items, (value) => latency?.field === name && latency.unit === value),
    title,
    placeHolder,
  );
  return unit && { latency: { field: name, unit: unit.value } };
};

export const decideUser = async (proposal: MappingProposal, title: string, l10n: Localizer): Promise<Decision> => {
  const none = l10n.t('Do not count users');
  const field = await pickField(proposal, proposal.parts.userField, title, l10n.t('Which field holds the id of the user?'), none);
  return field && { userField: field.value };
};

export const decideService = async (proposal: MappingProposal, title: string, l10n: Localizer): Promise<Decision> => {
  const none = l10n.t('All lines are of one service');
  const field = await pickField(
    proposal,
    proposal.parts.releaseField,
    title,
    l10n.t('Which field names the service? Each value is a release of its own.'),
    none,
  );
  return field && { releaseField: field.value };
};
