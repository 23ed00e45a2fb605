/**
 * Events a second into the gray-release service over HTTP, each answered after its commit. The peer is the obvious way: the same batches over Node's
 * own HTTP server into node:sqlite, one row an event, each its own commit with the same durability, and no roll-ups.
 *
 *   node bench/ingest.ts [--events 10000] [--batch 500] [--connections 4] [--runs 3]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { inTurn, report, type Figures } from './report.ts';

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '10000' },
    batch: { type: 'string', default: '500' },
    connections: { type: 'string', default: '4' },
    runs: { type: 'string', default: '3' },
    'peer-data': { type: 'string' },
  },
});

interface Target {
  readonly url: string;
  readonly token: string;
}

/** The peer: what one writes in ten minutes. */
const runPeer = (folder: string): void => {
  const db = new DatabaseSync(path.join(folder, 'peer.db'));
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE event(id TEXT PRIMARY KEY, body TEXT NOT NULL)');
  const insert = db.prepare('INSERT OR IGNORE INTO event VALUES (?, ?)');
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8');
    request.on('data', (part: string) => (text += part));
    request.on('end', () => {
      let accepted = 0;
      for (const line of text.split('\n')) {
        const { id } = JSON.parse(line) as { id: string };
        accepted += Number(insert.run(id, line).changes);
      }
      response.end(JSON.stringify({ accepted }));
    });
  });
  // While it commits row by row it reads nothing: connections must not time out meanwhile.
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1', () => {
    console.log(JSON.stringify({ url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, token: '' }));
  });
};

const post = (agent: Agent, target: Target, route: string, type: string, body: string): Promise<{ status: number; text: string }> =>
  new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${target.token}`, 'content-type': type };
    const request = httpRequest(new URL(route, target.url), { method: 'POST', headers, agent }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (text += part));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, text });
      });
    });
    request.on('error', reject);
    request.end(body);
  });

/** Seeded: every run sends the same mix of users, latencies and errors. */
const batchesOf = (run: number, events: number, size: number): readonly string[] => {
  let seed = 42;
  const next = (): number => (seed = (seed * 1_664_525 + 1_013_904_223) % 2 ** 32) / 2 ** 32;
  const now = Date.now() - 60_000;
  const lines = Array.from({ length: events }, (_, i) =>
    JSON.stringify({
      id: `${String(run)}-${String(i)}`,
      time: now + Math.floor((i / events) * 50_000),
      release: 'bench',
      userId: `user-${String(Math.floor(next() * 5000))}`,
      kind: 'request',
      status: next() < 0.01 ? 500 : 200,
      latencyMs: Math.round(5 + next() ** 3 * 500),
    }),
  );
  return Array.from({ length: Math.ceil(events / size) }, (_, i) => lines.slice(i * size, (i + 1) * size).join('\n'));
};

/** Wall seconds to send all batches over several connections; fails when an event was not accepted. */
const measure = async (target: Target, batches: readonly string[], connections: number, events: number): Promise<number> => {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const waiting = [...batches];
  let accepted = 0;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      for (let body = waiting.shift(); body !== undefined; body = waiting.shift()) {
        const { status, text } = await post(agent, target, '/api/v1/events', 'application/x-ndjson', body);
        if (status !== 200) throw new Error(`${String(status)} ${text}`);
        accepted += (JSON.parse(text) as { accepted: number }).accepted;
      }
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  agent.destroy();
  if (accepted !== events) throw new Error(`${String(accepted)} of ${String(events)} events were accepted`);
  return seconds;
};

const started = async (script: string, args: readonly string[]): Promise<Target & { stop: () => Promise<void> }> => {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return { ...(JSON.parse(line) as Target), stop };
};

const compare = async (): Promise<void> => {
  const events = Number(values.events);
  const connections = Number(values.connections);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'rollout-lens-bench-'));
  const service = await started(fileURLToPath(new URL('../src/backend/main.ts', import.meta.url)), [
    'serve',
    '--data',
    path.join(folder, 'data'),
  ]);
  const peer = await started(fileURLToPath(import.meta.url), ['--peer-data', folder]);
  try {
    const agent = new Agent();
    await post(agent, service, '/api/v1/releases', 'application/json', JSON.stringify({ id: 'bench', ratio: 0.1 }));
    let run = 0;
    let batches: readonly string[] = [];
    const figures = (seconds: number): Figures => ({ wall_s: seconds, events_per_s: events / seconds });
    // The first batch warms both up.
    await measure(service, batchesOf(-1, 1000, 500), connections, 1000);
    await measure(peer, batchesOf(-1, 1000, 500), connections, 1000);
    const measured = await inTurn(
      Number(values.runs),
      async () => {
        batches = batchesOf(run++, events, Number(values.batch));
        return figures(await measure(service, batches, connections, events));
      },
      async () => figures(await measure(peer, batches, connections, events)),
    );
    report({
      bench: 'ingest',
      peerName: `node:sqlite of Node ${process.versions.node}, one commit a row`,
      ...measured,
      note: `${String(events)} events, ${values.batch} a batch, ${String(connections)} connections, synchronous=FULL on both sides`,
    });
  } finally {
    await Promise.all([service.stop(), peer.stop()]);
    rmSync(folder, { recursive: true, force: true });
  }
};

if (values['peer-data'] === undefined) await compare();
else runPeer(values['peer-data']);
