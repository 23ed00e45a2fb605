/**
 * Numbers, durations and times for a person, by Intl, in the language they are shown in. Shared by host and webview, so that the tree
 * and the page never write the same value in two ways. Values that are not finite are shown as an en dash.
 */
import type { Quantity, Unit } from './quantity.ts';

export const NO_VALUE = '–';

/** Short unit words: Intl's own ("sec", "hr", "mths") are longer than what engineers write, and it has none for most of these. */
const WORDS = {
  en: {
    points: ' points',
    point: ' point',
    perSecond: '/s',
    perMinute: '/min',
    cores: ' cores',
    ms: ' ms',
    s: ' s',
    min: ' min',
    h: ' h',
    d: ' d',
  },
  zh: {
    points: ' 个百分点',
    point: ' 个百分点',
    perSecond: '/秒',
    perMinute: '/分钟',
    cores: ' 核',
    ms: ' 毫秒',
    s: ' 秒',
    min: ' 分钟',
    h: ' 小时',
    d: ' 天',
  },
} as const satisfies Record<string, Readonly<Record<string, string>>>;
type Words = Readonly<Record<keyof (typeof WORDS)['en'], string>>;
const wordsOf = (locale: string): Words => (locale.toLowerCase().startsWith('zh') ? WORDS.zh : WORDS.en);

const numberFormats = new Map<string, Intl.NumberFormat>();
const numberFormat = (locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat => {
  const id = `${locale} ${JSON.stringify(options)}`;
  let format = numberFormats.get(id);
  if (!format) {
    format = new Intl.NumberFormat(locale, options);
    numberFormats.set(id, format);
  }
  return format;
};

const dateFormats = new Map<string, Intl.DateTimeFormat>();
const dateFormat = (locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => {
  const id = `${locale} ${JSON.stringify(options)}`;
  let format = dateFormats.get(id);
  if (!format) {
    format = new Intl.DateTimeFormat(locale, options);
    dateFormats.set(id, format);
  }
  return format;
};

/** Digits after the point that keep about three significant figures; trailing zeros are not shown. */
const digitsFor = (value: number): number => {
  const size = Math.abs(value);
  if (size === 0 || size >= 100) return 0;
  if (size >= 10) return 1;
  if (size >= 1) return 2;
  return Math.min(6, 2 - Math.floor(Math.log10(size)));
};
/** Shares are read in per cent: one digit from 1 % on, two significant ones below; what is not all is never written as 100 %. */
const percentDigits = (percent: number): number => {
  const size = Math.abs(percent);
  if (size === 0 || size >= 100) return 0;
  if (size >= 99.95) return Math.min(8, 1 - Math.floor(Math.log10(100 - size)));
  if (size >= 1) return 1;
  return Math.min(4, 1 - Math.floor(Math.log10(size)));
};

/** One less than the per cent of a share can hold, so that 0.07 has no digits of its binary form. */
const EXACT_PERCENT_DIGITS = 13;

interface Shown {
  /** By how much the value is divided before it is written. */
  readonly divisor: number;
  readonly options: Intl.NumberFormatOptions;
  readonly suffix: string;
}

const KIB = 1024;
const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** How a value of this size is written; axis ticks use the size of the axis for every tick. */
const shownAs = (unit: Unit, size: number, locale: string): Shown => {
  const words = wordsOf(locale);
  switch (unit) {
    case 'ratio':
    case 'relative':
      return { divisor: 1, options: { style: 'percent' }, suffix: '' };
    case 'points':
      return { divisor: 0.01, options: {}, suffix: words.points };
    case 'ms':
      return size >= 1000 ? { divisor: 1000, options: {}, suffix: words.s } : { divisor: 1, options: {}, suffix: words.ms };
    case 'perSecond':
    case 'perMinute':
    case 'cores':
      return { divisor: 1, options: {}, suffix: words[unit] };
    case 'bytes': {
      const power = size < KIB ? 0 : Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log2(size) / 10));
      return { divisor: KIB ** power, options: {}, suffix: ` ${BYTE_UNITS[power] ?? 'B'}` };
    }
    case 'rating':
    case 'count':
    case 'seconds':
    case 'time':
      return { divisor: 1, options: {}, suffix: '' };
  }
};

/** "3.1%", "+2.1 points", "38 ms", "1.2 s", "120/s", "512 MiB", "4,120", "12 min", "10:51". */
export const formatQuantity = (q: Quantity, locale: string): string => {
  if (!Number.isFinite(q.value)) return NO_VALUE;
  if (q.unit === 'seconds') return formatDuration(q.value * 1000, locale);
  if (q.unit === 'time') return formatTime(q.value, locale);
  const shown = shownAs(q.unit, Math.abs(q.value), locale);
  const value = q.value / shown.divisor;
  const isPercent = shown.options.style === 'percent';
  const digits = q.exact
    ? EXACT_PERCENT_DIGITS
    : isPercent
      ? percentDigits(value * 100)
      : q.unit === 'points'
        ? percentDigits(value)
        : q.unit === 'count'
          ? 0
          : digitsFor(value);
  const text = numberFormat(locale, {
    ...shown.options,
    maximumFractionDigits: digits,
    ...(q.signed ? { signDisplay: 'exceptZero' } : {}),
  }).format(value);
  return text + (q.unit === 'points' && /^\D?1$/.test(text) ? wordsOf(locale).point : shown.suffix);
};

/** An interval, with the unit once: "+1.2 … +3 points", "0.8% … 1.4%". */
export const formatInterval = (low: number, high: number, unit: Unit, locale: string, signed = false): string => {
  const both = [low, high].map((value) => formatQuantity({ value, unit, signed }, locale));
  if (unit !== 'points') return both.join(' … ');
  const bare = formatQuantity({ value: low, unit: 'relative', signed }, locale).replace(/\s?%/, '');
  return Number.isFinite(low) ? `${bare} … ${both[1] ?? NO_VALUE}` : both.join(' … ');
};

/** A tick of an axis that reaches to `size` in steps of `step` (both in the unit): every tick of an axis has the same form. */
export const formatTick = (value: number, unit: Unit, step: number, size: number, locale: string): string => {
  const shown = shownAs(unit, Math.abs(size), locale);
  const scale = shown.divisor / (shown.options.style === 'percent' ? 100 : 1);
  const digits = Math.min(6, Math.max(0, -Math.floor(Math.log10(step / scale) + 1e-9)));
  return (
    numberFormat(locale, { ...shown.options, minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value / shown.divisor) +
    shown.suffix
  );
};

/** What one shown unit of an axis of this size is worth (1024² for MiB), so that ticks fall on round shown numbers. */
export const tickBase = (unit: Unit, size: number): number => shownAs(unit, Math.abs(size), 'en').divisor;

const SECOND = 1000;
const UNITS = [
  ['d', 86_400 * SECOND],
  ['h', 3600 * SECOND],
  ['min', 60 * SECOND],
  ['s', SECOND],
] as const;

/** The two largest units of a duration in milliseconds: "4 min 10 s", "3 h", "2 d 4 h", "0 s". Negative ones count as zero. */
export const formatDuration = (ms: number, locale: string): string => {
  if (!Number.isFinite(ms)) return NO_VALUE;
  let rest = Math.max(0, Math.round(ms / SECOND) * SECOND);
  const largest = UNITS.findIndex(([, size]) => rest >= size);
  const parts: string[] = [];
  for (const [unit, size] of UNITS.slice(largest < 0 ? UNITS.length - 1 : largest).slice(0, 2)) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0 || parts.length === 0) parts.push(numberFormat(locale, {}).format(count) + wordsOf(locale)[unit]);
  }
  return parts.join(' ');
};

/** One unit, rounded down, for the age of something that is watched: "2 s", "12 min", "3 h". */
export const formatAge = (ms: number, locale: string): string => {
  if (!Number.isFinite(ms)) return NO_VALUE;
  const age = Math.max(0, ms);
  const [unit, size] = UNITS.find(([, unitSize]) => age >= unitSize) ?? UNITS[3];
  return numberFormat(locale, {}).format(Math.floor(age / size)) + wordsOf(locale)[unit];
};

export interface TimeOptions {
  readonly seconds?: boolean;
  readonly date?: boolean;
  /** Beside the date. */
  readonly year?: boolean;
  readonly zone?: boolean;
  /** IANA name; the machine's own zone without it. */
  readonly timeZone?: string;
}

/** A time of day in 24 hours, local unless told: "10:51", "10:51:20 GMT+8", "Nov 24, 10:51". */
export const formatTime = (ms: number, locale: string, options: TimeOptions = {}): string =>
  Number.isFinite(ms)
    ? dateFormat(locale, {
        hour: '2-digit',
        minute: '2-digit',
        hourCycle: 'h23',
        ...(options.seconds ? { second: '2-digit' } : {}),
        ...(options.date ? { month: 'short', day: 'numeric' } : {}),
        ...(options.year ? { year: 'numeric' } : {}),
        ...(options.zone ? { timeZoneName: 'short' } : {}),
        ...(options.timeZone ? { timeZone: options.timeZone } : {}),
      }).format(ms)
    : NO_VALUE;

const sameDay = (a: number, b: number, timeZone?: string): boolean =>
  [a, b]
    .map((ms) => dateFormat('en', { dateStyle: 'short', ...(timeZone ? { timeZone } : {}) }).format(ms))
    .every((day, _, [first]) => day === first);

/** A time of day, with its date where that is not the day of `now`: "10:51", "Nov 3, 14:32". */
export const formatMoment = (ms: number, now: number, locale: string, timeZone?: string): string =>
  Number.isFinite(ms) ? formatTime(ms, locale, { date: !sameDay(ms, now, timeZone), ...(timeZone ? { timeZone } : {}) }) : NO_VALUE;

/** A day without its time: "Nov 24", "11月24日". */
export const formatDay = (ms: number, locale: string, timeZone?: string): string =>
  Number.isFinite(ms) ? dateFormat(locale, { month: 'short', day: 'numeric', ...(timeZone ? { timeZone } : {}) }).format(ms) : NO_VALUE;
