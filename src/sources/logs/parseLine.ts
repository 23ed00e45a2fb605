import { err, ok, type Result } from '../../base/result.ts';
import type { VariantRole } from '../../model/release.ts';
import type { Outcome } from '../../model/rollupCell.ts';
import type { BadLineReason } from '../messages.ts';
import { fieldReader, latencyOf, present, timeOf } from './fields.ts';
import type { LogMapping } from './mapping.ts';
import { DEFAULT_ERRORS, statusRule, type StatusRule } from './statusRule.ts';

/** One request as a line tells it. */
export interface LogRecord {
  /** Epoch milliseconds. */
  readonly time: number;
  readonly variant: VariantRole;
  /** The variant's own name in the log: a version, most often. */
  readonly version: string;
  readonly outcome: Outcome;
  readonly latencyMs: number | undefined;
  readonly userId: string | undefined;
  /** Null: the mapping names no field for it, or the line has no value there. */
  readonly release: string | null;
}

export type LineParser = (line: string) => Result<LogRecord, BadLineReason>;

const BAD: Readonly<Record<BadLineReason, { readonly ok: false; readonly error: BadLineReason }>> = {
  json: err('json'),
  time: err('time'),
  variant: err('variant'),
  status: err('status'),
  long: err('long'),
  future: err('future'),
  old: err('old'),
};

export const ruleOf = (mapping: LogMapping): StatusRule => {
  const rule = statusRule(mapping.status.errors);
  if (rule.ok) return rule.value;
  // A decoded mapping has only rules that are understood; one made by hand falls back to the default.
  const fallback = statusRule([DEFAULT_ERRORS]);
  if (!fallback.ok) throw new Error(`the default status rule is not understood: ${fallback.error}`);
  return fallback.value;
};

const absent = (): undefined => undefined;

/** A parser for lines of this mapping. Status 499 (the client went away) has no response time: nobody waited for the answer. */
export function lineParser(mapping: LogMapping): LineParser {
  const time = fieldReader(mapping.time.field);
  const variant = fieldReader(mapping.variant.field);
  const status = fieldReader(mapping.status.field);
  const latency = mapping.latency === null ? absent : fieldReader(mapping.latency.field);
  const user = mapping.user === null ? absent : fieldReader(mapping.user.field);
  const release = mapping.release === null ? absent : fieldReader(mapping.release.field);
  const timeUnit = mapping.time.unit;
  const latencyUnit = mapping.latency?.unit ?? 'ms';
  const canary = new Set(mapping.variant.canary);
  const rule = ruleOf(mapping);

  return (line) => {
    let parsed: unknown;
    try {
      parsed = JSON.parse(line);
    } catch {
      return BAD.json;
    }
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return BAD.json;
    const json = parsed as Readonly<Record<string, unknown>>;
    const at = timeOf(time(json), timeUnit);
    if (Number.isNaN(at)) return BAD.time;
    const version = present(variant(json));
    if (version === undefined) return BAD.variant;
    const code = present(status(json));
    const outcome = code === undefined ? null : rule(code);
    if (outcome === null) return BAD.status;
    const id = present(user(json));
    const name = present(release(json));
    return ok({
      time: at,
      variant: canary.has(String(version)) ? 'canary' : 'stable',
      version: String(version),
      outcome,
      latencyMs: Number(code) === 499 ? undefined : latencyOf(latency(json), latencyUnit),
      userId: id === undefined ? undefined : String(id),
      release: name === undefined ? null : String(name),
    });
  };
}
