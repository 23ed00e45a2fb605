import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { Server as NetServer, Socket } from 'node:net';

export interface FakeServer {
  readonly url: string;
  readonly port: number;
  /** Every request that came, in order: "GET /path". */
  readonly requests: string[];
  readonly headers: IncomingMessage['headers'][];
  close(): Promise<void>;
}

/** A small HTTP server on a free loopback port. Closing cuts every connection. */
export const serve = async (handler: RequestListener): Promise<FakeServer> => {
  const requests: string[] = [];
  const headers: IncomingMessage['headers'][] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method ?? ''} ${request.url ?? ''}`);
    headers.push(request.headers);
    handler(request, response);
  });
  const port = await listen(server);
  return { url: `http://127.0.0.1:${port}`, port, requests, headers, close: closer(server) };
};

export const listen = async (server: NetServer, port = 0): Promise<number> => {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
};

/** Closes a server and whatever connections it has. */
export const closer = (server: NetServer): (() => Promise<void>) => {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
  });
  return () =>
    new Promise((resolve) => {
      for (const socket of sockets) socket.destroy();
      if (server.listening) server.close(() => resolve());
      else resolve();
    });
};

export const json = (response: ServerResponse, body: unknown, status = 200, type = 'application/json'): void => {
  response.writeHead(status, { 'content-type': type });
  response.end(JSON.stringify(body));
};

/** What Flask answers to whatever goes wrong. */
export const flaskError = (response: ServerResponse, status: number, title: string): void => {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' });
  response.end(
    `<!doctype html>\n<html lang=en>\n<title>${status} ${title}</title>\n<h1>${title}</h1>\n<p>The server encountered an internal error.</p>\n`,
  );
};

/** A port where nobody listens. */
export const desertedPort = async (): Promise<number> => {
  const server = createServer();
  const port = await listen(server);
  await closer(server)();
  return port;
};
