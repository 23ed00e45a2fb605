import {
  array,
  boolean,
  fail,
  number,
  object,
  oneOf,
  string,
  unknown,
  withDefault,
  type DecodeError,
  type Decoder,
} from '../base/decode.ts';
import { err, ok, type Result } from '../base/result.ts';
import { decodeLogMapping, MAPPING_KEYS, type LogMapping } from '../sources/logs/mapping.ts';
import { BUILTIN_SOURCE } from './ids.ts';
import { problemOf, type SettingProblem } from './settingProblem.ts';
import { unknownKeys, type KnownKeys } from './unknownKeys.ts';

export interface HttpSourceSetting {
  readonly type: 'http';
  readonly id: string;
  readonly name: string;
  readonly url: string;
  /** PEM file of an authority, or null. */
  readonly caFile: string | null;
}

interface LogSourceSetting {
  readonly type: 'logs';
  readonly id: string;
  readonly name: string;
  readonly files: readonly string[];
  readonly mapping: LogMapping;
}

export type SourceSetting = HttpSourceSetting | LogSourceSetting;

/** The sources that could be understood, and everything that is wrong, in the order it stands. */
export interface SourceSettings {
  readonly sources: readonly SourceSetting[];
  readonly problems: readonly SettingProblem[];
}

const id: Decoder<string> = (input, path = '$') => {
  const text = string(input, path);
  if (!text.ok) return text;
  if (text.value === BUILTIN_SOURCE) return fail(path, `another id than "${BUILTIN_SOURCE}"`, input);
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(text.value) ? text : fail(path, 'letters, digits, dots, dashes and underscores', input);
};

const name: Decoder<string> = (input, path = '$') => {
  const text = string(input, path);
  return text.ok && text.value.trim() === '' ? fail(path, 'a name', input) : text;
};

/** An address that a token may go to: no user name or password in it. */
export const serviceUrl: Decoder<string> = (input, path = '$') => {
  const text = string(input, path);
  if (!text.ok) return text;
  const url = URL.parse(text.value);
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    return fail(path, 'an address that begins with http:// or https://', input);
  if (url.username !== '' || url.password !== '') return fail(path, 'an address without user name and password', '(address)');
  if (url.search !== '' || url.hash !== '') return fail(path, 'an address without ? and #', '(address)');
  return text;
};

const files: Decoder<readonly string[]> = (input, path = '$') => {
  if (input === undefined) return fail(path, 'at least one file', input);
  const list = array(name)(input, path);
  return list.ok && list.value.length === 0 ? fail(path, 'at least one file', input) : list;
};

const base = object({ id, name, type: oneOf('http', 'logs') });
const http = object({ url: serviceUrl, caFile: withDefault<string | null>(name, null) });
const logs = object({ files, mapping: unknown });

const decodeOne = (input: unknown, path: string): Result<SourceSetting, DecodeError> => {
  const common = base(input, path);
  if (!common.ok) return common;
  if (common.value.type === 'http') {
    const rest = http(input, path);
    return rest.ok ? ok({ ...common.value, type: 'http', ...rest.value }) : rest;
  }
  const rest = logs(input, path);
  if (!rest.ok) return rest;
  const mapping = decodeLogMapping(rest.value.mapping);
  if (!mapping.ok) return err({ ...mapping.error, path: `${path}.${mapping.error.path}` });
  return ok({ ...common.value, type: 'logs', files: rest.value.files, mapping: mapping.value });
};

const COMMON_KEYS = { id: null, name: null, type: null } as const;
/** What a source of each type may hold; the schema of package.json says the same. */
export const SOURCE_KEYS: Readonly<Record<SourceSetting['type'], KnownKeys>> = {
  http: { ...COMMON_KEYS, url: null, caFile: null },
  logs: { ...COMMON_KEYS, files: null, mapping: MAPPING_KEYS },
};

/** What a person calls a source that is not understood: its name, else its id, else nothing. */
const titleOf = (input: unknown): string | null => {
  if (typeof input !== 'object' || input === null) return null;
  const given = [...('name' in input ? [input.name] : []), ...('id' in input ? [input.id] : [])];
  return (given.find((text) => typeof text === 'string' && text.trim() !== '') as string | undefined) ?? null;
};

const typeOf = (input: unknown): SourceSetting['type'] | null =>
  typeof input === 'object' && input !== null && 'type' in input && (input.type === 'http' || input.type === 'logs') ? input.type : null;

/** Every source of the setting by itself, so that one mistake takes out one source only. */
export const decodeSources = (input: unknown): SourceSettings => {
  const setting = 'rolloutLens.sources';
  if (!Array.isArray(input)) {
    const error = array(unknown)(input);
    return { sources: [], problems: error.ok ? [] : [problemOf(error.error, [setting], null)] };
  }
  const sources: SourceSetting[] = [];
  const problems: SettingProblem[] = [];
  for (const [index, item] of input.entries()) {
    const root = [setting, index];
    const source = titleOf(item);
    const type = typeOf(item);
    const decoded = decodeOne(item, '$');
    if (!decoded.ok) problems.push(problemOf(decoded.error, root, source));
    else if (sources.some((other) => other.id === decoded.value.id))
      problems.push({ path: [...root, 'id'], source, severity: 'error', fault: { type: 'idTaken', id: decoded.value.id } });
    else sources.push(decoded.value);
    if (type === null) continue;
    for (const { path, suggestion, known } of unknownKeys(item, SOURCE_KEYS[type]))
      problems.push({ path: [...root, ...path], source, severity: 'warning', fault: { type: 'unknownKey', suggestion, known } });
  }
  return { sources, problems };
};

export interface Settings extends SourceSettings {
  readonly autoStart: boolean;
  readonly notify: boolean;
  readonly pollIntervalMs: number;
}

const seconds: Decoder<number> = (input, path = '$') => {
  const value = number(input, path);
  return value.ok && (value.value < 1 || value.value > 300) ? fail(path, 'a number from 1 to 300', input) : value;
};

/** All settings, with the defaults in place of what is not understood. */
export const decodeSettings = (read: (key: string) => unknown): Settings => {
  const { sources, problems: ofSources } = decodeSources(read('sources') ?? []);
  const problems = [...ofSources];
  const take = <T>(key: string, decoder: Decoder<T>, fallback: T): T => {
    const value = withDefault(decoder, fallback)(read(key) ?? undefined);
    if (value.ok) return value.value;
    problems.push(problemOf(value.error, [`rolloutLens.${key}`], null));
    return fallback;
  };
  return {
    sources,
    autoStart: take('builtin.autoStart', boolean, false),
    notify: take('alerts.notify', boolean, true),
    pollIntervalMs: take('pollIntervalSeconds', seconds, 5) * 1000,
    problems,
  };
};
