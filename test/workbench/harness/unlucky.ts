/** Stands between the editor and a service, and lets the service be killed at the worst moment of a change. */
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';

/** When the service dies: before the change reached it, or after it was carried out and before its answer is read. */
export type Moment = 'before' | 'after';

export interface Unlucky {
  readonly url: string;
  /** The changes that were sent, in order: method and path. */
  readonly changes: readonly string[];
  /** The next change is cut off at this moment by `kill`; those after it go through. */
  cutNext(moment: Moment, kill: () => Promise<void>): void;
}

export const startUnlucky = async (after: (cleanUp: () => Promise<void> | void) => void, service: string): Promise<Unlucky> => {
  const changes: string[] = [];
  let cut: { readonly moment: Moment; readonly kill: () => Promise<void> } | null = null;

  const forward = (
    incoming: IncomingMessage,
    body: Buffer | null,
    onAnswer: (answer: IncomingMessage) => void,
    onEnd: () => void,
  ): void => {
    const { method, headers, url } = incoming;
    const outgoing = request(new URL(url ?? '/', service), { method, headers }, onAnswer);
    outgoing.on('error', onEnd);
    if (body === null) incoming.pipe(outgoing);
    else outgoing.end(body);
  };
  const pass = (incoming: IncomingMessage, response: ServerResponse, body: Buffer | null): void => {
    const end = (): void => void response.destroy();
    forward(
      incoming,
      body,
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.on('error', end).pipe(response);
        response.on('close', () => answer.destroy());
      },
      end,
    );
  };
  const change = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    changes.push(`${incoming.method ?? ''} ${incoming.url ?? ''}`);
    const body = Buffer.concat(await incoming.toArray());
    const unlucky = cut;
    cut = null;
    if (unlucky === null) {
      pass(incoming, response, body);
      return;
    }
    if (unlucky.moment === 'after')
      await new Promise<void>((resolve, reject) => {
        forward(
          incoming,
          body,
          (answer) => answer.resume().on('end', resolve),
          () => reject(new Error('the service was gone already')),
        );
      });
    await unlucky.kill();
    response.destroy();
  };

  const server = createServer((incoming, response) => {
    if (incoming.method === 'GET') pass(incoming, response, null);
    else change(incoming, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : new Error(String(error))));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    changes,
    cutNext: (moment, kill) => {
      cut = { moment, kill };
    },
  };
};
