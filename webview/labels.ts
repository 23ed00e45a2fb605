import { PAGE_LABELS, type PageLabel } from '../src/protocol/labels.ts';

/** A word of the page in the user's language, `{name}` filled in. A missing one shows its id, so that it is seen. */
export type Say = (id: PageLabel, args?: Readonly<Record<string, string>>) => string;

export const sayIn =
  (labels: Readonly<Record<string, string>>): Say =>
  (id, args = {}) =>
    (labels[id] ?? id).replace(/\{(\w+)\}/g, (whole, name: string) => args[name] ?? whole);

export const missingLabels = (labels: Readonly<Record<string, string>>): readonly PageLabel[] =>
  PAGE_LABELS.filter((id) => !Object.hasOwn(labels, id));
