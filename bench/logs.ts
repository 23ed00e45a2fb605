/**
 * How fast a log source takes in a large access log: a generated file of JSON lines as nginx writes them, read to its end and counted.
 * Peer: Node's own readline with JSON.parse, counting the same facts (requests, errors and response times a second and variant,
 * distinct users), as one would write it by hand. Also measured: the longest time the event loop was blocked, which in the editor is
 * how long nothing else of the extension host moves. Options: --mb N (256), --rounds N (5), --data FILE.
 */
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { createLogSource } from '../src/sources/logs/logSource.ts';
import { decodeLogMapping } from '../src/sources/logs/mapping.ts';
import { inTurn, report, type Figures } from './report.ts';

const MB = 1024 * 1024;
const SEED = 42;
/** The hour the generated log covers ends here: in the past of every clock. */
const LAST = Date.UTC(2026, 0, 5, 10);
const HOUR = 3_600_000;

const { values: options } = parseArgs({
  options: { mb: { type: 'string', default: '256' }, rounds: { type: 'string', default: '5' }, data: { type: 'string' } },
});

/** The same lines for the same size: one in ten requests on the canary, 1 % errors there and 0.2 % elsewhere, 5,000 users. */
async function generate(file: string, bytes: number): Promise<void> {
  let state = SEED;
  const random = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
  const handle = await open(file, 'w');
  try {
    for (let written = 0; written < bytes;) {
      let block = '';
      while (block.length < MB) {
        const at = (LAST - HOUR * (1 - Math.min(1, (written + block.length) / bytes))) / 1000;
        const user = Math.floor(random() * 5000);
        const canary = user % 10 === 0;
        const status = random() < (canary ? 0.01 : 0.002) ? 500 : 200;
        const time = ((canary ? 0.006 : 0.002) + 0.03 * random() ** 3).toFixed(3);
        const iso = `${new Date(at * 1000).toISOString().slice(0, 19)}+00:00`;
        block +=
          `{"time":"${iso}","msec":${at.toFixed(3)},"variant":"${canary ? 'canary' : 'stable'}","status":${String(status)},` +
          `"request_time":${time},"upstream_time":"${time}","user":"user-${String(user)}","method":"GET","uri":"/api/checkout"}\n`;
      }
      await handle.write(block);
      written += block.length;
    }
  } finally {
    await handle.close();
  }
}

/** Wall and processor time, throughput, the longest stall of the event loop and the memory held afterwards, of reading the file to its end. */
async function measure(bytes: number, read: () => Promise<number>): Promise<Figures> {
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const cpu = process.cpuUsage();
  const begun = performance.now();
  const lines = await read();
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - begun) / 1000;
  delay.disable();
  const grown = Math.max(0, process.memoryUsage().rss - before) / MB;
  return {
    wall_s: seconds,
    cpu_s: (user + system) / 1e6,
    mb_per_s: bytes / MB / seconds,
    lines_per_s: lines / seconds,
    stall_ms: delay.max / 1e6,
    grown_mb: grown,
  };
}

const clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  delay: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
};

async function ours(file: string): Promise<number> {
  const mapping = decodeLogMapping({
    time: { field: 'msec', unit: 's' },
    variant: { field: 'variant', canary: 'canary' },
    status: { field: 'status' },
    latency: { field: 'request_time', unit: 's' },
    user: { field: 'user' },
  });
  if (!mapping.ok) throw new Error('the mapping is wrong');
  const source = createLogSource({ id: 'bench', name: 'bench', files: [file], mapping: mapping.value, clock });
  const controller = new AbortController();
  for await (const item of source.watch(controller.signal)) {
    if (item.type === 'error') throw new Error(item.message.key);
    if (item.note?.key !== 'logs.note.reading') break;
  }
  const evidence = await source.evidence({ releaseId: 'bench', from: 0, to: Date.now() }, controller.signal);
  if (!evidence.ok) throw new Error(evidence.error.message.key);
  return evidence.value.variants.stable.requests + evidence.value.variants.canary.requests;
}

async function peer(file: string): Promise<number> {
  interface Line {
    readonly msec: number;
    readonly variant: string;
    readonly status: number;
    readonly request_time: number;
    readonly user: string;
  }
  const cells = new Map<string, { requests: number; errors: number; times: number[] }>();
  const users: Record<string, Set<string>> = {};
  let lines = 0;
  for await (const text of createInterface({ input: createReadStream(file, { highWaterMark: 256 * 1024 }), crlfDelay: Infinity })) {
    const line = JSON.parse(text) as Line;
    lines++;
    const key = `${line.variant} ${String(Math.floor(line.msec))}`;
    let cell = cells.get(key);
    if (!cell) cells.set(key, (cell = { requests: 0, errors: 0, times: [] }));
    cell.requests++;
    if (line.status >= 500) cell.errors++;
    cell.times.push(line.request_time);
    (users[line.variant] ??= new Set()).add(line.user);
  }
  return lines;
}

const folder = await mkdtemp(path.join(os.tmpdir(), 'rollout-lens-bench-'));
try {
  const file = options.data ?? path.join(folder, 'access.jsonl');
  if (options.data === undefined) await generate(file, Number(options.mb) * MB);
  const { size } = await stat(file);
  const counted: number[] = [];
  const remember = async (lines: Promise<number>): Promise<number> => {
    counted.push(await lines);
    return lines;
  };
  const figures = await inTurn(
    Number(options.rounds),
    () => measure(size, () => remember(ours(file))),
    () => measure(size, () => remember(peer(file))),
  );
  const [lines] = counted;
  if (counted.some((one) => one !== lines)) throw new Error(`ours and the peer counted different lines: ${counted.join(', ')}`);
  report({
    bench: 'logs',
    peerName: `readline + JSON.parse, Node ${process.version}`,
    ...figures,
    note: `${(size / MB).toFixed(0)} MB, ${String(lines)} lines, median of ${options.rounds} rounds in turn`,
  });
} finally {
  await rm(folder, { recursive: true, force: true });
}
