import type { FastifySchema } from 'fastify';
import { problemSchema } from './schemas.ts';

const asProblem = { description: 'Why not', content: { 'application/problem+json': { schema: problemSchema } } };
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

/**
 * The responses of a route as the OpenAPI document tells them: errors as problem+json, and those that any route can answer (400, and
 * 401 and 403 where a token is asked for) on every one.
 */
export const documentErrors = (schema: FastifySchema, access: string | undefined): FastifySchema => {
  const stated = isRecord(schema.response) ? schema.response : {};
  const successes = Object.entries(stated).filter(([status]) => Number(status) < 400);
  const errors = Object.keys(stated).filter((status) => Number(status) >= 400);
  const any = access === undefined || access === 'public' ? ['400'] : ['400', '401', '403'];
  const all = [...new Set([...any, ...errors])].sort().map((status) => [status, asProblem] as const);
  // A stream or a file has no schema, and still an answer.
  const answers = successes.length > 0 ? Object.fromEntries(successes) : { 200: { description: 'The answer' } };
  return { ...schema, response: { ...answers, ...Object.fromEntries(all) } };
};
