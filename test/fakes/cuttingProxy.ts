import { createServer, connect, type Socket } from 'node:net';
import { closer, listen } from './httpServer.ts';

/**
 * What lies between client and server and can fail: `pass` hands everything on; `swallow` hands requests on and keeps the answers,
 * then cuts; `hang` keeps the answers and leaves the client waiting; `drop` cuts before anything is handed on.
 */
type CutMode = 'pass' | 'swallow' | 'hang' | 'drop';

export interface CuttingProxy {
  readonly url: string;
  /** Asked for every request, by its first line. */
  mode: (firstLine: string) => CutMode;
  readonly firstLines: string[];
  close(): Promise<void>;
}

export const cutBefore = async (target: string): Promise<CuttingProxy> => {
  const { hostname, port } = new URL(target);
  const handle = (client: Socket): void => {
    const server = connect(Number(port), hostname);
    let mode: CutMode = 'pass';
    for (const socket of [client, server]) socket.on('error', () => undefined);
    client.on('close', () => server.destroy());
    server.on('close', () => client.destroy());
    client.on('data', (chunk: Buffer) => {
      // A kept connection carries one request after another: each decides anew.
      const [firstLine = ''] = chunk.toString('latin1').split('\r\n', 1);
      if (/^[A-Z]+ \S+ HTTP\/1\.1$/.test(firstLine)) {
        proxy.firstLines.push(firstLine);
        mode = proxy.mode(firstLine);
      }
      if (mode === 'drop') client.destroy();
      else server.write(chunk);
    });
    server.on('data', (chunk: Buffer) => {
      if (mode === 'pass') client.write(chunk);
      // The answer has come, so the server has done what was asked.
      else if (mode === 'swallow') client.destroy();
    });
  };
  const listener = createServer(handle);
  const close = closer(listener);
  const proxy: CuttingProxy = { url: `http://127.0.0.1:${await listen(listener)}`, mode: () => 'pass', firstLines: [], close };
  return proxy;
};
