import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LogMapping } from '../../../../src/sources/logs/mapping.ts';
import { readSample } from '../../../../src/sources/logs/sampleReading.ts';

const NOW = Date.UTC(2026, 10, 24, 12);
const mapping: LogMapping = {
  time: { field: 'ts', unit: 's' },
  variant: { field: 'version', canary: ['v2'] },
  status: { field: 'status', errors: ['>=500'] },
  latency: { field: 'took', unit: 'ms' },
  user: { field: 'user' },
  release: { field: 'service' },
};
const line = (changes: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({ ts: NOW / 1000 - 60, version: 'v1', status: 200, took: 20, user: 'ann', service: 'shop', ...changes });

describe('what a mapping makes of a sample', () => {
  it('counts share, errors a side, users, services, and tells the newest line', () => {
    const lines = [
      line(),
      line({ status: 500, user: 'ben' }),
      line({ ts: NOW / 1000 - 5, version: 'v2', status: '503', took: '30' }),
      line({ version: 'v3', user: '-' }),
    ];
    const reading = readSample(lines, mapping, NOW);
    assert.deepEqual([reading.lines, reading.understood, reading.uncounted], [4, 4, []]);
    assert.deepEqual(reading.requests, { stable: 3, canary: 1 });
    assert.deepEqual(reading.errors, { stable: 1, canary: 1 });
    assert.deepEqual([reading.users, reading.services, reading.medianLatencyMs], [2, ['shop'], 20]);
    assert.equal(reading.newest, NOW - 5000);
  });

  it('tells the lines that would not count, the commonest reason first, each with its first line', () => {
    const lines = ['not json', line({ status: '-' }), 'no json either', line()];
    const reading = readSample(lines, mapping, NOW);
    assert.equal(reading.understood, 1);
    assert.deepEqual(reading.uncounted, [
      { reason: 'json', count: 2, example: 'not json' },
      { reason: 'status', count: 1, example: line({ status: '-' }) },
    ]);
  });

  it('a wrong unit of time is seen: lines from the future do not count, and the newest line is long ago', () => {
    const inMs = readSample([line({ ts: NOW })], mapping, NOW);
    assert.deepEqual([inMs.understood, inMs.newest, inMs.uncounted[0]?.reason], [0, null, 'future']);
    const inSeconds = readSample([line()], { ...mapping, time: { field: 'ts', unit: 'ms' } }, NOW);
    assert.equal(new Date(inSeconds.newest ?? NaN).getUTCFullYear(), 1970);
  });
});
