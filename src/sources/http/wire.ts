/** The JSON of the reference service, decoded. Fields it may add later are ignored. */
import {
  array,
  between,
  boolean,
  describeDecodeError,
  either,
  fail,
  integer,
  map,
  nullable,
  number,
  object,
  oneOf,
  string,
  unknown,
  withDefault,
  type Decoded,
  type Decoder,
} from '../../base/decode.ts';
import { ok } from '../../base/result.ts';
import type { Evidence, Tally } from '../../model/evidence.ts';
import { isMetricId, METRIC_RULES } from '../../model/metric.ts';
import { PHASES, RELEASE_STATES } from '../../model/release.ts';
import type { RatioChange, Series } from '../../model/series.ts';

const ratio = between(0, 1);
const moment = nullable(number);
const count: Decoder<number> = (input, path = '$') => {
  const whole = integer(input, path);
  return whole.ok && whole.value < 0 ? fail(path, 'a count', input) : whole;
};
const versionOf = either(
  string,
  map(object({ version: string }), (variant) => variant.version),
);

export const decodeRelease = object({
  id: string,
  name: string,
  service: string,
  phase: oneOf(...PHASES),
  state: oneOf(...RELEASE_STATES),
  ratio,
  actualRatio: nullable(ratio),
  steps: array(object({ ratio, pauseSeconds: nullable(number) })),
  stepIndex: integer,
  variants: object({ stable: versionOf, canary: versionOf }),
  revision: map(either(number, string), String),
  createdAt: moment,
  updatedAt: moment,
  ratioSince: moment,
  stateSince: moment,
  pauseEndsAt: moment,
  pauseLeftMs: nullable(number),
  simulated: withDefault(boolean, false),
});
export type WireRelease = Decoded<typeof decodeRelease>;

/** What the token may do: read, or read and write. Null where the service does not say. */
export type Role = 'viewer' | 'operator';
/** A release that this version does not understand, as of a newer service. */
export interface UnreadRelease {
  /** As far as it can be told. */
  readonly id: string;
  readonly problem: string;
}
export interface WireReleases {
  readonly releases: readonly WireRelease[];
  readonly unread: readonly UnreadRelease[];
  readonly role: Role | null;
}
const decodeList = object({ releases: array(unknown), role: nullable(oneOf('viewer', 'operator')) });
const decodeId = object({ id: string });

/** Each release by itself, so that one that is not understood hides no other. Where none is understood, the answer is not. */
export const decodeReleases: Decoder<WireReleases> = (input, path = '$') => {
  const list = decodeList(input, path);
  if (!list.ok) return list;
  const releases: WireRelease[] = [];
  const unread: UnreadRelease[] = [];
  for (const [i, item] of list.value.releases.entries()) {
    const release = decodeRelease(item, `${path}.releases[${String(i)}]`);
    if (release.ok) releases.push(release.value);
    else {
      if (i === list.value.releases.length - 1 && releases.length === 0) return release;
      const id = decodeId(item);
      unread.push({ id: id.ok ? id.value.id : `#${String(i + 1)}`, problem: describeDecodeError(release.error) });
    }
  }
  return ok({ releases, unread, role: list.value.role });
};

/** The series of a metric that this version does not know is null. */
const decodeSeries: Decoder<Series | null> = (input, path = '$') => {
  const wire = object({
    metric: string,
    variant: oneOf('stable', 'canary'),
    times: array(number),
    values: array(nullable(number)),
    counts: array(nullable(number)),
    low: nullable(array(nullable(number))),
    high: nullable(array(nullable(number))),
  })(input, path);
  if (!wire.ok) return wire;
  const { metric, variant, times, values, counts } = wire.value;
  // Only quantiles have them, and an older service sends none at all.
  const [low, high] = [wire.value.low ?? [], wire.value.high ?? []];
  const isBanded = low.length + high.length > 0;
  const columns = isBanded ? [values, counts, low, high] : [values, counts];
  if (columns.some((column) => column.length !== times.length)) return fail(path, 'columns of equal length', input);
  for (let i = 1; i < times.length; i++)
    if ((times[i] ?? 0) <= (times[i - 1] ?? 0)) return fail(`${path}.times[${String(i)}]`, 'rising times', times[i]);
  if (!isMetricId(metric)) return ok(null);
  return ok({
    metric,
    variant,
    unit: METRIC_RULES[metric].unit,
    times: Float64Array.from(times),
    values: Float64Array.from(values, (value) => value ?? NaN),
    counts: Float64Array.from(counts, (value) => value ?? 0),
    ...(isBanded && { low: Float64Array.from(low, (end) => end ?? NaN), high: Float64Array.from(high, (end) => end ?? NaN) }),
  });
};

export const decodeMetrics = object({
  from: number,
  to: number,
  step: number,
  series: map(array(decodeSeries), (list) => list.filter((series) => series !== null)),
});

const decodeAuditEntry = object({
  time: number,
  actor: nullable(string),
  role: nullable(string),
  action: string,
  from: nullable(number),
  to: nullable(number),
  reason: nullable(string),
  revision: map(either(number, string), String),
});
export type WireAuditEntry = Decoded<typeof decodeAuditEntry>;
export const decodeAudit = object({ entries: array(decodeAuditEntry) });

/** The entries in which the ratio moved. */
export const ratioChanges = (entries: readonly WireAuditEntry[]): readonly RatioChange[] =>
  entries.flatMap(({ time, from, to, actor, reason, action }) =>
    to === null || to === from || (from === null && to === 0) ? [] : [{ time, from, to, by: actor, reason, action }],
  );

const tallyFields: Decoder<Tally> = object({
  requests: count,
  errors: count,
  clientErrors: count,
  users: nullable(count),
  predictions: count,
  correct: count,
  ratings: count,
  ratingSum: number,
  latency: object({ first: integer, counts: array(count) }),
  cpu: nullable(number),
  memoryBytes: nullable(number),
});

/** Counts, and no part larger than its whole: a share above 1 has no interval, and a sentence made of it would be untrue. */
const decodeTally: Decoder<Tally> = (input, path = '$') => {
  const tally = tallyFields(input, path);
  if (!tally.ok) return tally;
  const { requests, errors, clientErrors, predictions, correct } = tally.value;
  const failed = errors + clientErrors;
  if (failed > requests) return fail(`${path}.errors`, `with clientErrors no more than requests (${String(requests)})`, failed);
  if (correct > predictions) return fail(`${path}.correct`, `no more than predictions (${String(predictions)})`, correct);
  return tally;
};
export const decodeEvidence: Decoder<Evidence> = object({
  from: number,
  to: number,
  variants: object({ stable: decodeTally, canary: decodeTally }),
});

export const decodeAssignment = object({ userId: string, variant: oneOf('stable', 'canary'), bucket: integer });

/** RFC 9457; whatever is missing or odd is null, since an error must not fail by its own shape. */
export interface Problem {
  readonly title: string | null;
  readonly detail: string | null;
  /** Of a 412: the release as it is now. */
  readonly current: WireRelease | null;
}

/** A sentence or two for a person; a service may send any amount. */
const MAX_PROBLEM = 1000;

const decodeProblemFields = object({ title: unknown, detail: unknown, message: unknown, current: unknown });
export const decodeProblem = (input: unknown): Problem | null => {
  const fields = decodeProblemFields(input);
  if (!fields.ok) return null;
  const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value.slice(0, MAX_PROBLEM) : null);
  const current = decodeRelease(fields.value.current);
  return {
    title: text(fields.value.title),
    detail: text(fields.value.detail) ?? text(fields.value.message),
    current: current.ok ? current.value : null,
  };
};
