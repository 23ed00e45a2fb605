import type { FastifyReply, FastifyRequest } from 'fastify';

/** A client that reads so slowly that this much waits for it is cut off; it resumes by the last id it saw. */
export const WAITING_MAX = 1024 * 1024;

export interface OpenStream {
  /** Sends text, or its bytes, as it is. */
  write(text: string | Uint8Array): void;
  /** Bytes that the client has not taken yet. */
  readonly waiting: number;
  /** Breaks the connection off. */
  cut(): void;
  end(): void;
}

/** Keeps the answer open as a stream of server-sent events. `onClose` is called once, when the client or the service ends it. */
export const openStream = (request: FastifyRequest, reply: FastifyReply, heartbeatMs: number, onClose: () => void): OpenStream => {
  reply.hijack();
  const response = reply.raw;
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  request.raw.socket.setNoDelay(true);
  const write = (text: string | Uint8Array): void => {
    if (response.writableLength > WAITING_MAX) response.destroy();
    else if (!response.destroyed) response.write(text);
  };
  const heartbeat = setInterval(() => {
    write(': heartbeat\n\n');
  }, heartbeatMs);
  response.once('close', () => {
    clearInterval(heartbeat);
    onClose();
  });
  // A connection that breaks is a closed one.
  response.on('error', () => undefined);
  write(': open\n\n');
  return {
    write,
    get waiting() {
      return response.destroyed ? 0 : response.writableLength;
    },
    cut: () => response.destroy(),
    end: () => response.end(),
  };
};
