import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { discover } from '../../../../src/sources/logs/discover.ts';
import { NODE_FILES } from '../../../../src/sources/logs/logFiles.ts';
import { rotatedPatterns } from '../../../../src/sources/logs/rotatedPatterns.ts';

describe('a log file and what rotation makes of it', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'rollout-lens-rotated-'));
    for (const name of [
      'access.jsonl',
      'access.jsonl.1',
      'access.jsonl-20261124',
      'access-20261124.jsonl',
      'access.2.jsonl',
      'access.jsonl.3.gz',
      'access-admin.jsonl',
      'error.jsonl',
      'plain',
      'plain.1',
      'plainer',
    ])
      await writeFile(path.join(folder, name), '{}\n');
  });
  after(() => rm(folder, { recursive: true, force: true }));
  const found = async (name: string): Promise<readonly string[]> => {
    const { files, unreadable } = await discover(rotatedPatterns(path.join(folder, name)) ?? [], folder, NODE_FILES);
    assert.deepEqual(unreadable, []);
    return files.map((file) => path.basename(file.path)).sort();
  };

  it('its rotated names are found, other logs and compressed ones are not', async () => {
    const all = ['access-20261124.jsonl', 'access.2.jsonl', 'access.jsonl', 'access.jsonl-20261124', 'access.jsonl.1'];
    assert.deepEqual(await found('access.jsonl'), all);
    assert.deepEqual(await found('plain'), ['plain', 'plain.1']);
  });

  it('a pattern stays as it is', () => assert.equal(rotatedPatterns('/var/log/*.log'), null));
});
