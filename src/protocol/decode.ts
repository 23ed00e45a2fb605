import {
  array,
  boolean,
  describeDecodeError,
  either,
  fail,
  integer,
  nullable,
  number,
  object,
  oneOf,
  record,
  string,
  type DecodeError,
  type Decoder,
} from '../base/decode.ts';
import { err, ok, type Result } from '../base/result.ts';
import { METRICS } from '../model/metric.ts';
import type { Unit } from '../model/quantity.ts';
import {
  PROTOCOL_VERSION,
  RANGES,
  type HostMessage,
  type PanelAction,
  type PanelAnomalyRow,
  type PanelCell,
  type PanelChart,
  type PanelColumn,
  type PanelEvidenceRow,
  type PanelMarker,
  type PanelMissing,
  type PanelState,
  type PanelTrouble,
  type RangeMinutes,
  type WebviewMessage,
} from './messages.ts';

/** `version`: the other side speaks another version, and whatever else it said is not looked at. */
export type ProtocolError = { readonly kind: 'version'; readonly got: string } | { readonly kind: 'shape'; readonly text: string };

const UNITS = [
  'ratio',
  'points',
  'relative',
  'ms',
  'perSecond',
  'perMinute',
  'cores',
  'bytes',
  'rating',
  'count',
  'seconds',
  'time',
] as const satisfies readonly Unit[];
const verdict = oneOf('healthy', 'regressing', 'inconclusive', 'noData');
const metric = oneOf(...METRICS);
const variant = oneOf('stable', 'canary');
const severity = oneOf('minor', 'major');
const nullableString = nullable(string);

/** A column of numbers; NaN is allowed in it, and nothing but a Float64Array is one. */
const column: Decoder<Float64Array> = (input, path = '$') =>
  input instanceof Float64Array ? ok(input) : fail(path, 'a Float64Array', input);

export const rangeMinutes: Decoder<RangeMinutes> = (input, path = '$') => {
  const range = RANGES.find((known) => known === input);
  return range === undefined ? fail(path, RANGES.join(' or '), input) : ok(range);
};

/** Values, intervals and counts are as long as the times, or empty where there are none. */
const panelColumn: Decoder<PanelColumn> = (input, path = '$') => {
  const decoded = object({
    id: string,
    tone: oneOf('stable', 'canary', 'wanted', 'counted'),
    label: string,
    stepped: boolean,
    times: column,
    values: column,
    low: column,
    high: column,
    counts: column,
  })(input, path);
  if (!decoded.ok) return decoded;
  const { times, values, low, high, counts } = decoded.value;
  if (values.length !== times.length) return fail(`${path}.values`, `${String(times.length)} values`, values.length);
  for (const [name, optional] of Object.entries({ low, high, counts }))
    if (optional.length !== 0 && optional.length !== times.length)
      return fail(`${path}.${name}`, `0 or ${String(times.length)} values`, optional.length);
  return decoded;
};

const panelMarker: Decoder<PanelMarker> = object({
  id: string,
  time: number,
  to: number,
  ongoing: boolean,
  at: number,
  inRange: boolean,
  seenAt: number,
  value: number,
  expected: number,
  low: number,
  high: number,
  variant,
  severity,
  text: string,
});

const panelChart: Decoder<PanelChart> = object({
  metric: either(metric, oneOf('ratio')),
  title: string,
  verdict: nullable(verdict),
  verdictLabel: nullableString,
  unit: oneOf(...UNITS),
  fromZero: boolean,
  columns: array(panelColumn),
  markers: array(panelMarker),
  summary: string,
});

const panelAction: Decoder<PanelAction> = object({
  command: string,
  label: string,
  enabled: boolean,
  title: string,
  tone: oneOf('primary', 'secondary'),
});

const panelCell: Decoder<PanelCell> = object({
  text: string,
  sort: nullable(either<number, string>(number, string)),
  time: nullable(number),
});
const evidenceRow: Decoder<PanelEvidenceRow> = object({ metric, verdict, cells: array(panelCell) });
const anomalyRow: Decoder<PanelAnomalyRow> = object({ markerId: string, metric, cells: array(panelCell) });

const panelTrouble: Decoder<PanelTrouble> = object({ text: string, actions: array(panelAction) });

const panelState: Decoder<PanelState> = object({
  type: oneOf('state'),
  version: integer,
  releaseKey: string,
  locale: string,
  title: string,
  versions: string,
  verdict,
  verdictLabel: string,
  ratio: string,
  phase: string,
  simulated: nullableString,
  freshness: object({
    status: oneOf('connecting', 'live', 'quiet', 'stale', 'failed'),
    text: string,
    of: oneOf('answer', 'line'),
    at: nullable(number),
  }),
  standing: object({ status: oneOf('live', 'unmeasured', 'past'), at: nullable(number), since: nullable(number), why: nullableString }),
  sentence: string,
  evidenceWindow: nullable(object({ from: number, to: number, begun: boolean })),
  recommendation: nullableString,
  caveats: array(string),
  actions: array(panelAction),
  trouble: nullable(panelTrouble),
  history: object({ status: oneOf('loading', 'ready', 'failed'), text: nullableString }),
  coverage: nullable(object({ until: number, catchingUp: boolean })),
  sentAt: number,
  rangeMinutes,
  from: number,
  to: number,
  measuredTo: number,
  charts: array(panelChart),
  events: array(object({ time: number, label: string, detail: nullableString })),
  evidenceHeader: array(string),
  evidence: array(evidenceRow),
  anomalyHeader: array(string),
  anomalies: array(anomalyRow),
  labels: record(string),
});

const panelMissing: Decoder<PanelMissing> = object({
  type: oneOf('missing'),
  version: integer,
  releaseKey: string,
  locale: string,
  title: string,
  waiting: boolean,
  text: string,
  actions: array(panelAction),
  labels: record(string),
});

const kind = object({ type: string });
const versioned = object({ version: integer });

const shape = (error: DecodeError): { readonly ok: false; readonly error: ProtocolError } =>
  err({ kind: 'shape', text: describeDecodeError(error) });

const checkVersion = (input: unknown): Result<null, ProtocolError> => {
  const decoded = versioned(input);
  if (!decoded.ok) return shape(decoded.error);
  return decoded.value.version === PROTOCOL_VERSION ? ok(null) : err({ kind: 'version', got: String(decoded.value.version) });
};

/** What the host sent to the page. The version is checked before the shape, since the shape depends on it. */
export const decodeHostMessage = (input: unknown): Result<HostMessage, ProtocolError> => {
  const type = kind(input);
  if (!type.ok) return shape(type.error);
  const version = checkVersion(input);
  if (!version.ok) return version;
  const decoded: Result<HostMessage, DecodeError> = type.value.type === 'missing' ? panelMissing(input) : panelState(input);
  return decoded.ok ? decoded : shape(decoded.error);
};

const webviewShapes: Readonly<Record<string, Decoder<WebviewMessage>>> = {
  ready: object({ type: oneOf('ready'), version: integer }),
  range: object({ type: oneOf('range'), minutes: rangeMinutes }),
  action: object({ type: oneOf('action'), command: string }),
  retry: object({ type: oneOf('retry') }),
  problem: object({ type: oneOf('problem'), text: string }),
};

/** What the page sent to the host. Only `ready` carries a version: it comes first. */
export const decodeWebviewMessage = (input: unknown): Result<WebviewMessage, ProtocolError> => {
  const type = kind(input);
  if (!type.ok) return shape(type.error);
  const decoder = Object.hasOwn(webviewShapes, type.value.type) ? webviewShapes[type.value.type] : undefined;
  if (!decoder) return shape({ path: '$.type', expected: Object.keys(webviewShapes).join(' or '), got: JSON.stringify(type.value.type) });
  if (type.value.type === 'ready') {
    const version = checkVersion(input);
    if (!version.ok) return version;
  }
  const decoded = decoder(input);
  return decoded.ok ? decoded : shape(decoded.error);
};

/** A time range kept in the page's own view state, which an older version may have written. */
export const decodeRange = (input: unknown, fallback: RangeMinutes): RangeMinutes => {
  const range = rangeMinutes(input);
  return range.ok ? range.value : fallback;
};
