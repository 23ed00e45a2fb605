import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { assignedShareOf } from '../../../analysis/assignedShare.ts';
import { isMetricId, METRICS } from '../../../model/metric.ts';
import type { VariantRole } from '../../../model/release.ts';
import { bucketOfUser, BUCKETS, canaryBuckets, variantOfBucket } from '../../domain/assignment.ts';
import { LINES_MAX } from '../../events/ingest.ts';
import { POINTS_MAX } from '../../measure/series.ts';
import { modelOf } from '../../monitor/asModel.ts';
import type { Service } from '../../service.ts';
import type { Context } from '../context.ts';
import { sendProblem } from '../problem.ts';
import * as schemas from '../schemas.ts';
import { notFound } from './releases.ts';

const DEFAULT_RANGE_MS = 3600_000;
const DEFAULT_POINTS = 360;
const EVENTS_BODY_MAX = 8 * 1024 * 1024;

interface ById {
  readonly id: string;
}
interface RangeQuery {
  readonly from?: string;
  readonly to?: string;
}
interface SeriesQueryString extends RangeQuery {
  readonly step?: string;
  readonly metric?: string;
  readonly variant?: VariantRole;
}

/** The window asked for, by default the last hour; null when it is empty or backwards. */
const rangeOf = ({ from, to }: RangeQuery, now: number): { readonly from: number; readonly to: number } | null => {
  const end = to === undefined ? now : Number(to);
  const start = from === undefined ? end - DEFAULT_RANGE_MS : Number(from);
  // The largest time a date can hold.
  return start < end && end <= 8.64e15 ? { from: Math.max(0, start), to: end } : null;
};

const EMPTY_RANGE = 'The window is empty: from must be before to, both in epoch milliseconds.';

const metrics = (
  { service }: Context,
  request: FastifyRequest<{ Params: ById; Querystring: SeriesQueryString }>,
  reply: FastifyReply,
): FastifyReply => {
  const { query, params } = request;
  const range = rangeOf(query, service.clock.now());
  if (range === null) return sendProblem(reply, 400, 'invalid', EMPTY_RANGE);
  const wanted = query.metric?.split(',') ?? METRICS;
  const unknown = wanted.find((metric) => !isMetricId(metric));
  if (unknown !== undefined)
    return sendProblem(reply, 400, 'invalid', `There is no metric ${JSON.stringify(unknown)}; known are ${METRICS.join(', ')}.`);
  const step = query.step === undefined ? Math.ceil((range.to - range.from) / 1000 / DEFAULT_POINTS) : Number(query.step);
  if (step <= 0) return sendProblem(reply, 400, 'invalid', 'step is in seconds and above 0.');
  const variants = query.variant === undefined ? (['stable', 'canary'] as const) : [query.variant];
  const answer = service.series(params.id, { ...range, step, metrics: wanted.filter(isMetricId), variants });
  if (answer === null) return notFound(reply, params.id);
  if (answer.ok) return reply.send(answer.value);
  const detail = `That would be ${String(answer.error.points)} points a series; at most ${String(POINTS_MAX)} are given. Ask for a larger step.`;
  return sendProblem(reply, 400, 'tooManyPoints', detail);
};

const ASSIGNED_CONFIDENCE = 0.95;

/** Evidence, and the share it found on the canary with its Wilson interval, held against the ratio while that held all along. */
const withAssignedShare = (service: Service, id: string, { from, to }: { readonly from: number; readonly to: number }) => {
  const release = service.find(id);
  const evidence = service.evidence(id, from, to);
  if (release === null || evidence === null) return null;
  return { ...evidence, assigned: assignedShareOf(modelOf(release), evidence, release.ratioSince > evidence.from, ASSIGNED_CONFIDENCE) };
};

const ingest = async ({ service }: Context, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
  const header = request.headers['idempotency-key'];
  const key = typeof header === 'string' && header !== '' ? header : null;
  if (key !== null && key.length > 200) return sendProblem(reply, 400, 'invalid', 'An Idempotency-Key has at most 200 characters.');
  const { body } = request;
  // Parsed as something else: to take it for an empty batch would lose its events without a word.
  if (!(body instanceof Uint8Array || body === null || body === undefined))
    return sendProblem(reply, 415, 'unsupportedMediaType', 'Events are NDJSON, one JSON object a line: content-type application/x-ndjson.');
  const done = await service.ingest(body ?? new Uint8Array(), key);
  if (done.ok) return reply.type('application/json; charset=utf-8').serializer(String).send(done.value);
  return done.error === 'tooManyLines'
    ? sendProblem(reply, 413, 'tooLarge', `A batch has at most ${String(LINES_MAX)} events.`)
    : sendProblem(reply, 422, 'idempotencyKeyReused', 'This Idempotency-Key was used for another batch.');
};

export const registerMeasurements = (app: FastifyInstance, context: Context): void => {
  const { service } = context;
  const viewer = { access: 'viewer' } as const;
  const errors = { 400: schemas.problemSchema, 401: schemas.problemSchema, 404: schemas.problemSchema };
  app.get<{ Params: ById; Querystring: SeriesQueryString }>(
    '/api/v1/releases/:id/metrics',
    {
      config: viewer,
      schema: {
        tags: ['measurements'],
        summary: 'Metrics over time',
        params: schemas.releaseParams,
        querystring: schemas.seriesQuery,
        response: { 200: schemas.series, ...errors },
      },
    },
    (request, reply) => metrics(context, request, reply),
  );
  app.get<{ Params: ById; Querystring: RangeQuery }>(
    '/api/v1/releases/:id/evidence',
    {
      config: viewer,
      schema: {
        tags: ['measurements'],
        summary: 'What was counted of both variants in a window',
        params: schemas.releaseParams,
        querystring: schemas.rangeQuery,
        response: { 200: schemas.evidence, ...errors },
      },
    },
    (request, reply) => {
      const range = rangeOf(request.query, service.clock.now());
      if (range === null) return sendProblem(reply, 400, 'invalid', EMPTY_RANGE);
      return withAssignedShare(service, request.params.id, range) ?? notFound(reply, request.params.id);
    },
  );
  app.get<{ Params: ById; Querystring: { readonly user_id: string } }>(
    '/api/v1/releases/:id/assignment',
    {
      config: viewer,
      schema: {
        tags: ['releases'],
        summary: 'Which variant a user gets',
        params: schemas.releaseParams,
        querystring: schemas.assignmentQuery,
        response: { 200: schemas.assignment, ...errors },
      },
    },
    (request, reply) => {
      const release = service.find(request.params.id);
      if (release === null) return notFound(reply, request.params.id);
      const userId = request.query.user_id;
      const bucket = bucketOfUser(release.salt, userId);
      return {
        userId,
        variant: variantOfBucket(bucket, release.ratio),
        bucket,
        buckets: BUCKETS,
        canaryBelow: canaryBuckets(release.ratio),
      };
    },
  );
  app.post(
    '/api/v1/events',
    {
      config: { access: 'operator' },
      bodyLimit: EVENTS_BODY_MAX,
      schema: {
        tags: ['measurements'],
        summary: 'Events, one JSON object a line',
        body: schemas.eventLines,
        response: { 200: schemas.ingested, ...errors, 413: schemas.problemSchema, 415: schemas.problemSchema, 422: schemas.problemSchema },
      },
    },
    (request, reply) => ingest(context, request, reply),
  );
};
