import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Rollout Lens: gray-release service</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/docs/swagger-ui.css">
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

const START = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#swagger-ui', validatorUrl: null, persistAuthorization: false });\n`;

// Swagger UI sets styles from its script, which the policy allows, and embeds its icons.
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const FILES: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
};

/** Beside the running bundle; in a run from source, in node_modules. */
const folder = (): string => {
  const beside = fileURLToPath(new URL('./openapi/', import.meta.url));
  if (existsSync(path.join(beside, 'swagger-ui.css'))) return beside;
  return path.dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
};

export const registerDocs = (app: FastifyInstance): void => {
  const options = { config: { access: 'public' }, schema: { hide: true } } as const;
  const texts: Readonly<Record<string, readonly [type: string, text: string]>> = {
    '/docs': ['text/html; charset=utf-8', PAGE],
    '/docs/start.js': ['text/javascript; charset=utf-8', START],
  };
  for (const [route, [type, text]] of Object.entries(texts)) {
    app.get(route, options, (_request, reply) => reply.header('content-security-policy', CSP).type(type).serializer(String).send(text));
  }
  for (const [name, type] of Object.entries(FILES)) {
    app.get(`/docs/${name}`, options, async (_request, reply) => reply.type(type).send(await readFile(path.join(folder(), name))));
  }
  app.get('/openapi.json', options, () => app.swagger());
};
