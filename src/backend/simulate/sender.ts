import { err, ok, type Result } from '../../base/result.ts';
import type { ScenarioEvent } from '../scenarios/event.ts';
import type { ClientError, ServiceClient } from './client.ts';
import { countEvent, emptyCounts, type Counts } from './counts.ts';
import { sendEvents } from './release.ts';

/** Sends batches and keeps count of what the service took. */
export class Sender {
  readonly variants: Counts = emptyCounts();
  /** Events the service has, those it had before included. */
  events = 0;
  duplicates = 0;
  rejected = 0;
  private readonly seen = new Set<string>();
  private readonly client: ServiceClient;
  private readonly onRejected: (count: number, reason: string) => void;

  constructor(client: ServiceClient, onRejected: (count: number, reason: string) => void) {
    this.client = client;
    this.onRejected = onRejected;
  }

  /** Distinct users in what was taken. */
  get users(): number {
    return this.seen.size;
  }

  /** An error when the service took nothing of the batch, since it will take nothing of the next one either. */
  async send(key: string, batch: readonly ScenarioEvent[], signal: AbortSignal): Promise<Result<null, ClientError>> {
    if (batch.length === 0) return ok(null);
    const body = batch.map((event) => JSON.stringify(event)).join('\n');
    const answer = await sendEvents(this.client, key, body, signal);
    if (!answer.ok) return answer;
    const refused = new Map(answer.value.rejected.map(({ line, reason }) => [line, reason]));
    for (const [index, event] of batch.entries()) {
      if (refused.has(index + 1)) continue;
      countEvent(this.variants, event);
      if (event.kind !== 'resource') this.seen.add(event.userId);
    }
    this.events += batch.length - refused.size;
    this.duplicates += answer.value.duplicate;
    this.rejected += refused.size;
    const [reason] = refused.values();
    if (reason === undefined) return ok(null);
    this.onRejected(refused.size, reason);
    return refused.size < batch.length ? ok(null) : err({ kind: 'refused', status: null, detail: reason });
  }
}
