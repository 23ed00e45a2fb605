import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
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

const line = (changes: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({ msec: 1_795_523_993.035, variant: 'canary', status: 200, request_time: 0.25, user: 'u1', ...changes });

const parse = lineParser(mapping());

/** One fact of a line under a mapping. */
const read = (changes: Readonly<Record<string, unknown>>, fields: Readonly<Record<string, unknown>> = {}) => {
  const record = lineParser(mapping(changes))(line(fields));
  assert.ok(record.ok, record.ok ? '' : record.error);
  return record.value;
};

const reason = (text: string): string => {
  const record = parse(text);
  return record.ok ? 'counted' : record.error;
};

describe('lineParser', () => {
  it('reads the five facts of a line', () => {
    assert.deepEqual(parse(line()), {
      ok: true,
      value: { time: 1_795_523_993_035, variant: 'canary', version: 'canary', outcome: 'ok', latencyMs: 250, userId: 'u1', release: null },
    });
  });

  it('counts a request whose response time is negative, and not that time', () => {
    for (const request_time of [-0.25, '-0.25', '0.010, -0.020'])
      assert.equal(read({}, { request_time }).latencyMs, undefined, String(request_time));
    assert.equal(read({}, { request_time: 0 }).latencyMs, 0);
  });

  it('reads time in every unit, from numbers and strings', () => {
    const at = Date.UTC(2026, 10, 24, 12, 39, 53);
    for (const [unit, value] of [
      ['s', at / 1000],
      ['s', String(at / 1000)],
      ['ms', at],
      ['us', at * 1e3],
      ['ns', at * 1e6],
      ['ns', `${String(at)}000000`],
      ['iso', '2026-11-24T12:39:53Z'],
      ['iso', '2026-11-24T20:39:53.000+08:00'],
      ['iso', '24/Nov/2026:13:39:53 +0100'],
    ] as const) {
      assert.ok(Math.abs(read({ time: { field: 'msec', unit } }, { msec: value }).time - at) < 0.5, `${unit} ${String(value)}`);
    }
  });

  it('reads latency in every unit, as a string, as a list of tries, or not at all', () => {
    const latency = (value: unknown, unit = 's'): number | undefined => {
      const ms = read({ latency: { field: 'l', unit } }, { l: value }).latencyMs;
      return ms === undefined ? ms : Number(ms.toFixed(6));
    };
    assert.deepEqual(
      [latency(0.25), latency('0.25'), latency(250, 'ms'), latency(250_000, 'us'), latency(25e7, 'ns')],
      [250, 250, 250, 250, 250],
    );
    assert.equal(latency('0.010, 0.020 : 0.005'), 35);
    assert.equal(latency('-, 0.020'), 20);
    assert.deepEqual([latency('-'), latency(''), latency(null), latency(undefined)], [undefined, undefined, undefined, undefined]);
  });

  it('finds fields by name and by path, a name with dots first', () => {
    const nested = { http: { status: 503 } };
    assert.equal(read({ status: { field: 'http.status' } }, nested).outcome, 'error');
    assert.equal(read({ status: { field: 'http.status' } }, { ...nested, 'http.status': 200 }).outcome, 'ok');
    assert.equal(lineParser(mapping({ user: { field: 'constructor.name' } }))(line()).ok, true);
    assert.equal(read({ user: { field: 'constructor.name' } }).userId, undefined, 'nothing that the line does not say');
  });

  it('tells errors by the rule, and keeps 4xx and 499 apart', () => {
    const outcome = (status: unknown, errors: unknown = '>=500'): string =>
      read({ status: { field: 'status', errors } }, { status }).outcome;
    assert.deepEqual(
      [200, '302', 404, 499, 500, '503'].map((status) => outcome(status)),
      ['ok', 'ok', 'clientError', 'clientError', 'error', 'error'],
    );
    assert.equal(outcome('502, 200'), 'ok', 'the client got the last answer');
    assert.deepEqual(
      [429, 500, 502].map((status) => outcome(status, [429, '502-504'])),
      ['error', 'ok', 'error'],
    );
    assert.deepEqual(
      [404, 503].map((status) => outcome(status, '4xx')),
      ['error', 'ok'],
    );
    assert.deepEqual(
      [outcome('ERROR', 'error,fatal'), outcome('info', ['error', 'fatal']), outcome(false, false)],
      ['error', 'ok', 'error'],
    );
  });

  it('leaves the response time of a client that went away out', () => {
    assert.equal(read({}, { status: 499 }).latencyMs, undefined);
    assert.equal(read({}, { status: 404 }).latencyMs, 250);
  });

  it('calls every value that is not the canary stable, and keeps its name', () => {
    const variant = (value: unknown) => read({ variant: { field: 'variant', canary: ['v42', 43] } }, { variant: value });
    assert.deepEqual([variant('v41').variant, variant('v41').version], ['stable', 'v41']);
    assert.deepEqual([variant('v42').variant, variant(43).variant, variant(43).version], ['canary', 'canary', '43']);
  });

  it('takes "" and "-" for missing', () => {
    for (const user of ['', '-', null]) assert.equal(read({}, { user }).userId, undefined);
    assert.equal(read({}, { user: 7 }).userId, '7');
    assert.equal(read({ release: { field: 'service' } }, { service: 'shop' }).release, 'shop');
    assert.equal(read({ release: { field: 'service' } }, { service: '-' }).release, null);
  });

  it('says why a line does not count', () => {
    assert.equal(reason('127.0.0.1 - - [24/Nov/2026:12:39:53 +0000] "GET /"'), 'json');
    assert.equal(reason('[1,2]'), 'json');
    assert.equal(reason('null'), 'json');
    assert.equal(reason(line({ msec: 'soon' })), 'time');
    assert.equal(reason(line({ msec: undefined })), 'time');
    assert.equal(reason(line({ variant: '-' })), 'variant');
    assert.equal(reason(line({ status: '' })), 'status');
  });

  it('reads every line of the recorded log of a real nginx, and its odd ones', () => {
    const lines = (name: string): readonly string[] =>
      readFileSync(new URL(`../../../fixtures/nginx/${name}`, import.meta.url), 'utf8')
        .trimEnd()
        .split('\n');
    const tally = { stable: { ok: 0, error: 0, clientError: 0 }, canary: { ok: 0, error: 0, clientError: 0 } };
    for (const text of lines('nginx-canary.jsonl')) {
      const record = parse(text);
      assert.ok(record.ok, text);
      tally[record.value.variant][record.value.outcome]++;
    }
    assert.deepEqual(tally, { stable: { ok: 2687, error: 6, clientError: 0 }, canary: { ok: 297, error: 10, clientError: 0 } });
    const odd = lines('nginx-edge.jsonl').map((text) => parse(text));
    assert.deepEqual(
      odd.map((record) => (record.ok ? [record.value.outcome, record.value.userId] : record.error)),
      [
        ['ok', undefined],
        ['ok', 'a"b\\c'],
        ['ok', 't\tab'],
        ['ok', '用户'],
        ['ok', '\uFFFD\uFFFD'],
        ['clientError', undefined],
        ['clientError', 'user-7'],
        ['ok', undefined],
        ['error', 'user-7'],
        ['error', 'user-7'],
      ],
    );
  });
});
