import assert from 'node:assert/strict';
import { appendFile, copyFile, mkdir, mkdtemp, open, rename, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Follower, type FollowerOptions, type Look } from '../../../../src/sources/logs/follower.ts';
import { NODE_FILES } from '../../../../src/sources/logs/logFiles.ts';
import { clockAt } from '../../../fakes/clock.ts';

/** A line long enough to be told from others by its beginning, as a line with a time is. */
const line = (n: number): string =>
  `{"msec":1795523993.${String(n).padStart(6, '0')},"variant":"stable","status":200,"user":"user-${String(n)}"}`;
const text = (from: number, to: number): string => Array.from({ length: to - from }, (_, i) => `${line(from + i)}\n`).join('');
const range = (from: number, to: number): readonly number[] => Array.from({ length: to - from }, (_, i) => from + i);

describe('Follower', { timeout: 60_000 }, () => {
  let folder: string;
  let log: string;
  let now: number;
  let lines: string[];
  const followers: Follower[] = [];
  const signal = new AbortController().signal;

  const follow = (changes: Partial<FollowerOptions> = {}): Follower => {
    const follower = new Follower({
      patterns: ['*.log*'],
      folder,
      sinkOf: () => ({ take: (bytes, from, to) => lines.push(bytes.toString('utf8', from, to)), tooLong: () => lines.push('too long') }),
      clock: clockAt(() => now),
      files: NODE_FILES,
      ...changes,
    });
    followers.push(follower);
    return follower;
  };

  /** The numbers of the lines seen since the last call, in the order they came. */
  const seen = (): readonly number[] => {
    const numbers = lines.map((one) => Number((JSON.parse(one) as { user: string }).user.slice(5)));
    lines = [];
    return numbers;
  };

  const look = async (follower: Follower): Promise<readonly number[]> => {
    await follower.look(signal);
    return seen();
  };

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'rollout-lens-logs-'));
    log = path.join(folder, 'a.log');
    now = 1_795_524_000_000;
    lines = [];
  });

  afterEach(async () => {
    for (const follower of followers.splice(0)) await follower.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('reads what is there, then what is added, a half line when it is whole', async () => {
    const follower = follow();
    await writeFile(log, text(0, 3));
    assert.deepEqual(await look(follower), [0, 1, 2]);
    assert.deepEqual(await look(follower), []);
    await appendFile(log, text(3, 4) + line(4).slice(0, 20));
    assert.deepEqual(await look(follower), [3]);
    await appendFile(log, `${line(4).slice(20)}\n`);
    assert.deepEqual(await look(follower), [4]);
  });

  it('finishes a renamed file before its successor, and follows it while the server still writes to it', async () => {
    const follower = follow({ patterns: ['a.log'] });
    await writeFile(log, text(0, 2));
    await look(follower);
    await appendFile(log, text(2, 4));
    await rename(log, `${log}.1`);
    assert.deepEqual(await look(follower), [2, 3], 'though no pattern leads to it any more');
    await appendFile(`${log}.1`, text(4, 5));
    await writeFile(log, text(5, 7));
    assert.deepEqual(await look(follower), [4, 5, 6]);
    await appendFile(`${log}.1`, text(7, 8));
    assert.deepEqual(await look(follower), [7], 'within the linger time');
    now += 60_000;
    await look(follower);
    await appendFile(`${log}.1`, text(8, 9));
    assert.deepEqual(await look(follower), [], 'after it');
  });

  it('takes a file by its own name, whatever characters of a pattern that has', async () => {
    const odd = path.join(folder, 'prod [eu] {a,b} (1)', 'Zugriff 访问.log');
    await mkdir(path.dirname(odd));
    await writeFile(odd, text(0, 2));
    assert.deepEqual(await look(follow({ patterns: [odd] })), [0, 1]);
    assert.deepEqual(await look(follow({ patterns: [path.join('prod [eu] {a,b} (1)', 'Zugriff 访问.log')] })), [0, 1]);
  });

  it('names a file that rotation took out of every pattern, where it is now, and what would reach it', async () => {
    const follower = follow({ patterns: ['a.log'] });
    await writeFile(log, text(0, 2));
    assert.deepEqual((await follower.look(signal)).lost, []);
    await rename(log, `${log}.1`);
    await writeFile(log, text(2, 3));
    const lost = { file: log, now: `${log}.1`, pattern: `${log}*` };
    assert.deepEqual((await follower.look(signal)).lost, [lost]);
    now += 3_600_000;
    assert.deepEqual((await follower.look(signal)).lost, [lost], 'also when it has long been let go');
    await rename(log, path.join(folder, 'a-20261124.log'));
    assert.deepEqual((await follower.look(signal)).lost[0], {
      file: log,
      now: path.join(folder, 'a-20261124.log'),
      pattern: `${log}*, ${path.join(folder, 'a')}[-.][0-9]*.log*`,
    });
  });

  it('names the copy that copytruncate leaves beyond the pattern, and a file that is deleted while it is in use', async () => {
    const follower = follow({ patterns: ['a.log', 'b.log'] });
    await writeFile(log, text(0, 4));
    await look(follower);
    await copyFile(log, `${log}.1`);
    await truncate(log);
    await appendFile(log, text(4, 5));
    // As young as its content, by the clock of this test.
    await utimes(`${log}.1`, now / 1000, now / 1000);
    await follower.look(signal);
    assert.deepEqual((await follower.look(signal)).lost, [{ file: log, now: `${log}.1`, pattern: `${log}*` }]);
    const other = path.join(folder, 'b.log');
    await writeFile(other, text(10, 12));
    await look(follower);
    await rm(other);
    const [gone] = (await follower.look(signal)).lost;
    assert.deepEqual([gone?.file, gone?.now], [other, null]);
    // It is of no interest that retention takes away what was finished long ago.
    await rm(log);
    now += 3_600_000;
    assert.equal(
      (await follower.look(signal)).lost.some(({ file, now: there }) => file === log && there === null),
      false,
    );
  });

  it('names older files beside a followed one that no pattern reaches, which a reload would pass over in silence', async () => {
    await writeFile(log, text(0, 2));
    await writeFile(`${log}.1`, text(2, 4));
    const named = await follow({ patterns: ['a.log'] }).look(signal);
    assert.deepEqual(named.beside, [{ file: log, now: `${log}.1`, pattern: `${log}*` }]);
    assert.deepEqual((await follow({ patterns: ['a.log*'] }).look(signal)).beside, []);
    assert.deepEqual(named.lost, []);
  });

  it('opens none of many files again that have not grown, and the one that has', async () => {
    const files = Array.from({ length: 230 }, (_, n) => path.join(folder, `b${String(n)}.log`));
    for (const [n, file] of files.entries()) await writeFile(file, text(n, n + 1));
    const opened: string[] = [];
    const counting: typeof open = (file, ...rest) => {
      opened.push(String(file));
      return open(file, ...rest);
    };
    const follower = follow({ patterns: ['b*.log'], files: { ...NODE_FILES, open: counting } });
    assert.equal((await look(follower)).length, 230);
    opened.length = 0;
    assert.deepEqual(await look(follower), []);
    assert.deepEqual(opened, []);
    for (const [n, file] of files.entries()) await appendFile(file, text(1000 + n, 1001 + n));
    assert.equal((await look(follower)).length, 230);
    assert.equal(opened.length, 30);
  });

  it('says of a file in UTF-16 that it is one, with its mark or without', async () => {
    const utf16 = Buffer.from(text(0, 3), 'utf16le');
    const big = Buffer.from(utf16).swap16();
    for (const content of [
      utf16,
      Buffer.concat([Buffer.from([0xff, 0xfe]), utf16]),
      big,
      Buffer.concat([Buffer.from([0xfe, 0xff]), big]),
    ]) {
      await writeFile(log, content);
      const found = await follow({ patterns: ['a.log'] }).look(signal);
      assert.deepEqual([found.unreadable.map(({ kind }) => kind), found.files, lines], [['utf16'], 0, []]);
    }
  });

  it('a rotated file that the pattern reaches is not lost', async () => {
    const follower = follow({ patterns: ['a.log*'] });
    await writeFile(log, text(0, 2));
    await look(follower);
    await rename(log, `${log}.1`);
    await writeFile(log, text(2, 3));
    assert.deepEqual((await follower.look(signal)).lost, []);
  });

  it('knows a renamed file again when the pattern leads to it, also a second time round', async () => {
    const follower = follow();
    await writeFile(log, text(0, 2));
    await look(follower);
    await rename(log, `${log}.1`);
    await writeFile(log, text(2, 4));
    assert.deepEqual(await look(follower), [2, 3]);
    await rename(`${log}.1`, `${log}.2`);
    await rename(log, `${log}.1`);
    await writeFile(log, text(4, 5));
    assert.deepEqual(await look(follower), [4]);
  });

  it('takes a last line without an end when its file is let go', async () => {
    const follower = follow({ patterns: ['a.log'] });
    await writeFile(log, `${line(0)}\n${line(1).slice(0, -1)}`);
    await look(follower);
    assert.deepEqual(lines, []);
    await rm(log);
    await follower.look(signal);
    now += 60_000;
    await follower.look(signal);
    assert.deepEqual(lines, [line(1).slice(0, -1)]);
  });

  it('begins anew after a truncation, also when the file is larger again by then', async () => {
    const follower = follow();
    await writeFile(log, text(0, 3));
    await look(follower);
    await truncate(log);
    await appendFile(log, text(3, 4));
    assert.deepEqual(await look(follower), [3]);
    await truncate(log);
    await appendFile(log, text(10, 20));
    assert.deepEqual(await look(follower), range(10, 20));
  });

  it('reads from a copy only what the truncated file held and was not read, whichever is seen first', async () => {
    const follower = follow();
    await writeFile(log, text(0, 3));
    await look(follower);
    await appendFile(log, text(3, 5));
    await copyFile(log, `${log}.1`);
    assert.deepEqual(await look(follower), [3, 4], 'the copy stands beside the file, which is not truncated yet');
    await appendFile(log, text(5, 6));
    assert.deepEqual(await look(follower), [5]);
    await copyFile(log, `${log}.2`);
    await truncate(log);
    await appendFile(log, text(6, 8));
    assert.deepEqual(await look(follower), [6, 7]);
    await appendFile(log, text(8, 9));
    await copyFile(log, `${log}.3`);
    await truncate(log);
    assert.deepEqual(await look(follower), [8], 'in the copy alone');
  });

  it('finds the copy beside a truncated file though no pattern leads to it', async () => {
    const follower = follow({ patterns: ['a.log'], clock: clockAt(() => Date.now()) });
    await writeFile(log, text(0, 3));
    await look(follower);
    await writeFile(`${log}.old`, text(90, 95));
    await appendFile(log, text(3, 5));
    await copyFile(log, `${log}.1`);
    await truncate(log);
    await appendFile(log, text(5, 7));
    const numbers = [...(await look(follower)), ...(await look(follower))];
    assert.deepEqual(numbers.toSorted(), [3, 4, 5, 6]);
  });

  it('does not take two servers whose logs begin alike for one', async () => {
    const start = `{"msec":1795523993.000000,"variant":"stable","status":200,"user":"user-0","text":"${'x'.repeat(300)}"}\n`;
    await writeFile(log, start + text(1, 3));
    await writeFile(path.join(folder, 'b.log'), start + text(3, 5));
    assert.deepEqual([...(await look(follow()))].sort(), [0, 0, 1, 2, 3, 4]);
  });

  it('waits for a file that is missing, and reads it when it comes', async () => {
    const follower = follow({ patterns: [path.join(folder, 'later/*.log'), 'x.log'] });
    assert.equal((await follower.look(signal)).files, 0);
    await mkdir(path.join(folder, 'later'));
    await writeFile(path.join(folder, 'later/a.log'), text(0, 1));
    assert.deepEqual(await look(follower), [0]);
  });

  it('follows nested folders by pattern, and one file once though two paths lead to it', async () => {
    await mkdir(path.join(folder, 'x/y'), { recursive: true });
    await writeFile(path.join(folder, 'x/y/a.log'), text(0, 2));
    await symlink(path.join(folder, 'x/y/a.log'), path.join(folder, 'link.log'));
    assert.deepEqual(await look(follow({ patterns: ['**/*.log', `${folder}/x/y/a.log`, 'x/{y,z}/*.log'] })), [0, 1]);
    assert.deepEqual(await look(follow({ patterns: ['*/*.log'] })), [], 'a pattern reaches as deep as it says');
    await symlink(path.join(folder, 'x'), path.join(folder, 'folder.log'));
    assert.deepEqual((await follow().look(signal)).unreadable, [], 'a folder among the files is no problem');
  });

  it('goes on where it was after a pause', async () => {
    const follower = follow();
    await writeFile(log, text(0, 2));
    await look(follower);
    await follower.close();
    await appendFile(log, text(2, 3));
    assert.deepEqual(await look(follower), [2]);
    await follower.close();
    await writeFile(log, text(7, 9));
    assert.deepEqual(await look(follower), [7, 8], 'the same inode, another content');
  });

  it('names what it cannot read and why, follows the rest, and recovers', async () => {
    let denied = true;
    const files = {
      ...NODE_FILES,
      open: ((file, flags) =>
        denied && String(file).endsWith('b.log')
          ? Promise.reject(Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' }))
          : open(file, flags)) as typeof open,
    };
    const follower = follow({ files, patterns: ['*.log', 'c.log.gz', path.join(folder, 'folder')] });
    await writeFile(log, text(0, 1));
    await writeFile(path.join(folder, 'b.log'), text(1, 2));
    await writeFile(path.join(folder, 'c.log.gz'), gzipSync(text(2, 3)));
    await mkdir(path.join(folder, 'folder'));
    const kinds = ({ unreadable }: Look): unknown => unreadable.map(({ kind, file }) => `${kind} ${path.basename(file)}`).sort();
    const first = await follower.look(signal);
    assert.deepEqual(seen(), [0]);
    assert.equal(first.files, 1);
    assert.deepEqual(kinds(first), ['compressed c.log.gz', 'denied b.log', 'folder folder']);
    denied = false;
    const second = await follower.look(signal);
    assert.deepEqual(seen(), [1]);
    assert.deepEqual(kinds(second), ['compressed c.log.gz', 'folder folder']);
  });

  it('reads the newest of too much, from a whole line on, and says how much it left out', async () => {
    await writeFile(path.join(folder, 'old.log'), text(0, 10));
    await utimes(path.join(folder, 'old.log'), 1000, 1000);
    await writeFile(log, text(10, 20));
    const bytes = Buffer.byteLength(line(10)) + 1;
    const { skipped } = await follow({ patterns: ['old.log', 'a.log'], mostInitialBytes: 2.5 * bytes }).look(signal);
    assert.deepEqual(seen(), [18, 19]);
    assert.equal(skipped, Buffer.byteLength(text(0, 10)) + 7.5 * bytes);
  });

  it('stops in the middle when it is told to, and goes on from there', async () => {
    await writeFile(log, text(0, 20_000));
    const stop = new AbortController();
    const follower = follow({
      sinkOf: () => ({
        take: (bytes, from, to) => {
          lines.push(bytes.toString('utf8', from, to));
          stop.abort();
        },
        tooLong: () => undefined,
      }),
    });
    await follower.look(stop.signal);
    assert.ok(lines.length < 20_000);
    await follower.look(signal);
    assert.deepEqual(seen(), range(0, 20_000));
  });
});
