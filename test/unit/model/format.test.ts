import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatAge, formatDuration, formatInterval, formatQuantity, formatTick, formatTime, tickBase } from '../../../src/model/format.ts';
import type { Unit } from '../../../src/model/quantity.ts';

const en = (value: number, unit: Unit, signed = false): string => formatQuantity({ value, unit, signed }, 'en');
const zh = (value: number, unit: Unit, signed = false): string => formatQuantity({ value, unit, signed }, 'zh-CN');

describe('formatQuantity', () => {
  const cases: readonly (readonly [number, Unit, boolean, string, string])[] = [
    [0.031, 'ratio', false, '3.1%', '3.1%'],
    [0.1, 'ratio', false, '10%', '10%'],
    [0, 'ratio', false, '0%', '0%'],
    [1, 'ratio', false, '100%', '100%'],
    [0.0004, 'ratio', false, '0.04%', '0.04%'],
    [0.9996, 'ratio', false, '99.96%', '99.96%'],
    [0.9999996, 'ratio', false, '99.99996%', '99.99996%'],
    [0.9994, 'ratio', false, '99.9%', '99.9%'],
    [0.021, 'points', true, '+2.1 points', '+2.1 个百分点'],
    [-0.02, 'points', true, '-2 points', '-2 个百分点'],
    [0, 'points', true, '0 points', '0 个百分点'],
    [0.38, 'relative', true, '+38%', '+38%'],
    [38.4, 'ms', false, '38.4 ms', '38.4 毫秒'],
    [1240, 'ms', false, '1.24 s', '1.24 秒'],
    [120.4, 'perSecond', false, '120/s', '120/秒'],
    [38, 'perMinute', false, '38/min', '38/分钟'],
    [0.52, 'cores', false, '0.52 cores', '0.52 核'],
    [512 * 1024 ** 2, 'bytes', false, '512 MiB', '512 MiB'],
    [1536, 'bytes', false, '1.5 KiB', '1.5 KiB'],
    [4.31, 'rating', false, '4.31', '4.31'],
    [4120, 'count', false, '4,120', '4,120'],
    [250, 'seconds', false, '4 min 10 s', '4 分钟 10 秒'],
    [NaN, 'ms', false, '–', '–'],
    [Infinity, 'count', false, '–', '–'],
  ];
  for (const [value, unit, signed, english, chinese] of cases)
    it(`${String(value)} ${unit} is ${english} and ${chinese}`, () => {
      assert.equal(en(value, unit, signed), english);
      assert.equal(zh(value, unit, signed), chinese);
    });
});

describe('durations and times', () => {
  it('shows the two largest units, and a year as days', () => {
    assert.equal(formatDuration(7_384_000, 'en'), '2 h 3 min');
    assert.equal(formatDuration(3 * 3_600_000, 'en'), '3 h');
    assert.equal(formatDuration(0, 'en'), '0 s');
    assert.equal(formatDuration(-5, 'zh-CN'), '0 秒');
    assert.equal(formatDuration(86_400_000 * 400, 'en'), '400 d');
  });
  it('never rounds an age up, so that data is not called fresher than it is… nor older', () => {
    assert.equal(formatAge(59_999, 'en'), '59 s');
    assert.equal(formatAge(60_000, 'zh-CN'), '1 分钟');
  });
  it('writes 24 hours, in the given zone, midnight as 00', () => {
    const at = Date.UTC(2026, 2, 4, 0, 5, 9);
    assert.equal(formatTime(at, 'en', { timeZone: 'UTC' }), '00:05');
    assert.equal(formatTime(at, 'zh-CN', { timeZone: 'Asia/Shanghai', seconds: true }), '08:05:09');
    assert.equal(formatTime(NaN, 'en'), '–');
  });
});

describe('intervals and ticks', () => {
  it('names the unit of points once', () => {
    assert.equal(formatInterval(0.012, 0.03, 'points', 'en', true), '+1.2 … +3 points');
    assert.equal(formatInterval(-0.004, 0.03, 'points', 'zh-CN', true), '-0.4 … +3 个百分点');
    assert.equal(formatInterval(0.08, 0.3, 'relative', 'en', true), '+8% … +30%');
  });
  it('gives every tick of an axis the same form', () => {
    assert.deepEqual(
      [0, 500, 1000].map((v) => formatTick(v, 'ms', 500, 2000, 'en')),
      ['0.0 s', '0.5 s', '1.0 s'],
    );
    assert.deepEqual(
      [0, 0.005, 0.01].map((v) => formatTick(v, 'ratio', 0.005, 0.02, 'en')),
      ['0.0%', '0.5%', '1.0%'],
    );
    assert.equal(formatTick(256 * 1024 ** 2, 'bytes', 256 * 1024 ** 2, 512 * 1024 ** 2, 'en'), '256 MiB');
    assert.equal(tickBase('bytes', 3 * 1024 ** 3), 1024 ** 3);
  });
});
