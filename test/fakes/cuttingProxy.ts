import { createServer, connect, type Socket } from 'node:net';
import { closer, listen } from './httpServer.ts';

/**
 * What lies between client and server and can fail: `pass` hands everything on; `swallow` hands requests on and keeps the answers,
 * then cuts; `hang` keeps the answers and leaves the client waiting; `drop` cuts before anything is handed on.
 */
type CutMode = 'pass' | 'swallow' | 'hang' | 'drop';

export interface CuttingProxy {
  readonly url: string;
  /** Asked for every new connection's first bytes. */
  mode: (firstLine: string) => CutMode;
  readonly firstLines: string[];
  close(): Promise<void>;
}

export const cutBefore = async (target: string): Promise<CuttingProxy> => {
  const { hostname, port } = new URL(target);
  const handle = (client: Socket): void => {
    client.once('data', (first: Buffer) => {
      const firstLine = first.toString('latin1').split('\r\n', 1)[0] ?? '';
      proxy.firstLines.push(firstLine);
      const mode = proxy.mode(firstLine);
      if (mode === 'drop') {
        client.destroy();
        return;
      }
      const server = connect(Number(port), hostname);
      for (const socket of [client, server]) socket.on('error', () => undefined);
      client.on('close', () => server.destroy());
      server.on('close', () => client.destroy());
      server.write(first);
      client.pipe(server, { end: false });
      if (mode === 'pass') server.pipe(client);
      // The answer has come, so the server has done what was asked.
      else server.once('data', () => (mode === 'swallow' ? client.destroy() : undefined));
    });
  };
  const listener = createServer(handle);
  const close = closer(listener);
  const proxy: CuttingProxy = { url: `http://127.0.0.1:${await listen(listener)}`, mode: () => 'pass', firstLines: [], close };
  return proxy;
};
