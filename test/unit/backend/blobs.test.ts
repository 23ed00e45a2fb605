import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addLatency, encodeLatency } from '../../../src/backend/events/latencyBlob.ts';
import { countDistinct, encodeUsers, readUsers } from '../../../src/backend/events/userSet.ts';
import { readVarints, VarintWriter } from '../../../src/backend/events/varint.ts';
import { piecesOf } from '../../../src/backend/measure/window.ts';
import { bucketOf } from '../../../src/model/histogram.ts';

describe('what roll-ups are stored as', () => {
  it('keeps numbers of every size', () => {
    const numbers = [0, 1, 127, 128, 300, 2 ** 31, 2 ** 32 - 1, 2 ** 40, Number.MAX_SAFE_INTEGER, 0];
    const writer = new VarintWriter();
    for (const number of numbers) writer.push(number);
    const read: number[] = [];
    readVarints(writer.take(), (number) => read.push(number));
    assert.deepEqual(read, numbers);
    assert.throws(() => {
      readVarints(Uint8Array.of(0x80), () => undefined);
    }, /damaged/);
  });

  it('keeps response times from the smallest to the largest bucket, and adds them up', () => {
    const buckets = new Map([
      [bucketOf(0), 3],
      [bucketOf(1e9), 1],
      [bucketOf(12), 70_000],
    ]);
    const read = new Map([[bucketOf(12), 5]]);
    addLatency(encodeLatency(buckets), read);
    assert.deepEqual([...read].sort(), [...buckets, [bucketOf(12), 70_005] as const].filter(([, count]) => count !== 70_000).sort());
    assert.equal(encodeLatency(new Map()).length, 0);
  });

  it('keeps sets of users', () => {
    const marks = new Set([2 ** 32 - 1, 0, 77, 2 ** 31]);
    const read = [77, 5];
    readUsers(encodeUsers(marks), (mark) => read.push(mark));
    assert.deepEqual(read, [77, 5, 0, 77, 2 ** 31, 2 ** 32 - 1]);
    assert.deepEqual([countDistinct(read), countDistinct([])], [5, 0]);
  });

  it('covers a window with every second once', () => {
    for (const [from, to] of [
      [0, 1],
      [59, 61],
      [3599, 7201],
      [7200, 10_800],
      [100, 100_000],
      [5, 5],
      [61, 119],
    ] as const) {
      for (const coarsest of [1, 60, 3600] as const) {
        const pieces = [...piecesOf(from, to, coarsest)].sort((a, b) => a.from - b.from);
        let at: number = from;
        for (const piece of pieces) {
          assert.equal(piece.from, at);
          assert.ok(piece.from % piece.level === 0 && piece.to % piece.level === 0 && piece.to > piece.from && piece.level <= coarsest);
          at = piece.to;
        }
        assert.equal(at, Math.max(from, to));
      }
    }
  });
});
