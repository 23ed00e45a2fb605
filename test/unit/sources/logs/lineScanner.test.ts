import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { hashId, NO_HASH } from '../../../../src/model/distinct.ts';
import { LineScanner } from '../../../../src/sources/logs/lineScanner.ts';
import { decodeLogMapping, type LogMapping } from '../../../../src/sources/logs/mapping.ts';
import { lineParser } from '../../../../src/sources/logs/parseLine.ts';

const mapping = (changes: Readonly<Record<string, unknown>> = {}): LogMapping => {
  const decoded = decodeLogMapping({
    time: { field: 'msec', unit: 's' },
    variant: { field: 'variant', canary: 'canary' },
    status: { field: 'status' },
    latency: { field: 'request_time', unit: 's' },
    user: { field: 'user' },
    ...changes,
  });
  assert.ok(decoded.ok);
  return decoded.value;
};

/** How many of the lines the scanner read itself; every one of those as the parser reads it. */
const scanned = (map: LogMapping, lines: readonly Buffer[]): number => {
  const scanner = new LineScanner(map);
  const parse = lineParser(map);
  let count = 0;
  for (const bytes of lines) {
    // In the middle of other bytes, as in a chunk of a file.
    const chunk = Buffer.concat([Buffer.from('"}\n'), bytes, Buffer.from('\n{"x":')]);
    if (!scanner.scan(chunk, 3, 3 + bytes.length)) continue;
    count++;
    const text = bytes.toString('utf8');
    const record = parse(text);
    assert.ok(record.ok, `only the scanner takes ${text}`);
    const { time, variant, version, outcome, latencyMs, userId, release } = record.value;
    assert.deepEqual(
      [scanner.time, scanner.variant, scanner.version, scanner.outcome, scanner.latencyMs, scanner.userHash, scanner.release],
      [time, variant, version, outcome, latencyMs, userId === undefined ? NO_HASH : hashId(userId), release],
      text,
    );
  }
  return count;
};

const fixture = (name: string): readonly Buffer[] =>
  readFileSync(new URL(`../../../fixtures/nginx/${name}`, import.meta.url), 'latin1')
    .trimEnd()
    .split('\n')
    .map((line) => Buffer.from(line, 'latin1'));

const base = '{"msec":1795523993.035,"variant":"canary","status":200,"request_time":0.010,"user":"u1","uri":"/a"}';

describe('LineScanner', () => {
  it('reads a real log as the parser does, nearly all of it by itself', () => {
    const lines = fixture('nginx-canary.jsonl');
    assert.equal(scanned(mapping(), lines), lines.length - 1, 'all but the line it learned from');
    assert.equal(scanned(mapping({ time: { field: 'time', unit: 'iso' } }), lines), lines.length - 1);
    assert.equal(
      scanned(mapping({ latency: { field: 'upstream_time', unit: 's' }, release: { field: 'method' } }), lines),
      lines.length - 1,
    );
    assert.ok(scanned(mapping(), [...lines.slice(0, 1), ...fixture('nginx-edge.jsonl')]) >= 5);
  });

  it('leaves to the parser what it is not sure of, and never reads anything differently', () => {
    const values = [
      '0',
      '-1',
      '1.5',
      '1.',
      '.5',
      '00',
      '01.5',
      '1.2.3',
      '1e3',
      '1E-3',
      '12345678901234567890',
      '0.1234567890123456',
      'true',
      'false',
      'null',
      '""',
      '"-"',
      '"0.010"',
      '"0.010, 0.020"',
      '"1e3"',
      '"x"',
      '"a\\"b"',
      '"\\u00e9"',
      '"\\q"',
      '"\\\\"',
      '"é用"',
      '"\t"',
      '[1]',
      '{"a":1}',
      '499',
      '"499"',
      '404',
      '500',
      '1795523993.5',
      '"2026-11-24T12:39:53Z"',
      '"canary"',
      '"stable"',
      'x',
      '',
      ' 1',
      '"a',
      '"constructor"',
    ];
    const lines = [base];
    for (const value of values) {
      for (const field of ['msec', 'variant', 'status', 'request_time', 'user', 'uri']) {
        lines.push(base.replace(new RegExp(`"${field}":("[^"]*"|[^,}]*)`), `"${field}":${value.replaceAll('$', '$$$$')}`));
      }
    }
    lines.push(
      base.slice(0, -1),
      `${base}}`,
      `${base} `,
      ` ${base}`,
      base.replace(',', ', '),
      base.replace('{', '{"extra":1,'),
      base.replace('"uri":"/a"', '"status":500'),
    );
    const bytes = lines.map((line) => Buffer.from(line));
    bytes.push(Buffer.concat([Buffer.from(base.slice(0, -4)), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]));
    for (const unit of ['s', 'ms', 'us', 'ns', 'iso']) {
      for (const errors of ['>=500', 'x,true', '4xx']) {
        scanned(
          mapping({ time: { field: 'msec', unit }, status: { field: 'status', errors }, latency: { field: 'request_time', unit: 'us' } }),
          bytes,
        );
      }
    }
    assert.ok(scanned(mapping(), bytes) > 50);
  });

  it('learns another shape when the log changes, and gives up on what it cannot learn', () => {
    const other = '{"user":"u1","status":200,"variant":"stable","msec":1795523993.035}';
    const repeat = (line: string, times: number): readonly Buffer[] => Array.from({ length: times }, () => Buffer.from(line));
    assert.ok(scanned(mapping(), [...repeat(base, 50), ...repeat(other, 50)]) > 70);
    assert.equal(
      scanned(mapping({ status: { field: 'http.status' } }), repeat(base.replace('"status":200', '"http":{"status":200}'), 50)),
      0,
    );
  });

  it('does not remember more names than it can tell apart quickly', () => {
    const lines = Array.from({ length: 100 }, (_, i) => Buffer.from(base.replace('"canary"', `"v${String(i)}"`)));
    assert.equal(scanned(mapping(), lines), 32);
  });
});
