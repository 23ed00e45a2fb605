// Pieces of JSON, read from the bytes of a line. They answer only for what they are sure of.

const QUOTE = 0x22;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const DEL = 0x7f;

/** Digits that a double holds exactly. */
const MOST_DIGITS = 15;
const POWERS = Float64Array.from({ length: MOST_DIGITS + 1 }, (_, i) => 10 ** i);

const LETTERS = 0x61;
const WORDS = ['true', 'false', 'null'].map((word) => Buffer.from(word));
/** What may follow a backslash, but for `u`, whose digits the parser checks. */
const ESCAPED = Buffer.from('"\\\\/bfnrt');

/** The end of the string that begins at `at`, past its quote; -1 where there is none. Of a `plain` one no byte needs another look. */
export function stringEnd(bytes: Buffer, at: number, to: number, plain: boolean): number {
  for (let i = at + 1; i < to; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === QUOTE) return i + 1;
    if (byte < 0x20 || (plain && (byte === BACKSLASH || byte >= DEL))) return -1;
    if (byte === BACKSLASH && !ESCAPED.includes(bytes[++i] ?? 0)) return -1;
  }
  return -1;
}

/** The end of the number, `true`, `false` or `null` that begins at `at`; -1 where there is none. Exponents are for the parser. */
export function wordEnd(bytes: Buffer, at: number, to: number): number {
  const begin = bytes[at] ?? 0;
  if (begin >= LETTERS) {
    const word = WORDS.find((one) => isAt(bytes, at, at + one.length, one));
    return word ? at + word.length : -1;
  }
  const first = begin === MINUS ? at + 1 : at;
  let dot = -1;
  let i = first;
  for (; i < to; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === DOT && dot < 0) dot = i;
    else if (byte < ZERO || byte >= COLON) break;
  }
  const isNumber = i > first && dot !== first && dot !== i - 1 && (bytes[first] !== ZERO || i === first + 1 || dot === first + 1);
  return isNumber ? i : -1;
}

/** A plain decimal, bare or in quotes, of at most 15 digits: exactly what Number() makes of it. NaN for everything else. */
export function decimal(bytes: Buffer, start: number, end: number): number {
  if (start < 0) return NaN;
  const quoted = bytes[start] === QUOTE ? 1 : 0;
  let value = 0;
  let digits = 0;
  let fraction = -1;
  for (let i = start + quoted; i < end - quoted; i++) {
    const byte = bytes[i] ?? 0;
    if (byte >= ZERO && byte < COLON) {
      value = value * 10 + (byte - ZERO);
      digits++;
      if (fraction >= 0) fraction++;
    } else if (byte === DOT && fraction < 0 && digits > 0) fraction = 0;
    else return NaN;
  }
  if (digits === 0 || digits > MOST_DIGITS || fraction === 0) return NaN;
  // Both are exact, so the quotient is the double nearest to the decimal.
  return fraction > 0 ? value / (POWERS[fraction] ?? NaN) : value;
}

export function isAt(bytes: Buffer, start: number, end: number, name: Buffer): boolean {
  if (end - start !== name.length) return false;
  for (let i = 0; i < name.length; i++) if (bytes[start + i] !== name[i]) return false;
  return true;
}
