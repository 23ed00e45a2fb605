import { Rollup } from '../../model/rollup.ts';
import type { VariantRole } from '../../model/release.ts';
import type { BadLineReason } from '../messages.ts';
import type { LogMapping } from './mapping.ts';
import { lineParser, type LogRecord } from './parseLine.ts';

/** Lines of the sample that would not be counted, for one reason. */
export interface UncountedLines {
  readonly reason: BadLineReason;
  readonly count: number;
  /** The first of them, as it stands in the file. */
  readonly example: string;
}

/** What a mapping makes of the lines of a sample: what a person has to see before they trust it. */
export interface SampleReading {
  readonly lines: number;
  readonly understood: number;
  readonly requests: Readonly<Record<VariantRole, number>>;
  readonly errors: Readonly<Record<VariantRole, number>>;
  /** Distinct users; 0 where none is told. */
  readonly users: number;
  /** Milliseconds; null where no line tells one. */
  readonly medianLatencyMs: number | null;
  /** Time of the newest line that counts, epoch milliseconds; null where none does. */
  readonly newest: number | null;
  /** Names of the services, commonest first; empty where the lines name none. */
  readonly services: readonly string[];
  /** The last lines that count, oldest first. */
  readonly last: readonly LogRecord[];
  /** Commonest first. */
  readonly uncounted: readonly UncountedLines[];
}

const SHOWN = 3;
const REASON = { future: 'future', tooOld: 'old', invalidTime: 'time' } as const;

/** `now` in epoch milliseconds: lines ahead of it or older than what is kept do not count, as later in the source itself. */
export function readSample(lines: readonly string[], mapping: LogMapping, now: number): SampleReading {
  const parse = lineParser(mapping);
  const rollup = new Rollup(() => now);
  const records: LogRecord[] = [];
  const uncounted = new Map<BadLineReason, { count: number; readonly example: string }>();
  for (const line of lines) {
    const record = parse(line);
    const refused = record.ok ? rollup.add(record.value) : null;
    const reason = record.ok ? refused && REASON[refused] : record.error;
    if (record.ok && reason === null) records.push(record.value);
    else if (reason !== null)
      uncounted.set(reason, { example: line, ...uncounted.get(reason), count: (uncounted.get(reason)?.count ?? 0) + 1 });
  }
  const count = (role: VariantRole, errorsOnly: boolean): number =>
    records.filter(({ variant, outcome }) => variant === role && (!errorsOnly || outcome === 'error')).length;
  const latencies = records.flatMap(({ latencyMs }) => latencyMs ?? []).sort((a, b) => a - b);
  return {
    lines: lines.length,
    understood: records.length,
    requests: { stable: count('stable', false), canary: count('canary', false) },
    errors: { stable: count('stable', true), canary: count('canary', true) },
    users: new Set(records.flatMap(({ userId }) => userId ?? [])).size,
    medianLatencyMs: latencies[Math.floor(latencies.length / 2)] ?? null,
    newest: records.length === 0 ? null : records.reduce((latest, { time }) => Math.max(latest, time), -Infinity),
    services: tally(records.flatMap(({ release }) => release ?? [])).map(({ value }) => value),
    last: records.slice(-SHOWN),
    uncounted: [...uncounted].map(([reason, of]) => ({ reason, ...of })).sort((a, b) => b.count - a.count),
  };
}

export interface ValueCount {
  readonly value: string;
  readonly count: number;
}

/** How often each value occurs, commonest first. */
export function tally(values: readonly (string | number | boolean)[]): readonly ValueCount[] {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1);
  return [...counts].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count);
}
