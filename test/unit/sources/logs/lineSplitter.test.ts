import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LineSplitter } from '../../../../src/sources/logs/lineSplitter.ts';

const collector = (longest?: number) => {
  const lines: string[] = [];
  const long: number[] = [];
  const splitter = new LineSplitter(
    { take: (bytes, from, to) => lines.push(bytes.toString('utf8', from, to)), tooLong: (line) => long.push(line) },
    longest,
  );
  return { splitter, lines, long };
};

/** The lines seen when the bytes arrive in pieces of every size. */
const inEveryPiece = (bytes: Buffer, longest?: number): readonly (readonly string[])[] =>
  Array.from({ length: bytes.length }, (_, i) => {
    const { splitter, lines } = collector(longest);
    for (let from = 0; from < bytes.length; from += i + 1) splitter.push(bytes.subarray(from, from + i + 1));
    splitter.finish();
    return lines;
  });

describe('LineSplitter', () => {
  it('gives the same lines however the bytes arrive: CRLF, empty lines, byte order mark, characters of several bytes', () => {
    const bytes = Buffer.from('\uFEFF{"a":1}\r\n\r\n{"用":"😀"}\n\n{"b":2}');
    for (const lines of inEveryPiece(bytes)) assert.deepEqual(lines, ['{"a":1}', '{"用":"😀"}', '{"b":2}']);
  });

  it('replaces bytes that are no UTF-8, and keeps the rest of the line', () => {
    const bytes = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}\n{"b":2}\n')]);
    for (const lines of inEveryPiece(bytes)) assert.deepEqual(lines, ['{"a":"\uFFFD\uFFFD"}', '{"b":2}']);
  });

  it('drops lines over the limit, says so, and goes on with the next', () => {
    const bytes = Buffer.from(`${'x'.repeat(50)}\n{"a":1}\n`);
    for (const lines of inEveryPiece(bytes, 20)) assert.deepEqual(lines, ['{"a":1}']);
    const { splitter, long } = collector(20);
    splitter.push(Buffer.from('{"a":1}\n' + 'x'.repeat(15)));
    splitter.push(Buffer.from('x'.repeat(15)));
    splitter.push(Buffer.from('x'.repeat(100)));
    assert.deepEqual(long, [2], 'once, as soon as it is known');
  });

  it('waits with a last line until it is whole', () => {
    const { splitter, lines } = collector();
    splitter.push(Buffer.from('{"a":1}\n{"b":{"c":1}'));
    splitter.takeWholeTail();
    assert.deepEqual(lines, ['{"a":1}']);
    splitter.push(Buffer.from('}'));
    splitter.takeWholeTail();
    assert.deepEqual(lines, ['{"a":1}', '{"b":{"c":1}}'], 'a closed object needs no newline');
    splitter.takeWholeTail();
    splitter.push(Buffer.from('\n{"d":1}\n'));
    splitter.finish();
    assert.deepEqual(lines, ['{"a":1}', '{"b":{"c":1}}', '{"d":1}'], 'and counts once');
  });

  it('numbers the lines after one that was taken without its newline as the file does', () => {
    const numbers: number[] = [];
    const splitter = new LineSplitter({ take: (_bytes, _from, _to, line) => numbers.push(line), tooLong: () => undefined });
    splitter.push(Buffer.from('{"a":1}\n{"b":2}'));
    splitter.takeWholeTail();
    splitter.push(Buffer.from('\n{"c":3}\n'));
    assert.deepEqual(numbers, [1, 2, 3]);
  });

  it('skips the NUL bytes that a truncated file begins with', () => {
    const { splitter, lines } = collector();
    splitter.push(Buffer.concat([Buffer.alloc(100), Buffer.from('{"a":1}\n')]));
    assert.deepEqual(lines, ['{"a":1}']);
  });
});
