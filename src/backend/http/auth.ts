import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Tokens } from '../process/tokens.ts';
import type { Actor } from '../service.ts';
import type { Role } from '../storage/audit.ts';
import { sendProblem } from './problem.ts';

/** `article`: no token on loopback, viewer elsewhere. */
export type Access = 'public' | 'viewer' | 'operator' | 'article';

declare module 'fastify' {
  interface FastifyContextConfig {
    readonly access?: Access;
  }
  interface FastifyRequest {
    role: Role | null;
  }
}

const isLoopbackAddress = (address: string | undefined): boolean =>
  address !== undefined && (address === '::1' || /^(::ffff:)?127\./.test(address));

/** Whom the client believes to talk to. A page of another site that had its name point to this machine still sends its own name. */
const isLoopbackName = (host: string | undefined): boolean => {
  const name = host === undefined ? '' : URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : '';
  return name === 'localhost' || name === '[::1]' || /^127(\.\d+){3}$/.test(name);
};

export const isLocal = (request: FastifyRequest): boolean =>
  isLoopbackAddress(request.raw.socket.remoteAddress) && isLoopbackName(request.headers.host);

/** Checks the bearer token against what the route asks for. Routes say so in their config; without it they need an operator. */
export const authHook =
  (tokens: Tokens) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    if (request.is404) return undefined;
    const header = request.headers.authorization;
    const token = header === undefined ? undefined : /^Bearer +(\S+) *$/i.exec(header)?.[1];
    request.role = token === undefined ? null : tokens.roleOf(token);
    const access = request.routeOptions.config.access ?? 'operator';
    if (access === 'public' || (access === 'article' && isLocal(request))) return undefined;
    if (request.role === null) {
      void reply.header('www-authenticate', token === undefined ? 'Bearer' : 'Bearer error="invalid_token"');
      const detail = token === undefined ? 'A bearer token is needed.' : 'The service does not know this token.';
      return sendProblem(reply, 401, 'unauthorized', detail);
    }
    if (access === 'operator' && request.role !== 'operator') {
      return sendProblem(reply, 403, 'forbidden', 'This token may only read; the request needs an operator token.');
    }
    return undefined;
  };

const ACTOR_MAX = 100;

/** The person behind a write: the header X-Actor (percent-encoded UTF-8 where it is not ASCII), else the role. */
export const actorOf = (request: FastifyRequest): Actor => {
  const role = request.role ?? 'viewer';
  const header = request.headers['x-actor'];
  const given = typeof header === 'string' ? header.trim() : '';
  if (given === '') return { actor: role, role };
  let name = given;
  try {
    name = decodeURIComponent(given);
  } catch {
    // Not percent-encoded: the header as it is.
  }
  // eslint-disable-next-line no-control-regex -- control characters are what must go
  return { actor: name.replace(/[\u0000-\u001f\u007f]/g, ' ').slice(0, ACTOR_MAX), role };
};
