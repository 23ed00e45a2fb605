import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import formbody from '@fastify/formbody';
import swagger from '@fastify/swagger';
import fastify, { type FastifyError, type FastifyInstance, type RawServerDefault } from 'fastify';
import type { Tokens } from '../process/tokens.ts';
import { authHook } from './auth.ts';
import type { Context } from './context.ts';
import { documentErrors } from './documentErrors.ts';
import { errorHandler, problem, PROBLEM_TYPE, sendProblem } from './problem.ts';
import { registerArticle } from './routes/article.ts';
import { registerDocs } from './routes/docs.ts';
import { registerMeasurements } from './routes/measurements.ts';
import { registerOperations } from './routes/operations.ts';
import { registerReleases } from './routes/releases.ts';
import { registerStreams } from './routes/streams.ts';

const JSON_BODY_MAX = 256 * 1024;
const REQUEST_TIMEOUT_MS = 60_000;
/** Node looks for requests that take too long this often. */
const TIMEOUT_CHECK_MS = 5_000;

export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

const DESCRIPTION =
  'Gray releases: phases, steps, ratio, deterministic assignment of users, measurements of both variants. Writes need If-Match with the revision. Errors are problem+json.';

const NOT_HTTP = [400, 'invalid', 'The request is not HTTP that this service understands.'] as const;
const CLIENT_ERRORS: Readonly<Record<string, readonly [status: number, code: string, detail: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'tooLarge', 'The headers of the request are larger than 16 KB.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'timeout', `The request did not arrive within ${String(REQUEST_TIMEOUT_MS / 1000)} s.`],
};

/** A request that is not even HTTP gets a problem too, as far as it can be answered. */
const answerClientError = (error: NodeJS.ErrnoException, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) return;
  const [status, code, detail] = CLIENT_ERRORS[error.code ?? ''] ?? NOT_HTTP;
  const body = JSON.stringify(problem(status, code, detail));
  socket.end(
    `HTTP/1.1 ${String(status)} ${problem(status, '', '').title}\r\ncontent-type: ${PROBLEM_TYPE}\r\ncontent-length: ${String(Buffer.byteLength(body))}\r\nconnection: close\r\n\r\n${body}`,
  );
};

const METHODS = ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'] as const;

/** The HTTP interface of the service. Throws when the TLS files cannot be read. */
export const buildApp = async (context: Context, tokens: Tokens, tls: TlsFiles | null): Promise<FastifyInstance> => {
  const { onError } = context;
  const handleError = errorHandler(onError);
  const connections = { connectionsCheckingInterval: TIMEOUT_CHECK_MS };
  const app: FastifyInstance = fastify<RawServerDefault>({
    logger: false,
    bodyLimit: JSON_BODY_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 500, ignoreTrailingSlash: true },
    // Nothing is bent into shape: "0.5" and null are no numbers, and an unknown field is refused and not dropped.
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false, allowUnionTypes: true } },
    clientErrorHandler: answerClientError,
    frameworkErrors: (error: FastifyError, request, reply) => {
      handleError(error, request, reply);
    },
    ...(tls === null
      ? { http: connections }
      : { https: { ...connections, cert: readFileSync(tls.cert), key: readFileSync(tls.key), minVersion: 'TLSv1.2' as const } }),
  });

  app.decorateRequest('role', null);
  // Response schemas are for the document; what is sent is the whole object.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  app.setErrorHandler(handleError);
  // It answers null for a route that is not there, which its types do not say.
  const hasRoute = (method: (typeof METHODS)[number], url: string): boolean => Boolean(app.findRoute({ method, url }));
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? '';
    const allowed = METHODS.filter((method) => hasRoute(method, path));
    if (allowed.length > 0) {
      void reply.header('allow', allowed.join(', '));
      return sendProblem(reply, 405, 'methodNotAllowed', `${request.method} is not possible here.`);
    }
    return sendProblem(reply, 404, 'notFound', `There is nothing at ${request.method} ${path}.`);
  });
  app.addHook('onRequest', authHook(tokens));
  app.addHook('onRequest', async (request, reply) => {
    const encoding = request.headers['content-encoding'] ?? 'identity';
    if (encoding.toLowerCase() === 'identity') return undefined;
    // Read as it stands, every line of it would be refused one by one.
    void reply.header('accept-encoding', 'identity');
    return sendProblem(reply, 415, 'unsupportedMediaType', `Bodies are taken as they are, not with content-encoding ${encoding}.`);
  });
  app.addHook('onRequest', async (_request, reply) => {
    void reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff');
  });
  app.addHook('onResponse', async (request, reply) => {
    context.metrics.observeHttp(request.method, request.routeOptions.url ?? 'none', reply.statusCode, reply.elapsedTime / 1000);
  });

  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, null);
    else void parseJson(request, String(body), done);
  });
  for (const type of ['application/x-ndjson', 'application/ndjson', 'application/jsonl']) {
    app.addContentTypeParser(type, { parseAs: 'buffer' }, (_request, body, done) => {
      done(null, body);
    });
  }
  await app.register(formbody);
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Rollout Lens gray-release service', version: context.version, description: DESCRIPTION },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      security: [{ token: [] }],
    },
    transform: ({ schema, url, route }) => ({ schema: documentErrors(schema, route.config?.access), url }),
  });
  registerReleases(app, context);
  registerMeasurements(app, context);
  registerOperations(app, context);
  registerStreams(app, context);
  registerArticle(app, context);
  registerDocs(app);
  await app.ready();
  return app;
};
