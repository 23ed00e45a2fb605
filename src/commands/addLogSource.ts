import path from 'node:path';
import type { LogMapping } from '../sources/logs/mapping.ts';
import type { MappingChoice } from '../sources/logs/proposeMapping.ts';
import type { Config } from '../platform/config.ts';
import type { Localizer } from '../platform/localizer.ts';
import { prompts } from '../platform/prompts.ts';
import { toasts } from '../platform/toasts.ts';
import { askFiles, askRotated, hasRotatedNames, type ChosenFiles } from './logFilesSteps.ts';
import type { Understood } from './logOverview.ts';

export interface AddLogsDeps {
  readonly config: Config;
  readonly l10n: Localizer;
}

/** What has been said so far; going back keeps it. */
interface Draft {
  readonly chosen: ChosenFiles | null;
  readonly files: readonly string[];
  readonly choice: MappingChoice;
  readonly understood: Understood | null;
  readonly name: string | null;
}

type Answer = { readonly draft: Draft } | 'back' | 'skip' | 'end' | { readonly goTo: Step };
type Step = (draft: Draft, title: string, l10n: Localizer) => Promise<Answer>;

const files: Step = async (draft, title, l10n) => {
  const chosen = await askFiles(draft.chosen?.files ?? [], title, l10n);
  if (chosen === null) return 'end';
  const same = chosen.files.join('\n') === draft.chosen?.files.join('\n');
  return { draft: { ...draft, chosen, files: chosen.files, choice: same ? draft.choice : {}, name: same ? draft.name : null } };
};

const rotated: Step = async (draft, title, l10n) => {
  const plain = draft.chosen?.files ?? [];
  if (!(await hasRotatedNames(plain))) return 'skip';
  const wide = await askRotated(plain, title, l10n);
  return wide === null ? 'back' : { draft: { ...draft, files: wide } };
};

const canary: Step = async (draft, title, l10n) => {
  const { askCanary } = await import('./logOverview.ts');
  const choice = await askCanary(draft.chosen?.sample.lines ?? [], draft.choice, title, l10n);
  return choice === null ? 'back' : choice === 'unknown' ? 'skip' : { draft: { ...draft, choice } };
};

const overview: Step = async (draft, title, l10n) => {
  const { askOverview } = await import('./logOverview.ts');
  const understood = await askOverview(draft.chosen?.sample.lines ?? [], draft.choice, title, l10n);
  return understood === null ? 'back' : { draft: { ...draft, choice: understood.choice, understood } };
};

const name: Step = async (draft, title, l10n) => {
  const typed = await prompts.input({
    title,
    prompt: l10n.t('Name of the source in the tree'),
    value: draft.name ?? path.basename(draft.chosen?.sample.file ?? ''),
    ignoreFocusOut: true,
    validateInput: (value) => (value.trim() === '' ? l10n.t('Type a name.') : null),
  });
  return typed === undefined ? 'back' : { draft: { ...draft, name: typed.trim() } };
};

const confirm: Step = async (draft, _title, l10n) => {
  const { understood, chosen } = draft;
  if (!understood || !chosen) return 'end';
  const { readingText } = await import('./logReadingText.ts');
  const [add, change] = [l10n.t('Add'), l10n.t('Change…')];
  const detail = [
    readingText(understood.reading, understood.mapping, Date.now(), l10n),
    l10n.t('Sampled: {file}', { file: chosen.sample.file }),
    l10n.t('Followed: {files}', { files: draft.files.join(', ') }),
  ];
  const answer = await toasts.ask('info', l10n.t('Add the logs {name}?', { name: draft.name ?? '' }), detail.join('\n\n'), add, change);
  return answer === add ? { draft } : answer === change ? { goTo: overview } : 'end';
};

const STEPS: readonly Step[] = [files, rotated, canary, overview, name, confirm];

/** Asks step by step; Esc leads back to the step before. Null when given up. */
const ask = async (l10n: Localizer): Promise<Draft | null> => {
  let draft: Draft = { chosen: null, files: [], choice: {}, understood: null, name: null };
  const asked: number[] = [];
  for (let at = 0; at < STEPS.length;) {
    const step = STEPS[at];
    const title = l10n.t('Add Log Files ({step}/{steps})', { step: at + 1, steps: STEPS.length });
    const answer = step ? await step(draft, title, l10n) : 'end';
    if (answer === 'end') return null;
    if (answer === 'back') {
      const before = asked.pop();
      if (before === undefined) return null;
      at = before;
    } else if (answer === 'skip') at++;
    else if ('goTo' in answer) {
      at = STEPS.indexOf(answer.goTo);
      asked.splice(asked.findIndex((one) => one >= at));
    } else {
      draft = answer.draft;
      asked.push(at++);
    }
  }
  return draft;
};

const withoutNulls = (mapping: LogMapping): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(mapping).filter(([, value]) => value !== null));

/** Files, the canary, what the other fields mean, a name, a look at all of it: then the source is in the settings. The answer is its id. */
export const addLogSource = async ({ config, l10n }: AddLogsDeps): Promise<string | null> => {
  const draft = await ask(l10n);
  if (!draft?.understood || draft.name === null) {
    void toasts.info(l10n.t('No log files were added.'));
    return null;
  }
  const id = config.freeId(draft.name);
  const mapping = withoutNulls(draft.understood.mapping);
  await config.addSource({ id, name: draft.name, type: 'logs', files: draft.files, mapping });
  return id;
};
