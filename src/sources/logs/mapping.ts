import {
  array,
  boolean,
  either,
  fail,
  map,
  number,
  object,
  oneOf,
  string,
  withDefault,
  type DecodeError,
  type Decoder,
} from '../../base/decode.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { DEFAULT_ERRORS, statusRule } from './statusRule.ts';

const TIME_UNITS = ['s', 'ms', 'us', 'ns', 'iso'] as const;
export type TimeUnit = (typeof TIME_UNITS)[number];
const LATENCY_UNITS = ['s', 'ms', 'us', 'ns'] as const;
export type LatencyUnit = (typeof LATENCY_UNITS)[number];

/**
 * Where in a JSON line each fact stands. A field is a key of the line, or a path with dots into nested objects (`http.status`);
 * a key that has the dots itself goes first. `iso` takes ISO 8601 and the common log format's time.
 */
export interface LogMapping {
  readonly time: { readonly field: string; readonly unit: TimeUnit };
  /** The values that mean the canary; every other value is the stable variant. */
  readonly variant: { readonly field: string; readonly canary: readonly string[] };
  /** What counts as an error: see `statusRule`. */
  readonly status: { readonly field: string; readonly errors: readonly (string | number | boolean)[] };
  readonly latency: { readonly field: string; readonly unit: LatencyUnit } | null;
  readonly user: { readonly field: string } | null;
  /** Names the service: each value makes one release. Null: all lines are one release. */
  readonly release: { readonly field: string } | null;
}

const field: Decoder<string> = (input, path = '$') => {
  const text = string(input, path);
  return text.ok && text.value.trim() === '' ? fail(path, 'the name of a field', input) : text;
};

const oneOrMany = <T>(inner: Decoder<T>): Decoder<readonly T[]> =>
  either(
    map(inner, (value) => [value] as readonly T[]),
    array(inner),
  );

const scalar = either(either(string, number), boolean);

const canary: Decoder<readonly string[]> = (input, path = '$') => {
  const values = map(oneOrMany(scalar), (list) => list.map(String))(input, path);
  return values.ok && values.value.length > 0 && !values.value.includes('') ? values : fail(path, 'the value that means the canary', input);
};

const errors: Decoder<readonly (string | number | boolean)[]> = (input, path = '$') => {
  const parts = oneOrMany(scalar)(input, path);
  if (!parts.ok) return parts;
  const rule = statusRule(parts.value);
  return rule.ok ? parts : fail(path, 'statuses such as ">=500", "5xx", "500-599" or a list of them', rule.error);
};

const optional =
  <T>(inner: Decoder<T>): Decoder<T | null> =>
  (input, path = '$') =>
    input === undefined || input === null ? ok(null) : inner(input, path);

const decoder: Decoder<LogMapping> = object({
  time: object({ field, unit: withDefault(oneOf(...TIME_UNITS), 'iso') }),
  variant: object({ field, canary }),
  status: object({ field, errors: withDefault(errors, [DEFAULT_ERRORS]) }),
  latency: optional(object({ field, unit: withDefault(oneOf(...LATENCY_UNITS), 'ms') })),
  user: optional(object({ field })),
  release: optional(object({ field })),
});

/** What a mapping may hold, and each of its parts. */
export const MAPPING_KEYS = {
  time: { field: null, unit: null },
  variant: { field: null, canary: null },
  status: { field: null, errors: null },
  latency: { field: null, unit: null },
  user: { field: null },
  release: { field: null },
} as const satisfies Readonly<Record<keyof LogMapping, unknown>>;

/** A mapping as it stands in the settings. The error's path names the setting: `mapping.time.unit: expected …`. */
export const decodeLogMapping = (input: unknown): Result<LogMapping, DecodeError> => {
  const decoded = decoder(input, 'mapping');
  return decoded.ok ? ok(decoded.value) : err(decoded.error);
};
