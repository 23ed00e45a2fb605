import { it } from 'node:test';
import { SILENT_LOG } from '../../../../src/base/log.ts';
import { ok } from '../../../../src/base/result.ts';
import type { Client } from '../../../../src/sources/http/client.ts';
import { LiveWatch } from '../../../../src/sources/http/live.ts';
import { toRelease } from '../../../../src/sources/http/toRelease.ts';
import type { StreamItem } from '../../../../src/sources/transportTypes.ts';

it('a living stream keeps its source fresh when the clock of the machine is set back by an hour', { timeout: 10_000 }, async () => {
  const POLL_MS = 5_000;
  const end = new AbortController();
  const clock = {
    passed: 0,
    set: 0,
    now: () => 10_000_000 + clock.passed + clock.set,
    elapsed: () => clock.passed,
    delay: (_ms: number, signal: AbortSignal) =>
      new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true })),
  };
  const beats: (() => void)[] = [];
  async function* stream(): AsyncGenerator<StreamItem> {
    yield { type: 'open' };
    while (!end.signal.aborted) {
      yield { type: 'heartbeat' };
      await new Promise<void>((resolve) => beats.push(resolve));
    }
  }
  const client: Pick<Client, 'releases' | 'stream'> = {
    releases: () => Promise.resolve(ok({ releases: [], unread: [], role: 'operator' as const })),
    stream: () => Promise.resolve(ok(stream())),
  };
  const watch = new LiveWatch({
    sourceId: 's',
    client: client as Client,
    clock,
    log: SILENT_LOG,
    pollIntervalMs: POLL_MS,
    toRelease: (wire, role) => toRelease(wire, 's', 'S', role),
    random: () => 0.5,
    nextSequence: () => 1,
    remark: null,
  });
  const taken: number[] = [];
  const following = (async () => {
    for await (const item of watch.items(end.signal)) taken.push(item.at);
  })();
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) await new Promise(setImmediate);
  };
  await until(() => beats.length > 0 && taken.length > 0);
  clock.set = -3_600_000;
  clock.passed += POLL_MS;
  beats.shift()?.();
  await until(() => taken.includes(10_000_000 + POLL_MS - 3_600_000));
  end.abort();
  for (const beat of beats) beat();
  await following;
});
