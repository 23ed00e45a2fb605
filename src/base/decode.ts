import { err, ok, type Result } from './result.ts';

/** Where in the input a value was not what it must be: `$.releases[2].ratio: expected a number, got "x"`. */
export interface DecodeError {
  readonly path: string;
  readonly expected: string;
  readonly got: string;
}

export type Decoder<T> = (input: unknown, path?: string) => Result<T, DecodeError>;
export type Decoded<D> = D extends Decoder<infer T> ? T : never;

export const describeDecodeError = (error: DecodeError): string => `${error.path}: expected ${error.expected}, got ${error.got}`;

const show = (input: unknown): string => {
  if (input === undefined) return 'nothing';
  if (typeof input === 'string') return JSON.stringify(input.length > 60 ? `${input.slice(0, 60)}…` : input);
  if (typeof input === 'number' || typeof input === 'boolean' || input === null) return String(input);
  return Array.isArray(input) ? 'a list' : typeof input === 'object' ? 'an object' : typeof input;
};

export const fail = (path: string, expected: string, input: unknown): { readonly ok: false; readonly error: DecodeError } =>
  err({ path, expected, got: show(input) });

const isRecord = (input: unknown): input is Readonly<Record<string, unknown>> =>
  typeof input === 'object' && input !== null && !Array.isArray(input);

export const string: Decoder<string> = (input, path = '$') => (typeof input === 'string' ? ok(input) : fail(path, 'a string', input));
export const boolean: Decoder<boolean> = (input, path = '$') =>
  typeof input === 'boolean' ? ok(input) : fail(path, 'true or false', input);

/** A finite number; NaN and the infinities are refused, since JSON has none. */
export const number: Decoder<number> = (input, path = '$') =>
  typeof input === 'number' && Number.isFinite(input) ? ok(input) : fail(path, 'a number', input);

export const integer: Decoder<number> = (input, path = '$') =>
  typeof input === 'number' && Number.isSafeInteger(input) ? ok(input) : fail(path, 'an integer', input);

export const between =
  (low: number, high: number): Decoder<number> =>
  (input, path = '$') => {
    const value = number(input, path);
    return !value.ok || (value.value >= low && value.value <= high)
      ? value
      : fail(path, `a number from ${String(low)} to ${String(high)}`, input);
  };

export const unknown: Decoder<unknown> = (input) => ok(input);

export const oneOf =
  <const T extends readonly string[]>(...values: T): Decoder<T[number]> =>
  (input, path = '$') =>
    typeof input === 'string' && values.includes(input) ? ok(input) : fail(path, values.map((v) => JSON.stringify(v)).join(' or '), input);

export const nullable =
  <T>(inner: Decoder<T>): Decoder<T | null> =>
  (input, path = '$') =>
    input === null || input === undefined ? ok(null) : inner(input, path);

export const withDefault =
  <T>(inner: Decoder<T>, fallback: T): Decoder<T> =>
  (input, path = '$') =>
    input === undefined ? ok(fallback) : inner(input, path);

export const array =
  <T>(inner: Decoder<T>): Decoder<readonly T[]> =>
  (input, path = '$') => {
    if (!Array.isArray(input)) return fail(path, 'a list', input);
    const out: T[] = [];
    for (let i = 0; i < input.length; i++) {
      const item = inner(input[i], `${path}[${String(i)}]`);
      if (!item.ok) return item;
      out.push(item.value);
    }
    return ok(out);
  };

export const record =
  <T>(inner: Decoder<T>): Decoder<Readonly<Record<string, T>>> =>
  (input, path = '$') => {
    if (!isRecord(input)) return fail(path, 'an object', input);
    // A map without prototype: a key named __proto__ is data like any other.
    const out = Object.create(null) as Record<string, T>;
    for (const [key, value] of Object.entries(input)) {
      const item = inner(value, `${path}.${key}`);
      if (!item.ok) return item;
      out[key] = item.value;
    }
    return ok(out);
  };

/** An object with at least these fields; unknown fields are ignored, so that a newer peer can add some. */
export const object =
  <S extends Readonly<Record<string, Decoder<unknown>>>>(shape: S): Decoder<{ readonly [K in keyof S]: Decoded<S[K]> }> =>
  (input, path = '$') => {
    if (!isRecord(input)) return fail(path, 'an object', input);
    const out: Record<string, unknown> = {};
    for (const [key, inner] of Object.entries(shape)) {
      const field = inner(input[key], `${path}.${key}`);
      if (!field.ok) return field;
      out[key] = field.value;
    }
    return ok(out as { readonly [K in keyof S]: Decoded<S[K]> });
  };

/** The first alternative that takes the input; the error is that of the last one. */
export const either =
  <A, B>(a: Decoder<A>, b: Decoder<B>): Decoder<A | B> =>
  (input, path = '$') => {
    const first = a(input, path);
    return first.ok ? first : b(input, path);
  };

export const map =
  <A, B>(inner: Decoder<A>, f: (value: A) => B): Decoder<B> =>
  (input, path = '$') => {
    const value = inner(input, path);
    return value.ok ? ok(f(value.value)) : value;
  };
