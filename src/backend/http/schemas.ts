/** JSON schemas of what comes in and goes out: validation of requests, and the OpenAPI document. */
import { METRICS } from '../../model/metric.ts';
import { PHASES, RELEASE_STATES } from '../../model/release.ts';
import { GUARDED_METRICS } from '../domain/guardrail.ts';

export type Schema = Readonly<Record<string, unknown>>;

const object = (properties: Readonly<Record<string, Schema>>, required: readonly string[] = Object.keys(properties)): Schema => ({
  type: 'object',
  required,
  properties,
});
/** A request with a field nobody knows is refused: a misspelt one would silently do nothing. */
const closed = (properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema => ({
  ...object(properties, required),
  additionalProperties: false,
});
const list = (items: Schema, more: Schema = {}): Schema => ({ type: 'array', items, ...more });

const ratio: Schema = { type: 'number', minimum: 0, maximum: 1, description: 'Share of the users on the canary, 0..1' };
const time: Schema = { type: 'number', description: 'Epoch milliseconds' };
const nullableTime: Schema = { type: ['number', 'null'], description: 'Epoch milliseconds' };
const text = (maxLength: number): Schema => ({ type: 'string', minLength: 1, maxLength });
const count: Schema = { type: 'integer', minimum: 0 };
const numberOrNull: Schema = { type: ['number', 'null'] };
const reason: Schema = { type: ['string', 'null'], maxLength: 2000, description: 'Kept in the audit' };

const step: Schema = closed(
  {
    ratio: { ...ratio, exclusiveMinimum: 0 },
    pauseSeconds: { type: ['number', 'null'], minimum: 0, maximum: 31_536_000, description: 'null or absent: until a person goes on' },
  },
  ['ratio'],
);
const steps = list(step, { maxItems: 100 });
const guardrail: Schema = closed(
  {
    metric: { type: 'string', enum: GUARDED_METRICS },
    limit: { type: 'number', description: 'In the unit of the metric; accuracy and rating must not fall below it, others not rise above' },
    action: { type: 'string', enum: ['none', 'pause', 'abort'] },
    windowSeconds: { type: 'integer', minimum: 10, maximum: 86_400, description: 'Default 600' },
    minCount: { type: 'integer', minimum: 1, maximum: 1_000_000, description: 'Observations needed; default 100' },
  },
  ['metric', 'limit'],
);
const guardrails = list(guardrail, { maxItems: 20 });
const metadata: Schema = { type: 'object', additionalProperties: true, maxProperties: 50, description: 'Yours; kept and given back' };
const versionsIn: Schema = closed({ stable: text(200), canary: text(200) });

export const RELEASE_ID: Schema = { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$' };

/** Not required by the schema: without it the answer is 428, with the release as it is. */
export const ifMatch: Schema = object({ 'if-match': { type: 'string', description: 'The revision in quotes, as in the ETag' } }, []);

export const release: Schema = object({
  id: { type: 'string' },
  name: { type: 'string' },
  service: { type: 'string' },
  phase: { type: 'string', enum: PHASES },
  state: { type: 'string', enum: RELEASE_STATES },
  ratio,
  actualRatio: ratio,
  steps: list(object({ ratio, pauseSeconds: numberOrNull })),
  stepIndex: { type: 'integer', minimum: -1 },
  guardrails: list(
    object({
      metric: { type: 'string' },
      limit: { type: 'number' },
      action: { type: 'string' },
      windowSeconds: count,
      minCount: count,
    }),
  ),
  versions: object({ stable: { type: 'string' }, canary: { type: 'string' } }),
  variants: object({
    stable: object({ version: { type: 'string' }, share: ratio }),
    canary: object({ version: { type: 'string' }, share: ratio }),
  }),
  salt: { type: 'string' },
  revision: { ...count, description: 'Also the ETag' },
  createdAt: time,
  updatedAt: time,
  ratioSince: time,
  stateSince: time,
  pauseEndsAt: { ...nullableTime, description: 'End of the timed pause that is running, epoch milliseconds' },
  pauseLeftMs: { ...numberOrNull, description: 'Of a timed pause that was stopped: how long it lasts after a resume, milliseconds' },
  simulated: { type: 'boolean' },
  metadata: { type: 'object', additionalProperties: true },
});

export const releases = object({
  releases: list(release),
  role: { type: 'string', enum: ['viewer', 'operator'], description: 'What the token of the request may do' },
});

export const newRelease = closed(
  {
    id: RELEASE_ID,
    name: text(200),
    service: text(200),
    ratio,
    steps,
    guardrails,
    versions: versionsIn,
    salt: text(200),
    simulated: { type: 'boolean' },
    metadata,
  },
  ['id'],
);

const paused: Schema = { type: 'boolean', enum: [true], description: 'With a ratio: it is paused there, whatever it was before' };
export const patch: Schema = {
  ...closed({ ratio, paused, steps, guardrails, reason }),
  anyOf: ['ratio', 'steps', 'guardrails'].map((f) => ({ required: [f] })),
};

/** A body may be absent. */
export const action: Schema = { ...closed({ reason }), type: ['object', 'null'] };
export const promoteAction: Schema = { ...closed({ reason, full: { type: 'boolean' } }), type: ['object', 'null'] };

const numeric: Schema = { type: 'string', pattern: '^\\d{1,16}(\\.\\d+)?$' };
export const rangeQuery = closed({ from: numeric, to: numeric });
export const seriesQuery = closed({
  from: numeric,
  to: numeric,
  step: { ...numeric, description: 'Seconds' },
  metric: { type: 'string', description: `One or more of ${METRICS.join(', ')}, by comma` },
  variant: { type: 'string', enum: ['stable', 'canary'] },
});
export const auditQuery = closed({
  release: { type: 'string', maxLength: 100 },
  since: numeric,
  limit: { type: 'string', pattern: '^\\d{1,4}$' },
});
export const assignmentQuery = closed({ user_id: text(256) }, ['user_id']);
export const articleQuery = closed({ release: { type: 'string', maxLength: 100 } });
export const releaseParams = object({ id: { type: 'string', maxLength: 200 } });

const tally = object({
  requests: count,
  errors: count,
  clientErrors: count,
  users: { type: ['integer', 'null'], description: 'Distinct users; null where unknown' },
  predictions: count,
  correct: count,
  ratings: count,
  ratingSum: { type: 'number' },
  latency: object({ first: { type: 'integer' }, counts: list(count) }),
  cpu: numberOrNull,
  memoryBytes: numberOrNull,
});
const assigned: Schema = {
  ...object({
    unit: { type: 'string', enum: ['users', 'requests'] },
    canary: count,
    total: count,
    share: ratio,
    interval: object({ low: ratio, high: ratio }),
    confidence: ratio,
    offTarget: { type: ['boolean', 'null'], description: 'The ratio lies outside the interval; null where it did not hold all along' },
  }),
  type: ['object', 'null'],
};
export const evidence = object({ from: time, to: time, variants: object({ stable: tally, canary: tally }), assigned });
export const series = object({
  from: time,
  to: time,
  step: { type: 'number' },
  series: list(
    object(
      {
        metric: { type: 'string', enum: METRICS },
        variant: { type: 'string', enum: ['stable', 'canary'] },
        unit: { type: 'string' },
        times: list({ type: 'number' }),
        values: list(numberOrNull),
        counts: list(count),
        low: list(numberOrNull),
        high: list(numberOrNull),
      },
      ['metric', 'variant', 'unit', 'times', 'values', 'counts'],
    ),
  ),
});
export const assignment = object({
  userId: { type: 'string' },
  variant: { type: 'string', enum: ['stable', 'canary'] },
  bucket: { type: 'integer', minimum: 0, maximum: 99_999 },
  buckets: count,
  canaryBelow: { ...count, description: 'Buckets below this one are on the canary' },
});
/** For the document: every line is checked by itself. */
export const eventLines: Schema = {
  content: {
    'application/x-ndjson': {
      schema: {
        description:
          '{"id":"e1","time":1767225600000,"release":"fraud-model","userId":"u1","kind":"request","status":200,"latencyMs":12} and so on, one a line',
      },
    },
  },
};
export const ingested = object({ accepted: count, duplicate: count, rejected: list(object({ line: count, reason: { type: 'string' } })) });
export const audit = object({
  entries: list(
    object({
      id: count,
      time,
      actor: { type: 'string' },
      role: { type: 'string', enum: ['viewer', 'operator', 'service'] },
      release: { type: 'string' },
      action: { type: 'string' },
      from: numberOrNull,
      to: numberOrNull,
      reason: { type: ['string', 'null'] },
      revision: count,
    }),
  ),
});
export const health = object({
  status: { type: 'string', enum: ['ok'] },
  version: { type: 'string' },
  pid: count,
  startedAt: time,
  leases: { ...count, description: 'How many are held' },
});
export const problemSchema = object({
  type: { type: 'string' },
  title: { type: 'string' },
  status: count,
  code: { type: 'string' },
  detail: { type: 'string' },
});
export const articleAnswer = (...statuses: string[]): Schema =>
  object({ status: { type: 'string', enum: statuses }, message: { type: 'string' } });
