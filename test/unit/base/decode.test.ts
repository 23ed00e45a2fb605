import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as d from '../../../src/base/decode.ts';

const release = d.object({
  id: d.string,
  ratio: d.between(0, 1),
  phase: d.oneOf('gray', 'full'),
  steps: d.withDefault(d.array(d.object({ ratio: d.number })), []),
  owner: d.nullable(d.string),
});
const problem = (input: unknown): string => {
  const result = d.array(release)(input);
  assert.ok(!result.ok);
  return d.describeDecodeError(result.error);
};

describe('decode', () => {
  it('takes what fits and ignores unknown fields, so that a newer peer can add some', () => {
    assert.deepEqual(release({ id: 'a', ratio: 0, phase: 'gray', later: 1 }), {
      ok: true,
      value: { id: 'a', ratio: 0, phase: 'gray', steps: [], owner: null },
    });
  });

  it('says where the input is wrong, what was expected and what came', () => {
    const good = { id: 'a', ratio: 0.1, phase: 'gray' };
    assert.equal(problem([good, { ...good, ratio: 10 }]), '$[1].ratio: expected a number from 0 to 1, got 10');
    assert.equal(problem([{ ...good, steps: [{ ratio: '5' }] }]), '$[0].steps[0].ratio: expected a number, got "5"');
    assert.equal(problem([{ ...good, phase: 'grey' }]), '$[0].phase: expected "gray" or "full", got "grey"');
    assert.equal(problem([{ ratio: 0.1, phase: 'gray' }]), '$[0].id: expected a string, got nothing');
    assert.equal(problem({}), '$: expected a list, got an object');
    assert.equal(problem([[]]), '$[0]: expected an object, got a list');
  });

  it('refuses NaN and infinities as numbers', () => {
    for (const value of [NaN, Infinity, -Infinity]) assert.ok(!d.number(value).ok);
  });

  it('a key named __proto__ is data and pollutes nothing', () => {
    const input: unknown = JSON.parse('{"__proto__": 1, "a": 2}');
    const result = d.record(d.number)(input);
    assert.ok(result.ok);
    assert.deepEqual(Object.keys(result.value), ['__proto__', 'a']);
    assert.equal(({} as Record<string, unknown>)['a'], undefined);
  });

  it('cuts long values in the error, so that a page of HTML does not fill a tooltip', () => {
    const error = problem([{ id: 'a', ratio: 'x'.repeat(5000), phase: 'gray' }]);
    assert.ok(error.length < 150, error);
  });
});
