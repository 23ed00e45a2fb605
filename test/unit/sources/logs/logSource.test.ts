import assert from 'node:assert/strict';
import { appendFile, copyFile, mkdtemp, open, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { INTENT_KINDS } from '../../../../src/model/release.ts';
import { findSeries } from '../../../../src/model/series.ts';
import { NODE_FILES } from '../../../../src/sources/logs/logFiles.ts';
import { createLogSource, type LogSourceOptions } from '../../../../src/sources/logs/logSource.ts';
import { decodeLogMapping } from '../../../../src/sources/logs/mapping.ts';
import { realClock } from '../../../fakes/realClock.ts';
import { isError, isSnapshot, WatchedSource, type Item } from '../../../fakes/watchedSource.ts';

const fixture = (name: string): URL => new URL(`../../../fixtures/nginx/${name}`, import.meta.url);

const mapping = (changes: Readonly<Record<string, unknown>> = {}) => {
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

const line = (at: number, variant: string, extra: Readonly<Record<string, unknown>> = {}): string =>
  `${JSON.stringify({ msec: at / 1000, variant, status: 200, request_time: 0.01, user: 'u', ...extra })}\n`;

const noteKey = (item: Item): string => (isSnapshot(item) ? (item.note?.key ?? '') : '');

describe('log source', { timeout: 120_000 }, () => {
  let folder: string;
  let log: string;
  const watched: WatchedSource[] = [];

  const watch = (changes: Partial<LogSourceOptions> = {}): WatchedSource => {
    const source = createLogSource({
      id: 'l',
      name: 'shop logs',
      files: ['*.jsonl'],
      folder,
      mapping: mapping(),
      clock: realClock,
      ...changes,
    });
    const one = new WatchedSource(source);
    watched.push(one);
    return one;
  };

  /** The first release of the first snapshot that has one. */
  const firstRelease = async (one: WatchedSource) => {
    const item = await one.item('a release', (candidate) => isSnapshot(candidate) && candidate.releases.length > 0);
    assert.ok(isSnapshot(item));
    return item.releases[0]!;
  };

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'rollout-lens-logs-'));
    log = path.join(folder, 'a.jsonl');
  });

  afterEach(async () => {
    for (const one of watched.splice(0)) await one.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('makes one observed release of a recorded log: no owner, no wish, nothing that can be done', async () => {
    await copyFile(fixture('nginx-canary.jsonl'), log);
    const one = watch();
    const release = await firstRelease(one);
    assert.deepEqual(
      [release.id, release.name, release.sourceId, release.phase, release.state, release.simulated, release.owner],
      ['shop logs', 'shop logs', 'l', 'gray', 'progressing', false, { kind: 'logs', name: 'shop logs' }],
    );
    assert.deepEqual(release.ratio, { unit: 'requests', desired: null, actual: 307 / 3000, since: null });
    assert.deepEqual(release.versions, { stable: 'stable', canary: 'canary' });
    for (const kind of INTENT_KINDS)
      assert.deepEqual(release.abilities[kind], { can: false, why: { key: 'logs.cannot.noOwner', args: {} } });
    const refusals = [
      await one.source.plan(release, { kind: 'setRatio', ratio: 0.2 }, one.signal),
      await one.source.assignment(release.id, 'u1', one.signal),
    ];
    assert.deepEqual(
      refusals.map((refusal) => (refusal.ok ? '' : `${refusal.error.kind} ${refusal.error.message.key}`)),
      ['unsupported logs.cannot.noOwner', 'unsupported logs.cannot.assignment'],
    );
    const evidence = await one.source.evidence({ releaseId: release.id, from: 0, to: Date.now() }, one.signal);
    assert.ok(evidence.ok);
    const { stable, canary } = evidence.value.variants;
    assert.deepEqual([stable.requests, stable.errors, canary.requests, canary.errors], [2693, 6, 307, 10]);
    assert.equal((stable.users ?? 0) + (canary.users ?? 0), 2000, 'no user was on both variants');
  });

  it('tells the course of the share over time', async () => {
    const start = Math.floor(Date.now() / 300_000) * 300_000 - 600_000;
    const lines = Array.from({ length: 600 }, (_, i) => line(start + i * 1000, i >= 300 && i % 5 === 0 ? 'canary' : 'stable'));
    await writeFile(log, lines.join(''));
    const one = watch();
    const { id } = await firstRelease(one);
    const history = await one.source.history({ releaseId: id, from: start, to: start + 600_000, stepMs: 300_000 }, one.signal);
    assert.ok(history.ok);
    const [stable, canary] = (['stable', 'canary'] as const).map((variant) => findSeries(history.value, 'requests', variant)?.counts);
    assert.deepEqual(
      [...(stable ?? [])].map((count, i) => (canary?.[i] ?? 0) / (count + (canary?.[i] ?? 0))),
      [0, 0.2],
    );
  });

  it('sees what is appended', async () => {
    await writeFile(log, line(Date.now(), 'stable'));
    const one = watch();
    assert.equal((await firstRelease(one)).ratio.actual, 0);
    await appendFile(log, line(Date.now(), 'canary'));
    const item = await one.item('the canary', (candidate) => isSnapshot(candidate) && candidate.releases[0]?.ratio.actual === 0.5);
    assert.ok(isSnapshot(item));
    assert.equal(noteKey(item), 'logs.note.following');
    const sequences = one.items.filter(isSnapshot).map(({ sequence }) => sequence);
    assert.deepEqual(
      sequences,
      [...sequences].sort((a, b) => a - b),
    );
  });

  it('sees what is appended after the clock was set back by an hour', async () => {
    const before = Date.now() - 7_200_000;
    await writeFile(log, line(before, 'stable'));
    let set = 0;
    const one = watch({ clock: { ...realClock, now: () => Date.now() + set } });
    await firstRelease(one);
    set = -3_600_000;
    await appendFile(log, line(before, 'canary'));
    await one.item('the canary', (item) => isSnapshot(item) && item.releases[0]?.ratio.actual === 0.5);
  });

  it('says that no file matches, and starts when one does', async () => {
    const one = watch();
    const error = await one.item('an error', isError);
    assert.deepEqual([error.kind, error.message], ['notFound', { key: 'logs.error.noFile', args: { pattern: '*.jsonl' } }]);
    await writeFile(log, line(Date.now(), 'stable'));
    await firstRelease(one);
  });

  it('does not call the moment between two rotations an error', async () => {
    await writeFile(log, line(Date.now(), 'stable'));
    const one = watch();
    await firstRelease(one);
    await rename(log, `${log}.1`);
    const before = one.items.length;
    await one.item('two more items', () => one.items.length >= before + 2);
    assert.equal(one.items.find(isError), undefined);
  });

  it('says that it may not read, and where', async () => {
    await writeFile(log, line(Date.now(), 'stable'));
    let denied = true;
    const refusing = ((file, flags) =>
      denied
        ? Promise.reject(Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' }))
        : open(file, flags)) as typeof open;
    const one = watch({ fileSystem: { ...NODE_FILES, open: refusing } });
    const error = await one.item('an error', isError);
    assert.deepEqual([error.kind, error.message], ['forbidden', { key: 'logs.error.denied', args: { file: log } }]);
    assert.match(error.detail, /EACCES/);
    denied = false;
    await firstRelease(one);
  });

  it('says that no line fits the mapping, with the reason and a line as it stands there', async () => {
    await writeFile(log, '127.0.0.1 - - "GET /"\n127.0.0.1 - - "GET /"\n');
    const error = await watch().item('an error', isError);
    assert.deepEqual([error.kind, error.message.key], ['invalid', 'logs.error.bad.json']);
    assert.deepEqual(error.message.args, { bad: { value: 2, unit: 'count' }, example: `${log}:1: 127.0.0.1 - - "GET /"` });
    assert.match(error.detail, /json ×2\n {2}.*:1: .*\n {2}.*:2: /);
  });

  it('counts the good lines and names the others, a wrong time unit too', async () => {
    await writeFile(log, line(Date.now(), 'stable') + line(Date.now() * 1000, 'stable') + line(Date.now() * 1000, 'stable') + 'oops\n');
    const one = watch();
    await firstRelease(one);
    const { last } = one;
    assert.ok(last && isSnapshot(last));
    assert.equal(last.note?.key, 'logs.note.bad.future');
    assert.deepEqual(
      [last.note.args['bad'], last.note.args['lines']],
      [
        { value: 2, unit: 'count' },
        { value: 4, unit: 'count' },
      ],
    );
  });

  it('makes a release a service, and stops at a field that names none', async () => {
    const services = Array.from({ length: 120 }, (_, i) => line(Date.now(), 'stable', { service: `s${String(i % 110)}` }));
    await writeFile(log, services.join('') + line(Date.now(), 'stable'));
    const item = await watch({ mapping: mapping({ release: { field: 'service' } }) }).item(
      'releases',
      (one) => isSnapshot(one) && one.releases.length > 0,
    );
    assert.ok(isSnapshot(item));
    assert.equal(item.releases.length, 100);
    assert.equal(item.releases[3]?.service, 's3');
    assert.equal(item.note?.key, 'logs.note.tooManyReleases');
  });

  it('names the versions, newest first, and sees which variant gets nothing any more', async () => {
    const phaseOf = async (lines: readonly string[]) => {
      const name = `${String(watched.length)}.log`;
      await writeFile(path.join(folder, name), lines.join(''));
      const release = await firstRelease(
        watch({ files: [name], mapping: mapping({ variant: { field: 'variant', canary: ['v3', 'v4'] } }) }),
      );
      return [release.phase, release.versions.stable, release.versions.canary];
    };
    const now = Date.now();
    const earlier = now - 3_600_000;
    const some = (at: number, ...variants: readonly string[]): readonly string[] =>
      Array.from({ length: 100 }, (_, i) => line(at + i * 100, variants[i % variants.length]!));
    assert.deepEqual(await phaseOf(some(now - 60_000, 'v1')), ['preparation', 'v1', 'v3']);
    assert.deepEqual(await phaseOf([...some(earlier, 'v1', 'v3'), ...some(now - 60_000, 'v2', 'v1', 'v3')]), ['gray', 'v2, v1', 'v3']);
    assert.deepEqual(await phaseOf([...some(earlier, 'v1', 'v3'), ...some(now - 60_000, 'v1')]), ['rolledBack', 'v1', 'v3']);
    assert.deepEqual(await phaseOf([...some(earlier, 'v1', 'v3'), ...some(now - 60_000, 'v4')]), ['full', 'v1', 'v4, v3']);
    const rare = [...some(earlier, 'v1', ...Array.from({ length: 19 }, () => 'v1')), line(earlier, 'v3'), ...some(now - 60_000, 'v1')];
    assert.equal((await phaseOf(rare))[0], 'gray', 'one in a hundred may be absent by chance');
  });

  it('says how far a long read is, and shows no half-read release', async () => {
    await writeFile(log, line(Date.now(), 'stable'));
    let go: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (go = resolve));
    const slow = (async (file, flags) => {
      await gate;
      return open(file, flags);
    }) as typeof open;
    // Half a second is over at once, so that the first sign of life comes without any wait.
    const clock = { ...realClock, delay: (ms: number, signal: AbortSignal) => realClock.delay(Math.min(ms, 10), signal) };
    const one = watch({ fileSystem: { ...NODE_FILES, open: slow }, clock });
    const reading = await one.item('progress', (item) => noteKey(item) === 'logs.note.reading');
    go();
    assert.ok(isSnapshot(reading));
    assert.deepEqual(reading.releases, []);
    await firstRelease(one);
  });

  it('does not know a release that no line names', async () => {
    const one = watch();
    const answer = await one.source.evidence({ releaseId: 'x', from: 0, to: 1 }, one.signal);
    assert.ok(!answer.ok);
    assert.deepEqual([answer.error.kind, answer.error.message], ['notFound', { key: 'logs.error.noRelease', args: { release: 'x' } }]);
  });

  it('goes on where it was when it is watched again', async () => {
    await writeFile(log, line(Date.now(), 'stable'));
    const one = watch();
    await firstRelease(one);
    await one.stop();
    await appendFile(log, line(Date.now(), 'canary'));
    const again = new WatchedSource(one.source);
    watched.push(again);
    await again.item('both lines, each once', (item) => isSnapshot(item) && item.releases[0]?.ratio.actual === 0.5);
  });
});
