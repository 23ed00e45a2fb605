import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Guardrail, ReleaseView } from '../../domain/release.ts';
import { stepsProblem } from '../../domain/steps.ts';
import type { Act } from '../../domain/transition.ts';
import { viewOf } from '../../domain/view.ts';
import type { Step } from '../../../model/release.ts';
import { actorOf } from '../auth.ts';
import type { Context } from '../context.ts';
import { etagOf, readIfMatch } from '../precondition.ts';
import { sendProblem } from '../problem.ts';
import * as schemas from '../schemas.ts';

interface StepBody {
  readonly ratio: number;
  readonly pauseSeconds?: number | null;
}
type GuardrailBody = Pick<Guardrail, 'metric' | 'limit'> & Partial<Guardrail>;

interface CreateBody {
  readonly id: string;
  readonly name?: string;
  readonly service?: string;
  readonly ratio?: number;
  readonly steps?: readonly StepBody[];
  readonly guardrails?: readonly GuardrailBody[];
  readonly versions?: { readonly stable?: string; readonly canary?: string };
  readonly salt?: string;
  readonly simulated?: boolean;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

interface PatchBody {
  readonly ratio?: number;
  readonly paused?: true;
  readonly steps?: readonly StepBody[];
  readonly guardrails?: readonly GuardrailBody[];
  readonly reason?: string | null;
}

type ActionBody = { readonly reason?: string | null; readonly full?: boolean } | null | undefined;
interface ById {
  readonly id: string;
}

const stepsOf = (steps: readonly StepBody[]): readonly Step[] =>
  steps.map(({ ratio, pauseSeconds }) => ({ ratio, pauseSeconds: pauseSeconds ?? null }));

const guardrailsOf = (guardrails: readonly GuardrailBody[]): readonly Guardrail[] =>
  guardrails.map(({ metric, limit, action = 'none', windowSeconds = 600, minCount = 100 }) => ({
    metric,
    limit,
    action,
    windowSeconds,
    minCount,
  }));

const METADATA_LEVELS = 8;
/** Deeper than anybody means it, and than every reader of it can follow. */
const isTooDeep = (value: unknown, levels = METADATA_LEVELS): boolean =>
  typeof value === 'object' && value !== null && (levels === 0 || Object.values(value).some((inner) => isTooDeep(inner, levels - 1)));

const sendRelease = (reply: FastifyReply, release: ReleaseView, status = 200): FastifyReply => {
  void reply.code(status).header('etag', etagOf(release));
  return reply.send(release);
};

export const notFound = (reply: FastifyReply, id: string): FastifyReply =>
  sendProblem(reply, 404, 'notFound', `There is no release ${JSON.stringify(id)}.`);

/** Carries out acts under the request's If-Match. */
const act = async (
  { service }: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  id: string,
  acts: readonly Act[],
  reason: string | null,
): Promise<FastifyReply> => {
  const precondition = readIfMatch(request.headers['if-match']);
  if (precondition.kind === 'missing') {
    const current = service.find(id);
    if (current === null) return notFound(reply, id);
    const detail = 'A write needs If-Match with the revision it rests on, so that nobody overwrites what they have not seen.';
    return sendProblem(reply, 428, 'preconditionRequired', detail, { current: viewOf(current) });
  }
  const revisions = precondition.kind === 'any' ? null : precondition.revisions;
  const done = await service.act({ id, acts, revisions, by: actorOf(request), reason });
  if (done.ok) return sendRelease(reply, done.value);
  switch (done.error.kind) {
    case 'notFound':
      return notFound(reply, id);
    case 'moved': {
      const { current } = done.error;
      void reply.header('etag', etagOf(current));
      const detail = `The release has moved to revision ${String(current.revision)}: ratio ${String(current.ratio)}, phase ${current.phase}, state ${current.state}.`;
      return sendProblem(reply, 412, 'revisionMoved', detail, { current });
    }
    case 'impossible': {
      const { current, why } = done.error;
      void reply.header('etag', etagOf(current));
      return sendProblem(reply, 409, 'conflict', why, { current });
    }
  }
};

const create = async ({ service }: Context, request: FastifyRequest<{ Body: CreateBody }>, reply: FastifyReply): Promise<FastifyReply> => {
  const { body } = request;
  const steps = stepsOf(body.steps ?? []);
  const wrong = stepsProblem(steps);
  if (wrong !== null) return sendProblem(reply, 400, 'invalid', wrong);
  if (isTooDeep(body.metadata))
    return sendProblem(reply, 400, 'invalid', `metadata is nested more than ${String(METADATA_LEVELS)} levels deep.`);
  const done = await service.create(
    {
      id: body.id,
      name: body.name ?? body.id,
      service: body.service ?? body.name ?? body.id,
      ratio: body.ratio ?? 0,
      steps,
      guardrails: guardrailsOf(body.guardrails ?? []),
      versions: { stable: body.versions?.stable ?? 'stable', canary: body.versions?.canary ?? 'canary' },
      // The id is unique for ever, so releases are independent, and the same release assigns the same users wherever it is made.
      salt: body.salt ?? body.id,
      simulated: body.simulated ?? false,
      metadata: body.metadata ?? {},
    },
    actorOf(request),
  );
  if (!done.ok) return sendProblem(reply, 409, 'exists', `There is a release ${JSON.stringify(body.id)} already.`, { current: done.error });
  void reply.header('location', `/api/v1/releases/${encodeURIComponent(body.id)}`);
  return sendRelease(reply, done.value, 201);
};

const patch = async (
  context: Context,
  request: FastifyRequest<{ Body: PatchBody; Params: ById }>,
  reply: FastifyReply,
): Promise<FastifyReply> => {
  const { ratio, paused = false, steps, guardrails, reason } = request.body;
  if (paused && ratio === undefined) return sendProblem(reply, 400, 'invalid', 'paused needs a ratio to be paused at.');
  const acts: Act[] = [];
  if (steps !== undefined) {
    const decoded = stepsOf(steps);
    const wrong = stepsProblem(decoded);
    if (wrong !== null) return sendProblem(reply, 400, 'invalid', wrong);
    acts.push({ kind: 'setSteps', steps: decoded });
  }
  if (guardrails !== undefined) acts.push({ kind: 'setGuardrails', guardrails: guardrailsOf(guardrails) });
  if (ratio !== undefined) acts.push({ kind: 'setRatio', ratio, paused });
  return act(context, request, reply, request.params.id, acts, reason ?? null);
};

const ACTIONS = ['promote', 'pause', 'resume', 'abort', 'rollback'] as const;
const errors = Object.fromEntries([400, 401, 403, 404, 409, 412, 428].map((status) => [status, schemas.problemSchema]));

export const registerReleases = (app: FastifyInstance, context: Context): void => {
  const { service } = context;
  const tags = ['releases'];
  app.get(
    '/api/v1/releases',
    { config: { access: 'viewer' }, schema: { tags, summary: 'All releases', response: { 200: schemas.releases } } },
    (request) => ({ releases: service.list().map(viewOf), role: request.role ?? 'viewer' }),
  );
  app.post<{ Body: CreateBody }>(
    '/api/v1/releases',
    {
      config: { access: 'operator' },
      schema: { tags, summary: 'Create a release', body: schemas.newRelease, response: { 201: schemas.release, ...errors } },
    },
    (request, reply) => create(context, request, reply),
  );
  app.get<{ Params: ById }>(
    '/api/v1/releases/:id',
    {
      config: { access: 'viewer' },
      schema: { tags, summary: 'A release', params: schemas.releaseParams, response: { 200: schemas.release, 404: schemas.problemSchema } },
    },
    (request, reply) => {
      const release = service.find(request.params.id);
      if (release === null) return notFound(reply, request.params.id);
      if (request.headers['if-none-match'] === etagOf(release)) return reply.code(304).header('etag', etagOf(release)).send();
      return sendRelease(reply, viewOf(release));
    },
  );
  app.patch<{ Body: PatchBody; Params: ById }>(
    '/api/v1/releases/:id',
    {
      config: { access: 'operator' },
      schema: {
        tags,
        summary: 'Set ratio, steps or guardrails (needs If-Match)',
        params: schemas.releaseParams,
        headers: schemas.ifMatch,
        body: schemas.patch,
        response: { 200: schemas.release, ...errors },
      },
    },
    (request, reply) => patch(context, request, reply),
  );
  for (const action of ACTIONS) {
    app.post<{ Body: ActionBody; Params: ById }>(
      `/api/v1/releases/:id/actions/${action}`,
      {
        config: { access: 'operator' },
        schema: {
          tags,
          summary: `${action} (needs If-Match)`,
          params: schemas.releaseParams,
          headers: schemas.ifMatch,
          body: action === 'promote' ? schemas.promoteAction : schemas.action,
          response: { 200: schemas.release, ...errors },
        },
      },
      (request, reply) => {
        const kind = action === 'promote' && request.body?.full === true ? 'promoteFull' : action;
        return act(context, request, reply, request.params.id, [{ kind }], request.body?.reason ?? null);
      },
    );
  }
};
