import { message, type Message } from '../../model/message.ts';
import type { SourceMessageKey } from '../messages.ts';
import { latencyOf, timeOf } from './fields.ts';
import type { LatencyUnit, LogMapping, TimeUnit } from './mapping.ts';
import { lineParser, type LogRecord } from './parseLine.ts';
import { fieldNamed, sampleFields, type SampleField } from './sampleFields.ts';
import { DEFAULT_ERRORS } from './statusRule.ts';

// Names are plain (see `sampleFields`), the more telling first: those of nginx, Envoy, Traefik, Caddy and common JSON loggers.
const TIME = ['msec', 'ts', 'timestamp', 'time', 'starttime', 'startutc', 'timeiso8601', 'timelocal', 'datetime', 'date', 't'];
const VARIANT = [
  'variant',
  'track',
  'releasetrack',
  'canary',
  'version',
  'appversion',
  'serviceversion',
  'upstreamname',
  'upstreamcluster',
  'deployment',
  'color',
  'group',
];
const STATUS = ['status', 'statuscode', 'httpstatus', 'responsestatus', 'responsecode', 'downstreamstatus', 'originstatus', 'code'];
const LATENCY = ['requesttime', 'latency', 'duration', 'responsetime', 'elapsed', 'upstreamresponsetime', 'upstreamtime', 'took'].flatMap(
  (name) => ['', 'ms', 'us', 'ns', 's', 'seconds'].map((unit) => name + unit),
);
const USER = [
  'user',
  'userid',
  'uid',
  'xuserid',
  'httpxuserid',
  'username',
  'remoteuser',
  'account',
  'accountid',
  'customerid',
  'clientid',
  'sessionid',
  'session',
];
const RELEASE = ['service', 'servicename', 'app', 'application', 'appname'];
const CANARY = ['canary', 'gray', 'grey', 'candidate', 'experiment', 'treatment', 'new', 'next', 'green', 'b', 'true', '1'];
const MOST_VALUES = 20;

interface VariantValue {
  readonly value: string;
  readonly count: number;
}

/** A guess at how a log is to be read, from some of its lines. */
export interface MappingProposal {
  /** Null while time, variant, its canary, status or the unit of the response time is not recognised. */
  readonly mapping: LogMapping | null;
  /** The lines as the mapping reads them; empty without a mapping. Null: not counted. */
  readonly preview: readonly (LogRecord | null)[];
  /** What could not be recognised; a mapping is possible without latency and user only. */
  readonly failures: readonly Message<SourceMessageKey>[];
  /** Scalar fields with their values, to choose from by hand. */
  readonly fields: readonly SampleField[];
  /** The values of the variant field, commonest first, to choose the canary from. */
  readonly variants: readonly VariantValue[];
  /** The field of the response time whose unit has to be told; null where it is known or there is none. */
  readonly unitless: SampleField | null;
}

/** What a person has chosen where the guess failed or was wrong. */
export interface MappingChoice {
  readonly time?: LogMapping['time'];
  readonly variantField?: string;
  readonly canary?: string;
  readonly statusField?: string;
  /** Null: response times are left out. */
  readonly latency?: LogMapping['latency'];
}

export function proposeMapping(sample: readonly string[], choice: MappingChoice = {}): MappingProposal {
  const lines = sample.filter((line) => line.trim() !== '');
  const fields = sampleFields(lines.map(parsed).filter((line) => line !== null));
  if (fields.length === 0)
    return { mapping: null, preview: [], failures: [message('logs.guess.noJson')], fields, variants: [], unitless: null };
  const failures: Message<SourceMessageKey>[] = [];
  const found = <T>(value: T | null | undefined, key: SourceMessageKey): T | null => {
    if (value === null || value === undefined) failures.push(message(key));
    return value ?? null;
  };
  const time = found(choice.time ?? guessTime(fields), 'logs.guess.noTime');
  const variant = found(choice.variantField ?? fieldNamed(fields, VARIANT, areFew)?.name, 'logs.guess.noVariant');
  const variants = variant === null ? [] : tally(fields.find(({ name }) => name === variant)?.values ?? []);
  const canary = choice.canary ?? guessCanary(variants);
  if (variant !== null && canary === null) {
    failures.push(message('logs.guess.noCanary', { field: variant, values: variants.map(({ value }) => value).join(', ') }));
  }
  const status = found(choice.statusField ?? fieldNamed(fields, STATUS, areStatuses)?.name, 'logs.guess.noStatus');
  const timed = fieldNamed(fields, LATENCY, (values) => values.every((value) => latencyOf(value, 'ms') !== undefined));
  const unit = timed && latencyUnit(timed);
  const unitless = choice.latency === undefined && unit === null ? timed : null;
  if (choice.latency === undefined && timed === null) failures.push(message('logs.guess.noLatency'));
  if (unitless)
    failures.push(message('logs.guess.noLatencyUnit', { field: unitless.name, values: unitless.values.slice(0, 3).join(', ') }));
  const latency = choice.latency === undefined ? timed && unit && { field: timed.name, unit } : choice.latency;
  const user = found(fieldNamed(fields, USER, () => true)?.name, 'logs.guess.noUser');
  const release = fieldNamed(fields, RELEASE, areFew)?.name;
  if (time === null || variant === null || canary === null || status === null || unitless !== null)
    return { mapping: null, preview: [], failures, fields, variants, unitless };
  const mapping: LogMapping = {
    time,
    variant: { field: variant, canary: [canary] },
    status: { field: status, errors: [DEFAULT_ERRORS] },
    latency,
    user: user === null ? null : { field: user },
    release: release === undefined ? null : { field: release },
  };
  const parse = lineParser(mapping);
  const preview = lines.map((line) => {
    const record = parse(line);
    return record.ok ? record.value : null;
  });
  return { mapping, preview, failures, fields, variants, unitless };
}

function parsed(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(line.replace(/^\uFEFF/, ''));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : null;
  } catch {
    return null;
  }
}

/** The unit in which a number is a time of this age of the world: 1973 to 5138 in seconds, and so on. */
const unitOfEpoch = (value: number): TimeUnit | null =>
  value >= 1e8 && value < 1e11
    ? 's'
    : value >= 1e11 && value < 1e14
      ? 'ms'
      : value >= 1e14 && value < 1e17
        ? 'us'
        : value >= 1e17 && value < 1e20
          ? 'ns'
          : null;

function unitOfTimes(values: SampleField['values']): TimeUnit | null {
  const units = new Set(
    values.map((value) => {
      const epoch = typeof value === 'boolean' ? null : unitOfEpoch(Number(value));
      return epoch ?? (Number.isNaN(timeOf(value, 'iso')) || !/\d{4}/.test(String(value)) ? null : 'iso');
    }),
  );
  const [unit = null] = units;
  return units.size === 1 ? unit : null;
}

function guessTime(fields: readonly SampleField[]): LogMapping['time'] | null {
  const isTime = (values: SampleField['values']): boolean => unitOfTimes(values) !== null;
  const field = fieldNamed(fields, TIME, isTime) ?? fields.find(({ values }) => values.length > 0 && isTime(values));
  const unit = field ? unitOfTimes(field.values) : null;
  return field && unit ? { field: field.name, unit } : null;
}

const areFew = (values: SampleField['values']): boolean => new Set(values).size <= MOST_VALUES;

const areStatuses = (values: SampleField['values']): boolean =>
  values.every((value) => typeof value !== 'boolean' && Number(value) >= 100 && Number(value) < 600);

function tally(values: SampleField['values']): readonly VariantValue[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1);
  return [...counts].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count);
}

/** By its name, else the later one of exactly two versions. */
function guessCanary(variants: readonly VariantValue[]): string | null {
  const named = CANARY.map((name) =>
    variants.find(({ value }) => value.toLowerCase() === name || value.toLowerCase().endsWith(`-${name}`)),
  ).find(Boolean);
  if (named) return named.value;
  const [first, second] = variants.map(({ value }) => value);
  if (variants.length !== 2 || first === undefined || second === undefined) return null;
  if (!/\d/.test(first) || !/\d/.test(second)) return null;
  return first.localeCompare(second, 'en', { numeric: true }) > 0 ? first : second;
}

/**
 * By the name's ending; else by fractions, where half of them lie below one (seconds) or above a minute's worth of seconds (milliseconds). Null
 * where neither tells: a wrong unit makes every response time a thousand times too long, and nobody sees why.
 */
function latencyUnit({ name, values }: SampleField): LatencyUnit | null {
  const unit = /[_.-]?(ms|us|ns)$/i.exec(name)?.[1]?.toLowerCase();
  if (unit === 'ms' || unit === 'us' || unit === 'ns') return unit;
  if (/(_s|sec|seconds|request_time|upstream_(response_)?time)$/i.test(name)) return 's';
  const sorted = values.map((value) => latencyOf(value, 'ms') ?? 0).sort((a, b) => a - b);
  if (sorted.every(Number.isInteger)) return null;
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return median < 1 ? 's' : median > 60 ? 'ms' : null;
}
