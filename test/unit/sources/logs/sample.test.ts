import assert from 'node:assert/strict';
import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { NODE_FILES } from '../../../../src/sources/logs/logFiles.ts';
import { sampleLines } from '../../../../src/sources/logs/sample.ts';
import { translate } from '../../../../src/platform/translate.ts';
import { english } from '../../../fakes/english.ts';

describe('the newest lines of log files', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'rollout-lens-sample-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));
  const write = (name: string, content: string | Buffer): Promise<void> => writeFile(path.join(folder, name), content);
  const linesOf = async (...patterns: string[]): Promise<readonly string[] | string> => {
    const sample = await sampleLines(patterns, folder, 10);
    return sample.ok ? sample.value.lines : translate(sample.error.message, english).replaceAll(`${folder}/`, '');
  };

  it('are whole: with CRLF and a byte order mark, without the line that is being written', async () => {
    await write('windows.log', '\uFEFF{"a":1}\r\n{"a":2}\r\n{"a":');
    assert.deepEqual(await linesOf('windows.log'), ['{"a":1}', '{"a":2}']);
    await write('last.log', '{"a":1}\n{"a":2}');
    assert.deepEqual(await linesOf('last.log'), ['{"a":1}', '{"a":2}'], 'a last object that is closed is whole');
  });

  it('of a huge file are read from its end only', async () => {
    const file = path.join(folder, 'huge.log');
    const handle = await open(file, 'w');
    await handle.truncate(5 * 1024 ** 3);
    await handle.write('\n{"a":1}\n', 5 * 1024 ** 3);
    await handle.close();
    assert.deepEqual(await linesOf('huge.log'), ['{"a":1}']);
    await rm(file);
  });

  it('are those of the newest file that has any, whatever its name', async () => {
    await write('späte Anfragen 1.jsonl', '{"a":1}\n');
    await write('späte Anfragen 2.jsonl', '');
    assert.deepEqual(await linesOf('späte Anfragen *.jsonl'), ['{"a":1}']);
  });

  it('where there are none, the reason is said in words', async () => {
    assert.equal(await linesOf('nothing*.log'), 'No file matches nothing*.log');
    await write('empty.log', '');
    assert.equal(await linesOf('empty.log'), 'empty.log is empty, so there is no line yet to learn from');
    await write('half.log', '{"a":');
    assert.equal(await linesOf('half.log'), 'half.log has no whole line in its last 5 B');
    await mkdir(path.join(folder, 'logs'));
    assert.equal(await linesOf('logs'), 'logs is a folder; name the files in it, such as logs/*.log');
    await write('old.1.gz', gzipSync('{"a":1}\n'));
    assert.equal(await linesOf('old.1.gz'), 'old.1.gz is compressed; only plain text is followed');
    assert.equal(await linesOf('old*'), 'old* matches compressed files only, such as old.1.gz; only plain text is followed');
    await write('disguised.log', gzipSync('{"a":1}\n'));
    assert.equal(await linesOf('disguised.log'), 'disguised.log is compressed; only plain text is followed');
  });

  it('a file that may not be read is said to be so', async () => {
    await write('secret.log', '{"a":1}\n');
    const denied = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
    const sample = await sampleLines(['secret.log'], folder, 10, { ...NODE_FILES, open: () => Promise.reject(denied) });
    assert.ok(!sample.ok);
    assert.equal(translate(sample.error.message, english), `No permission to read ${path.join(folder, 'secret.log')}`);
  });
});
