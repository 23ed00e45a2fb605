/** The two routes of the article's sketch, with the same answers and without its faults (docs/service.md lists them). */
import type { FastifyInstance } from 'fastify';
import { bucketOfUser, variantOfBucket } from '../../domain/assignment.ts';
import type { ServiceRelease } from '../../domain/release.ts';
import { USER_ID_MAX } from '../../events/event.ts';
import { Monitor } from '../../monitor/monitor.ts';
import type { Context } from '../context.ts';
import { sendProblem } from '../problem.ts';
import * as schemas from '../schemas.ts';

interface ArticleQuery {
  readonly release?: string;
}

/** The release named, else the one in phase gray that changed last. */
const releaseFor = ({ service }: Context, { release }: ArticleQuery): ServiceRelease | null =>
  release !== undefined
    ? service.find(release)
    : service
        .list()
        .filter(({ phase }) => phase === 'gray')
        .reduce<ServiceRelease | null>((last, next) => (last === null || next.updatedAt >= last.updatedAt ? next : last), null);

/** A form gives text, JSON text or a number. */
const userIdOf = (body: unknown): string | null => {
  const id = typeof body === 'object' && body !== null && 'user_id' in body ? body.user_id : null;
  const text = typeof id === 'number' && Number.isFinite(id) ? String(id) : typeof id === 'string' ? id.trim() : '';
  return text === '' || text.length > USER_ID_MAX ? null : text;
};

export const registerArticle = (app: FastifyInstance, context: Context): void => {
  const tags = ['article'];
  app.post<{ Querystring: ArticleQuery }>(
    '/api/gray_release',
    {
      config: { access: 'article' },
      schema: {
        tags,
        summary: 'Is this user on the canary? Form or JSON with user_id',
        consumes: ['application/x-www-form-urlencoded', 'application/json'],
        querystring: schemas.articleQuery,
        response: { 200: schemas.articleAnswer('success', 'fail'), 400: schemas.problemSchema },
      },
    },
    (request, reply) => {
      const userId = userIdOf(request.body);
      if (userId === null)
        return sendProblem(reply, 400, 'invalid', `user_id is needed: 1 to ${String(USER_ID_MAX)} characters, in a form or in JSON.`);
      const release = releaseFor(context, request.query);
      if (release === null) return { status: 'fail', message: 'No gray release is under way.' };
      const variant = variantOfBucket(bucketOfUser(release.salt, userId), release.ratio);
      const known = { release: release.id, variant, ratio: release.ratio };
      return variant === 'canary'
        ? { status: 'success', message: 'Gray released.', ...known }
        : { status: 'fail', message: 'This user stays on the stable version.', ...known };
    },
  );
  const monitor = new Monitor(context.service);
  app.get<{ Querystring: ArticleQuery }>(
    '/api/monitor',
    {
      config: { access: 'article' },
      schema: {
        tags,
        summary: 'Does the canary behave unlike the stable?',
        querystring: schemas.articleQuery,
        response: { 200: schemas.articleAnswer('normal', 'anomaly') },
      },
    },
    (request) => {
      const release = releaseFor(context, request.query);
      return release === null ? { status: 'normal', message: 'No gray release is under way.' } : monitor.look(release);
    },
  );
};
