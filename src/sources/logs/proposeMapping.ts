import { message, type Message } from '../../model/message.ts';
import type { SourceMessageKey } from '../messages.ts';
import { latencyOf, timeOf } from './fields.ts';
import type { LatencyUnit, LogMapping, TimeUnit } from './mapping.ts';
import { fieldNamed, sampleFields, type SampleField } from './sampleFields.ts';
import { tally, type ValueCount } from './sampleReading.ts';
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

/** Words for what went wrong, where a status is no number. */
const FAILED = /^(err(or)?|fail(ed|ure)?|false|ko|exception|fatal|timeout)$/i;

/** A guess at how a log is to be read, from some of its lines. */
export interface MappingProposal {
  /** Null while time, variant, its canary, status or the unit of the response time is not recognised. */
  readonly mapping: LogMapping | null;
  /** What is chosen or guessed so far; undefined: not recognised. */
  readonly parts: MappingChoice;
  /** What could not be recognised; a mapping is possible without latency and user only. */
  readonly failures: readonly Message<SourceMessageKey>[];
  /** Scalar fields with their values, to choose from by hand. */
  readonly fields: readonly SampleField[];
  /** The values of the variant field, commonest first, to choose the canary from. */
  readonly variants: readonly ValueCount[];
  /** The field of the response time whose unit has to be told; null where it is known or there is none. */
  readonly unitless: SampleField | null;
}

/** What a person has chosen, where the guess failed or was wrong. */
export interface MappingChoice {
  readonly time?: LogMapping['time'] | undefined;
  readonly variantField?: string | undefined;
  /** Values of the variant field; what it does not name is the stable variant. */
  readonly canary?: readonly string[] | undefined;
  readonly statusField?: string | undefined;
  /** See `statusRule`. */
  readonly errors?: LogMapping['status']['errors'] | undefined;
  /** Null: response times are left out. */
  readonly latency?: LogMapping['latency'] | undefined;
  /** Null: users are not counted. */
  readonly userField?: string | null | undefined;
  /** Null: all lines are one release. */
  readonly releaseField?: string | null | undefined;
}

const valuesOf = (fields: readonly SampleField[], name: string | undefined): SampleField['values'] =>
  fields.find((field) => field.name === name)?.values ?? [];

export function proposeMapping(sample: readonly string[], choice: MappingChoice = {}): MappingProposal {
  const fields = sampleFields(sample.map(parsed).filter((line) => line !== null));
  if (fields.length === 0)
    return { mapping: null, parts: choice, failures: [message('logs.guess.noJson')], fields, variants: [], unitless: null };
  const failures: Message<SourceMessageKey>[] = [];
  const found = <T>(value: T | undefined, key: SourceMessageKey): T | undefined => {
    if (value === undefined || value === null) failures.push(message(key));
    return value;
  };
  const time = found(choice.time ?? guessTime(fields), 'logs.guess.noTime');
  const variantField = found(choice.variantField ?? fieldNamed(fields, VARIANT, areFew)?.name, 'logs.guess.noVariant');
  const variants = tally(valuesOf(fields, variantField));
  const canary = choice.canary ?? guessCanary(variants);
  if (variantField !== undefined && canary === undefined)
    failures.push(message('logs.guess.noCanary', { field: variantField, values: variants.map(({ value }) => value).join(', ') }));
  const statusField = found(choice.statusField ?? fieldNamed(fields, STATUS, areOutcomes)?.name, 'logs.guess.noStatus');
  const errors = choice.errors ?? guessErrors(valuesOf(fields, statusField));
  const timed = fieldNamed(fields, LATENCY, (values) => values.every((value) => latencyOf(value, 'ms') !== undefined));
  const unit = timed && latencyUnit(timed);
  const unitless = choice.latency === undefined && unit === null ? timed : null;
  if (choice.latency === undefined && timed === null) failures.push(message('logs.guess.noLatency'));
  if (unitless)
    failures.push(message('logs.guess.noLatencyUnit', { field: unitless.name, values: unitless.values.slice(0, 3).join(', ') }));
  const latency = choice.latency === undefined ? timed && unit && { field: timed.name, unit } : choice.latency;
  const user = choice.userField === undefined ? fieldNamed(fields, USER, () => true)?.name : (choice.userField ?? undefined);
  if (user === undefined) failures.push(message('logs.guess.noUser'));
  const release = choice.releaseField === undefined ? fieldNamed(fields, RELEASE, areFew)?.name : (choice.releaseField ?? undefined);
  const parts: MappingChoice = {
    time,
    variantField,
    canary,
    statusField,
    errors,
    latency: unitless ? undefined : latency,
    userField: user ?? null,
    releaseField: release ?? null,
  };
  if (time === undefined || variantField === undefined || canary === undefined || statusField === undefined || unitless !== null)
    return { mapping: null, parts, failures, fields, variants, unitless };
  const mapping: LogMapping = {
    time,
    variant: { field: variantField, canary },
    status: { field: statusField, errors },
    latency,
    user: user === undefined ? null : { field: user },
    release: release === undefined ? null : { field: release },
  };
  return { mapping, parts, failures, fields, variants, unitless };
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

function guessTime(fields: readonly SampleField[]): LogMapping['time'] | undefined {
  const isTime = (values: SampleField['values']): boolean => unitOfTimes(values) !== null;
  const field = fieldNamed(fields, TIME, isTime) ?? fields.find(({ values }) => values.length > 0 && isTime(values));
  const unit = field ? unitOfTimes(field.values) : null;
  return field && unit ? { field: field.name, unit } : undefined;
}

const areFew = (values: SampleField['values']): boolean => new Set(values).size <= MOST_VALUES;

const isStatus = (value: string | number | boolean): boolean => typeof value !== 'boolean' && Number(value) >= 100 && Number(value) < 600;

/** Numbers of HTTP, or words of which one is known to tell a failure. */
const areOutcomes = (values: SampleField['values']): boolean =>
  values.every(isStatus) || (areFew(values) && values.some((value) => FAILED.test(String(value))));

/** The rule for errors that these statuses suggest. */
export function guessErrors(values: SampleField['values']): LogMapping['status']['errors'] {
  const failed = tally(values).filter(({ value }) => FAILED.test(value));
  return failed.length > 0 ? failed.map(({ value }) => value) : [DEFAULT_ERRORS];
}

/** By its name, else the later one of exactly two versions. */
function guessCanary(variants: readonly ValueCount[]): readonly string[] | undefined {
  const named = CANARY.map((name) =>
    variants.find(({ value }) => value.toLowerCase() === name || value.toLowerCase().endsWith(`-${name}`)),
  ).find(Boolean);
  if (named) return [named.value];
  const [first, second] = variants.map(({ value }) => value);
  if (variants.length !== 2 || first === undefined || second === undefined) return undefined;
  if (!/\d/.test(first) || !/\d/.test(second)) return undefined;
  return [first.localeCompare(second, 'en', { numeric: true }) > 0 ? first : second];
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
