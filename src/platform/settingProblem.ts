import type { DecodeError } from '../base/decode.ts';

type Fault =
  /** A value is not what it must be; `got` is the value as it may be shown. */
  | { readonly type: 'expected'; readonly expected: string; readonly got: string }
  | { readonly type: 'missing'; readonly expected: string }
  /** A key that nobody reads. `suggestion` is the known key it looks like. */
  | { readonly type: 'unknownKey'; readonly suggestion: string | null; readonly known: readonly string[] }
  /** Another source of the list has this id. */
  | { readonly type: 'idTaken'; readonly id: string };

/** One thing that is wrong in the settings, and where. */
export interface SettingProblem {
  /** From the name of the setting on: `['rolloutLens.sources', 1, 'mapping', 'time', 'unit']`. */
  readonly path: readonly (string | number)[];
  /** What the source is called that it stands in, as far as that can be told; null where it is not in a source. */
  readonly source: string | null;
  /** `error`: the value is not used, and a source with one is not read. `warning`: all but this key is used. */
  readonly severity: 'error' | 'warning';
  readonly fault: Fault;
}

/** The steps of a decoder's path, `$.mapping.canary[0]`, without its root. */
const stepsOf = (path: string): readonly (string | number)[] =>
  (path.match(/[^.[\]]+/g) ?? []).slice(1).map((step) => (/^\d+$/.test(step) ? Number(step) : step));

/** A decoder's error as a problem at `root`. */
export const problemOf = (error: DecodeError, root: SettingProblem['path'], source: string | null): SettingProblem => ({
  path: [...root, ...stepsOf(error.path)],
  source,
  severity: 'error',
  fault:
    error.got === 'nothing'
      ? { type: 'missing', expected: error.expected }
      : { type: 'expected', expected: error.expected, got: error.got },
});

/** `rolloutLens.sources[1].mapping.time.unit`, as one looks for it. */
export const placeOf = (path: SettingProblem['path']): string =>
  path.map((step, index) => (typeof step === 'number' ? `[${String(step)}]` : index === 0 ? step : `.${step}`)).join('');

/** What is wrong with one source, or with another setting: one row for a person. */
export interface ProblemGroup {
  /** The place of the source or setting: `rolloutLens.sources[1]`. */
  readonly root: string;
  /** What is told first. */
  readonly first: SettingProblem;
  readonly others: readonly SettingProblem[];
}

/** A misspelt key says more than that the right one is missing. */
const explainsMissing = ({ fault }: SettingProblem, all: readonly SettingProblem[]): boolean =>
  fault.type === 'unknownKey' && all.some((other) => other.fault.type === 'missing' && other.path.at(-1) === fault.suggestion);

/** Problems of the same source together; groups that take something out come first, else all is in the order it stands. */
export const groupProblems = (problems: readonly SettingProblem[]): readonly ProblemGroup[] => {
  const byRoot = new Map<string, SettingProblem[]>();
  for (const problem of problems) {
    const root = placeOf(problem.path.slice(0, typeof problem.path[1] === 'number' ? 2 : 1));
    byRoot.set(root, [...(byRoot.get(root) ?? []), problem]);
  }
  const weight = (problem: SettingProblem, all: readonly SettingProblem[]): number =>
    explainsMissing(problem, all) ? 0 : problem.severity === 'error' ? 1 : 2;
  const groups = [...byRoot].flatMap(([root, all]) => {
    const [first, ...others] = all.toSorted((a, b) => weight(a, all) - weight(b, all));
    return first ? [{ root, first, others }] : [];
  });
  return groups.toSorted((a, b) => Number(isError(b)) - Number(isError(a)));
};

/** Something is not used at all because of it. */
export const isError = ({ first, others }: ProblemGroup): boolean => [first, ...others].some(({ severity }) => severity === 'error');
