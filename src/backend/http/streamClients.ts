import type { OpenStream } from './openStream.ts';

/** How many streams may be open, and how much may wait for their clients together, in bytes. */
export interface StreamLimits {
  readonly clients: number;
  readonly waitingBytes: number;
}

export const STREAM_LIMITS: StreamLimits = { clients: 1000, waitingBytes: 64 * 1024 * 1024 };

/** The clients of the event stream. Those that do not read must not cost the service its memory, however many they are. */
export class StreamClients {
  private readonly limits: StreamLimits;
  private readonly clients = new Set<OpenStream>();

  constructor(limits: StreamLimits) {
    this.limits = limits;
  }

  get size(): number {
    return this.clients.size;
  }

  get isFull(): boolean {
    return this.clients.size >= this.limits.clients;
  }

  add(client: OpenStream): void {
    this.clients.add(client);
    this.trim();
  }

  remove(client: OpenStream): void {
    this.clients.delete(client);
  }

  send(text: string): void {
    if (this.clients.size === 0) return;
    // Encoded once: what waits for many is the same memory.
    const bytes = Buffer.from(text);
    for (const client of this.clients) client.write(bytes);
    this.trim();
  }

  end(): void {
    for (const client of this.clients) client.end();
  }

  /** Cuts off the slowest until what waits is within the limit; they resume by the last id they saw. */
  private trim(): void {
    let waiting = 0;
    for (const client of this.clients) waiting += client.waiting;
    if (waiting <= this.limits.waitingBytes) return;
    for (const client of [...this.clients].sort((a, b) => b.waiting - a.waiting)) {
      if (waiting <= this.limits.waitingBytes) return;
      waiting -= client.waiting;
      client.cut();
    }
  }
}
