import type { LatencyUnit, TimeUnit } from './mapping.ts';

type Json = Readonly<Record<string, unknown>>;

/** Reads one field of a parsed line: by its whole name, else along its dots. Undefined where there is none. */
export function fieldReader(field: string): (line: Json) => unknown {
  const path = field.split('.');
  if (path.length === 1) return (line) => (Object.hasOwn(line, field) ? line[field] : undefined);
  return (line) => {
    if (Object.hasOwn(line, field)) return line[field];
    let at: unknown = line;
    for (const key of path) {
      if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
      at = (at as Json)[key];
    }
    return at;
  };
}

/** A scalar that says something: servers write "" and "-" for what they do not know. */
export const present = (value: unknown): string | number | boolean | undefined => {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  return typeof value === 'string' && value !== '' && value !== '-' ? value : undefined;
};

const PER_MS: Readonly<Record<LatencyUnit, number>> = { s: 1000, ms: 1, us: 1e-3, ns: 1e-6 };

/** How many milliseconds one of the unit is. */
export const perMs = (unit: LatencyUnit): number => PER_MS[unit];

const numberOf = (value: unknown): number => {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN;
};

/** `24/Nov/2026:12:39:53 +0000`, as in the common log format. */
const COMMON = /^(\d{2})\/(\w{3})\/(\d{4}):(\d{2}:\d{2}:\d{2}) ([+-]\d{2})(\d{2})$/;

function parseDate(text: string): number {
  const common = COMMON.exec(text);
  // Python and Java loggers write the fraction of a second behind a comma.
  if (!common) return Date.parse(text.replace(/(:\d{2}),(\d)/, '$1.$2'));
  const [, day = '', month = '', year = '', time = '', hours = '', minutes = ''] = common;
  return Date.parse(`${day} ${month} ${year} ${time} ${hours}${minutes}`);
}

/** Epoch milliseconds; NaN where the value is no time in this unit. */
export function timeOf(value: unknown, unit: TimeUnit): number {
  if (unit === 'iso') return typeof value === 'string' ? parseDate(value) : NaN;
  return numberOf(value) * PER_MS[unit];
}

/**
 * Milliseconds; undefined where there is none, or a negative one, which is no time (a clock was set meanwhile). A proxy that tried several
 * servers writes a list ("0.010, 0.020 : 0.005"): the request took the sum.
 */
export function latencyOf(value: unknown, unit: LatencyUnit): number | undefined {
  if (typeof value === 'number') return value < 0 ? undefined : value * PER_MS[unit];
  if (typeof value !== 'string') return undefined;
  let sum = 0;
  let any = false;
  for (const part of value.split(/[,:]/)) {
    const seconds = numberOf(part);
    if (Number.isNaN(seconds)) continue;
    // What the others took is not what the request took.
    if (seconds < 0) return undefined;
    sum += seconds;
    any = true;
  }
  return any ? sum * PER_MS[unit] : undefined;
}
