import { STATUS_CODES } from 'node:http';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { isDiskFull } from '../storage/database.ts';

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** An error answer (RFC 9457). `code` is for programs, `detail` for people. */
export interface Problem {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail: string;
}

export const problem = (status: number, code: string, detail: string): Problem => ({
  type: 'about:blank',
  title: STATUS_CODES[status] ?? 'Error',
  status,
  code,
  detail,
});

/** Sends a problem, with further members of its own (`current`, `errors`). */
export const sendProblem = (
  reply: FastifyReply,
  status: number,
  code: string,
  detail: string,
  more: Readonly<Record<string, unknown>> = {},
): FastifyReply => {
  void reply.code(status).type(PROBLEM_TYPE).serializer(JSON.stringify);
  return reply.send({ ...problem(status, code, detail), ...more });
};

const CODES: Readonly<Record<number, string>> = {
  400: 'invalid',
  404: 'notFound',
  405: 'methodNotAllowed',
  408: 'timeout',
  413: 'tooLarge',
  414: 'tooLarge',
  415: 'unsupportedMediaType',
  431: 'tooLarge',
};

/** Every error of every route ends here. What is not the client's fault is told to `onError`, not to the client. */
export const errorHandler =
  (onError: (error: unknown) => void) =>
  (error: FastifyError, _request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    if (error.validation !== undefined) {
      const errors = error.validation.map(({ instancePath, message }) => ({ path: instancePath, message: message ?? 'invalid' }));
      return sendProblem(reply, 400, 'invalid', error.message, { errors });
    }
    const status = error.statusCode ?? 500;
    if (status >= 400 && status < 500) return sendProblem(reply, status, CODES[status] ?? 'invalid', error.message);
    onError(error);
    if (isDiskFull(error)) return sendProblem(reply, 507, 'storageFull', 'The disk of the service is full: nothing was changed.');
    return sendProblem(reply, 500, 'internal', 'The service could not carry out the request; its log says why.');
  };
