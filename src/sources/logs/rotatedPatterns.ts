/** Characters that a pattern reads as its own. */
const SPECIAL = /[*?[\]{}()!+@]/;

/**
 * Patterns that find a log file under its own name and under those that rotation gives it: `access.jsonl.1`, `access.jsonl-20261124`,
 * `access-20261124.jsonl`, `access.1.jsonl`. They do not reach another log beside it, such as `access-admin.jsonl`. Null for what is a pattern already, or whose
 * name a pattern would read otherwise.
 */
export const rotatedPatterns = (file: string): readonly string[] | null => {
  if (SPECIAL.test(file)) return null;
  const cut = file.search(/[^\\/]*$/);
  const dot = file.lastIndexOf('.');
  if (dot <= cut) return [file, `${file}[-.][0-9]*`];
  return [`${file}*`, `${file.slice(0, dot)}[-.][0-9]*${file.slice(dot)}*`];
};
