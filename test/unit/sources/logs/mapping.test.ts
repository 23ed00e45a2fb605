import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeDecodeError } from '../../../../src/base/decode.ts';
import { decodeLogMapping } from '../../../../src/sources/logs/mapping.ts';

const least = { time: { field: 'ts' }, variant: { field: 'v', canary: 'b' }, status: { field: 's' } };

const problem = (input: unknown): string => {
  const decoded = decodeLogMapping(input);
  assert.ok(!decoded.ok);
  return describeDecodeError(decoded.error);
};

describe('decodeLogMapping', () => {
  it('takes the least there can be, and fills in the defaults', () => {
    const decoded = decodeLogMapping(least);
    assert.deepEqual(decoded, {
      ok: true,
      value: {
        time: { field: 'ts', unit: 'iso' },
        variant: { field: 'v', canary: ['b'] },
        status: { field: 's', errors: ['>=500'] },
        latency: null,
        user: null,
        release: null,
      },
    });
  });

  it('takes several canaries and error rules, and versions written as numbers', () => {
    const decoded = decodeLogMapping({
      ...least,
      variant: { field: 'v', canary: ['b', 42] },
      status: { field: 's', errors: ['5xx', 429] },
    });
    assert.ok(decoded.ok);
    assert.deepEqual(decoded.value.variant.canary, ['b', '42']);
    assert.deepEqual(decoded.value.status.errors, ['5xx', 429]);
  });

  it('says which setting is wrong, and what it should be', () => {
    assert.equal(problem(undefined), 'mapping: expected an object, got nothing');
    assert.equal(problem({ ...least, time: { field: ' ' } }), 'mapping.time.field: expected the name of a field, got " "');
    assert.equal(
      problem({ ...least, time: { field: 'ts', unit: 'min' } }),
      'mapping.time.unit: expected "s" or "ms" or "us" or "ns" or "iso", got "min"',
    );
    assert.equal(
      problem({ ...least, variant: { field: 'v', canary: '' } }),
      'mapping.variant.canary: expected the value that means the canary, got ""',
    );
    assert.equal(
      problem({ ...least, variant: { field: 'v' } }),
      'mapping.variant.canary: expected the value that means the canary, got nothing',
    );
    assert.match(
      problem({ ...least, status: { field: 's', errors: '>=x' } }),
      /^mapping\.status\.errors: expected statuses such as .* got ">=x"$/,
    );
    assert.match(problem({ ...least, latency: { field: 'l', unit: 'h' } }), /^mapping\.latency\.unit: expected "s" or "ms"/);
    assert.match(problem({ ...least, status: undefined }), /^mapping\.status: expected an object/);
  });
});
