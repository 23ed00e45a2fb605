import { err, ok, type Result } from '../../base/result.ts';
import type { Outcome } from '../../model/rollupCell.ts';

export const DEFAULT_ERRORS = '>=500';

/** Tells what became of a request from the status as it stands in the log; null when that is no status at all. */
export type StatusRule = (status: string | number | boolean) => Outcome | null;

type Matcher = (text: string, code: number) => boolean;

const COMPARISON = /^(>=|<=|>|<|=)\s*(\d+)$/;
const RANGE = /^(\d+)\s*-\s*(\d+)$/;
const CLASS = /^(\d)xx$/i;

/** One alternative of a rule: `>=500`, `500-599`, `5xx`, `504`, or a word such as `ERROR` or `false` (any case). */
function matcherOf(part: string): Matcher | null {
  const comparison = COMPARISON.exec(part);
  if (comparison) {
    const limit = Number(comparison[2]);
    switch (comparison[1]) {
      case '>=':
        return (_, code) => code >= limit;
      case '<=':
        return (_, code) => code <= limit;
      case '>':
        return (_, code) => code > limit;
      case '<':
        return (_, code) => code < limit;
      default:
        return (_, code) => code === limit;
    }
  }
  const range = RANGE.exec(part);
  if (range) return (_, code) => code >= Number(range[1]) && code <= Number(range[2]);
  const hundreds = CLASS.exec(part);
  if (hundreds) return (_, code) => Math.floor(code / 100) === Number(hundreds[1]);
  if (/^[<>=]/.test(part) || part === '') return null;
  const word = part.toLowerCase();
  return (text) => text.toLowerCase() === word;
}

/**
 * A rule from the settings: one alternative or several, separated by commas or given as a list. What it does not name is `clientError`
 * for 4xx (499 is one), else `ok`. The error is the part that is not understood.
 */
export function statusRule(parts: readonly (string | number | boolean)[]): Result<StatusRule, string> {
  const matchers: Matcher[] = [];
  for (const part of parts.flatMap((one) => String(one).split(','))) {
    const matcher = matcherOf(part.trim());
    if (matcher === null) return err(part);
    matchers.push(matcher);
  }
  return ok((status) => {
    // Several upstreams tried: "502, 200". The last one is what the client got.
    const text = typeof status === 'string' ? (status.split(/[,:]/).at(-1) ?? '').trim() : String(status);
    if (text === '' || text === '-') return null;
    const code = typeof status === 'number' ? status : Number(text);
    if (matchers.some((matches) => matches(text, code))) return 'error';
    return code >= 400 && code < 500 ? 'clientError' : 'ok';
  });
}
