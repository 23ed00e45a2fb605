import type * as vscode from 'vscode';
import type { LogMapping } from '../sources/logs/mapping.ts';
import { proposeMapping, type MappingChoice, type MappingProposal } from '../sources/logs/proposeMapping.ts';
import { readSample, type SampleReading } from '../sources/logs/sampleReading.ts';
import type { Localizer } from '../platform/localizer.ts';
import { prompts } from '../platform/prompts.ts';
import { canaryShareText, errorShareText, latencyText, newestText, unitWord } from './logReadingText.ts';
import {
  decideCanary,
  decideLatency,
  decideService,
  decideStatus,
  decideTime,
  decideUser,
  decideVariant,
  type Decision,
} from './logMappingSteps.ts';

/** A mapping that stands, with what it makes of the sample. */
export interface Understood {
  readonly choice: MappingChoice;
  readonly mapping: LogMapping;
  readonly reading: SampleReading;
}

type Decide = (proposal: MappingProposal, title: string, l10n: Localizer) => Promise<Decision>;

interface Row extends vscode.QuickPickItem {
  /** Null: go on. */
  readonly decide: Decide | null;
}

const rowsOf = (proposal: MappingProposal, reading: SampleReading | null, now: number, l10n: Localizer): readonly Row[] => {
  const { time, variantField, canary, statusField, errors, latency, userField, releaseField } = proposal.parts;
  const row = (label: string, field: string | null | undefined, detail: string | null | undefined, decide: Decide): Row => {
    const [icon, description] =
      field === undefined
        ? ['warning', l10n.t('not recognised: choose')]
        : field === null
          ? ['circle-slash', l10n.t('not read')]
          : ['edit', field];
    return { label: `$(${icon}) ${label}`, description: !detail ? description : `${description} · ${detail}`, decide };
  };
  const rows: readonly Row[] = [
    row(
      l10n.t('Time'),
      time?.field,
      time && [unitWord(time.unit, l10n), ...(reading ? [newestText(reading.newest, now, l10n)] : [])].join(' · '),
      decideTime,
    ),
    row(l10n.t('Variant'), variantField, null, decideVariant),
    row(l10n.t('Canary'), canary?.join(', '), reading && canaryShareText(reading, l10n), decideCanary),
    row(
      l10n.t('Status and errors'),
      statusField,
      statusField === undefined
        ? null
        : [l10n.t('errors: {rule}', { rule: (errors ?? []).join(', ') }), ...(reading ? [errorShareText(reading, l10n)] : [])].join(' · '),
      decideStatus,
    ),
    row(
      l10n.t('Response time'),
      proposal.unitless ? undefined : (latency?.field ?? null),
      latency ? [unitWord(latency.unit, l10n), ...(reading ? [latencyText(reading.medianLatencyMs, l10n)] : [])].join(' · ') : null,
      decideLatency,
    ),
    row(l10n.t('User'), userField ?? null, reading && userField ? l10n.t('{users} users', { users: reading.users }) : null, decideUser),
    row(l10n.t('Service'), releaseField ?? null, reading && releaseField ? reading.services.slice(0, 3).join(', ') : null, decideService),
  ];
  if (reading === null)
    return [...rows].sort((a, b) => Number(b.label.startsWith('$(warning)')) - Number(a.label.startsWith('$(warning)')));
  const understood = l10n.t('{counted} of {lines} sampled lines are understood', { counted: reading.understood, lines: reading.lines });
  return [{ label: `$(check) ${l10n.t('Go on')}`, description: understood, decide: null }, ...rows];
};

/** The canary is asked for whatever the guess: taking it wrong turns every verdict round. Null to go back. */
export const askCanary = async (
  sample: readonly string[],
  choice: MappingChoice,
  title: string,
  l10n: Localizer,
): Promise<MappingChoice | 'unknown' | null> => {
  const proposal = proposeMapping(sample, choice);
  if (proposal.variants.length === 0) return 'unknown';
  const decision = await decideCanary(proposal, title, l10n);
  return decision === undefined ? null : { ...choice, ...decision };
};

/** Everything that is understood, each to be corrected, until the person goes on. Null to go back. */
export const askOverview = async (
  sample: readonly string[],
  before: MappingChoice,
  title: string,
  l10n: Localizer,
): Promise<Understood | null> => {
  let choice = before;
  for (;;) {
    const now = Date.now();
    const proposal = proposeMapping(sample, choice);
    const { mapping } = proposal;
    const reading = mapping && readSample(sample, mapping, now);
    const placeHolder = mapping ? l10n.t('Is this right? Choose a line to correct it.') : l10n.t('Choose what could not be recognised.');
    const row = await prompts.pick(rowsOf(proposal, reading, now, l10n), { title, placeHolder, ignoreFocusOut: true });
    if (row === undefined) return null;
    if (row.decide === null) {
      if (mapping && reading) return { choice, mapping, reading };
      continue;
    }
    const decision = await row.decide(proposal, title, l10n);
    if (decision === undefined) continue;
    choice = { ...choice, ...decision };
    if (row.decide === decideVariant) {
      const canary = await decideCanary(proposeMapping(sample, choice), title, l10n);
      choice = { ...choice, ...canary };
    }
  }
};
