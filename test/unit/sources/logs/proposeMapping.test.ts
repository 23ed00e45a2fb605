import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { decodeLogMapping } from '../../../../src/sources/logs/mapping.ts';
import { proposeMapping } from '../../../../src/sources/logs/proposeMapping.ts';

const lines = (...objects: readonly object[]): readonly string[] => objects.map((one) => JSON.stringify(one));
const keys = (proposal: ReturnType<typeof proposeMapping>): readonly string[] => proposal.failures.map(({ key }) => key);

describe('proposeMapping', () => {
  it('reads the log of a real nginx without being told anything', () => {
    const sample = readFileSync(new URL('../../../fixtures/nginx/nginx-canary.jsonl', import.meta.url), 'utf8')
      .split('\n')
      .slice(0, 100);
    const proposal = proposeMapping(sample);
    assert.deepEqual(proposal.mapping, {
      time: { field: 'msec', unit: 's' },
      variant: { field: 'variant', canary: ['canary'] },
      status: { field: 'status', errors: ['>=500'] },
      latency: { field: 'request_time', unit: 's' },
      user: { field: 'user' },
      release: null,
    });
    assert.deepEqual(keys(proposal), []);
  });

  it('reads nested fields, versions, ISO times and milliseconds', () => {
    const line = (version: string) => ({
      '@timestamp': '2026-11-24T12:39:53.035Z',
      service: { name: 'shop', version },
      http: { response: { status_code: 200 } },
      duration_ms: 12.5,
      userId: 'u1',
    });
    const { mapping } = proposeMapping(lines(line('1.9.0'), line('1.10.0')));
    assert.deepEqual(mapping, {
      time: { field: '@timestamp', unit: 'iso' },
      variant: { field: 'service.version', canary: ['1.10.0'] },
      status: { field: 'http.response.status_code', errors: ['>=500'] },
      latency: { field: 'duration_ms', unit: 'ms' },
      user: { field: 'userId' },
      release: { field: 'service.name' },
    });
  });

  it('tells units by name and size', () => {
    const line = { ts: 1_795_523_993_035, track: 'canary', status: '200' };
    const latency = (field: Readonly<Record<string, unknown>>): unknown => proposeMapping(lines({ ...line, ...field })).mapping?.latency;
    assert.equal(proposeMapping(lines(line)).mapping?.time.unit, 'ms');
    assert.deepEqual(latency({ latency_us: 1200 }), { field: 'latency_us', unit: 'us' });
    assert.deepEqual(latency({ duration_ns: 12_345_678 }), { field: 'duration_ns', unit: 'ns' });
    assert.deepEqual(latency({ duration: 0.0123 }), { field: 'duration', unit: 's' });
    assert.deepEqual(latency({ duration: 120.5 }), { field: 'duration', unit: 'ms' });
  });

  it('asks for the unit of a response time that neither its name nor a fraction tells', () => {
    for (const value of [12, 1_200, 12_345_678, 12.5]) {
      const sample = lines({ ts: 1_795_523_993_035, track: 'canary', status: '200', user: 'u', duration: value });
      const proposal = proposeMapping(sample);
      assert.equal(proposal.mapping, null, String(value));
      assert.deepEqual(proposal.failures, [{ key: 'logs.guess.noLatencyUnit', args: { field: 'duration', values: String(value) } }]);
      const told = proposeMapping(sample, { latency: { field: 'duration', unit: 'us' } });
      assert.deepEqual(told.mapping?.latency, { field: 'duration', unit: 'us' });
      const without = proposeMapping(sample, { latency: null });
      assert.equal(without.mapping?.latency, null);
      assert.deepEqual(without.failures, []);
    }
  });

  it('says what it could not recognise, and offers what there is', () => {
    const line = (model: string) => ({ ts: 1_795_523_993, version: model, status: 200 });
    const proposal = proposeMapping(lines(line('alpha'), line('beta'), line('beta')));
    assert.equal(proposal.mapping, null);
    assert.deepEqual(keys(proposal), ['logs.guess.noCanary', 'logs.guess.noLatency', 'logs.guess.noUser']);
    assert.deepEqual(proposal.failures[0]?.args, { field: 'version', values: 'beta, alpha' });
    assert.deepEqual(proposal.variants, [
      { value: 'beta', count: 2 },
      { value: 'alpha', count: 1 },
    ]);
    const chosen = proposeMapping(lines(line('alpha'), line('beta')), { canary: ['alpha'] });
    assert.deepEqual(chosen.mapping?.variant, { field: 'version', canary: ['alpha'] });
    assert.deepEqual(keys(proposeMapping(lines({ a: 1 }))), [
      'logs.guess.noTime',
      'logs.guess.noVariant',
      'logs.guess.noStatus',
      'logs.guess.noLatency',
      'logs.guess.noUser',
    ]);
    assert.deepEqual(keys(proposeMapping(['127.0.0.1 - - "GET /"'])), ['logs.guess.noJson']);
    assert.deepEqual(keys(proposeMapping([])), ['logs.guess.noJson']);
  });

  it('takes what a person chose over its own guess: canary values, rule for errors, units, and doing without', () => {
    const line = (version: string, outcome: string) => ({ ts: 1_795_523_993, version, outcome, status: 200, latency_ms: 3, user: 'u' });
    const sample = lines(line('v1', 'ok'), line('v2', 'failed'), line('v3', 'ok'));
    const { mapping } = proposeMapping(sample, {
      canary: ['v2', 'v3'],
      statusField: 'outcome',
      time: { field: 'ts', unit: 'ms' },
      latency: null,
      userField: null,
    });
    assert.deepEqual(mapping, {
      time: { field: 'ts', unit: 'ms' },
      variant: { field: 'version', canary: ['v2', 'v3'] },
      status: { field: 'outcome', errors: ['failed'] },
      latency: null,
      user: null,
      release: null,
    });
    assert.deepEqual(proposeMapping(sample, { canary: ['v3'], errors: ['4xx'] }).mapping?.status, { field: 'status', errors: ['4xx'] });
  });

  it('takes a status of words where one of them tells a failure, and no other field for one', () => {
    const line = (status: string) => ({ ts: 1_795_523_993, variant: 'canary', status });
    assert.deepEqual(proposeMapping(lines(line('OK'), line('ERROR'))).parts.errors, ['ERROR']);
    assert.deepEqual(keys(proposeMapping(lines(line('shipped')))).slice(0, 1), ['logs.guess.noStatus']);
  });

  it('proposes what the settings take as it is', () => {
    const { mapping } = proposeMapping(lines({ ts: 1_795_523_993, variant: 'canary', status: 200, latency_ms: 3 }));
    assert.ok(mapping);
    const decoded = decodeLogMapping(JSON.parse(JSON.stringify(mapping)));
    assert.deepEqual(decoded, { ok: true, value: mapping });
  });
});
