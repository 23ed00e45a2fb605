import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { SILENT_LOG } from '../../../src/base/log.ts';
import { IncidentLedger, OVER_AFTER_MS } from '../../../src/platform/incidentLedger.ts';
import { clockAt } from '../../fakes/clock.ts';
import { recordingLog } from '../../fakes/wait.ts';

describe('an incident is told once', () => {
  let folder = '';
  // In the past, so that a file just made, which has the time of the disk, is never older than the clock says.
  let now = Date.now() - 6 * 3_600_000;
  const clock = clockAt(() => now);
  const ledger = (where = folder): IncidentLedger => new IncidentLedger(where, clock, SILENT_LOG);
  const eight = (): Promise<boolean[]> => Promise.all(Array.from({ length: 8 }, () => ledger().sight('prod/fraud|regressing')));
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'rollout-lens-incidents-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('by one of many windows that see it at the same moment, and not again after a reload', async () => {
    assert.equal((await eight()).filter(Boolean).length, 1);
    assert.equal(await ledger().sight('prod/fraud|regressing'), false);
    assert.equal(await ledger().sight('prod/shop|regressing'), true);
  });

  it('not again while it lasts, and again by one window when it is back after half an hour', async () => {
    const own = ledger();
    for (let seen = 0; seen < 3; seen++) {
      now += OVER_AFTER_MS - 1_000;
      assert.equal(await own.sight('prod/fraud|regressing'), false, 'a verdict that flickers is no relapse');
    }
    now += OVER_AFTER_MS;
    assert.equal((await eight()).filter(Boolean).length, 1, 'a relapse is told');
    now += 60_000;
    assert.equal((await eight()).filter(Boolean).length, 0);
  });

  it('and forgotten after two weeks', async () => {
    const old = path.join(folder, 'old');
    await writeFile(old, '');
    const past = new Date(now - 15 * 24 * 3_600_000);
    await utimes(old, past, past);
    await ledger().sight('another');
    assert.ok(!(await readdir(folder)).includes('old'));
  });

  it('and a file that another window forgets just then is gone, which is nothing to warn of', async () => {
    const own = await mkdtemp(path.join(folder, 'race-'));
    const id = createHash('sha256').update('x').digest('hex').slice(0, 32);
    // Listed, and not there when it is looked at.
    for (const name of ['other.1', `${id}.1`]) await symlink('/nowhere', path.join(own, name));
    const log = recordingLog();
    const two = new IncidentLedger(own, clock, log);
    assert.deepEqual([await two.sight('x'), await two.sight('x')], [true, false]);
    assert.deepEqual(log.lines, []);
  });

  it('and rather twice than never where the disk refuses', async () => {
    const own = ledger('/dev/null/nowhere');
    assert.equal(await own.sight('x'), true);
    assert.equal(await own.sight('x'), false);
    now += OVER_AFTER_MS;
    assert.equal(await own.sight('x'), true);
  });
});
