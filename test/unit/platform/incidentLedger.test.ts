import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { SILENT_LOG } from '../../../src/base/log.ts';
import { IncidentLedger } from '../../../src/platform/incidentLedger.ts';

describe('an incident is told once', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'rollout-lens-incidents-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('by one of many windows that see it at the same moment, and not again after a reload', async () => {
    const windows = Array.from({ length: 8 }, () => new IncidentLedger(folder, SILENT_LOG));
    const told = await Promise.all(windows.map((ledger) => ledger.claim('prod/fraud|regressing')));
    assert.equal(told.filter(Boolean).length, 1);
    assert.equal(await new IncidentLedger(folder, SILENT_LOG).claim('prod/fraud|regressing'), false);
    assert.equal(await new IncidentLedger(folder, SILENT_LOG).claim('prod/shop|regressing'), true);
  });

  it('and forgotten after two weeks', async () => {
    const old = path.join(folder, 'old');
    await writeFile(old, '');
    const past = new Date(Date.now() - 15 * 24 * 3_600_000);
    await utimes(old, past, past);
    await new IncidentLedger(folder, SILENT_LOG).claim('another');
    assert.ok(!(await readdir(folder)).includes('old'));
  });

  it('and rather twice than never where the disk refuses', async () => {
    const ledger = new IncidentLedger('/dev/null/nowhere', SILENT_LOG);
    assert.equal(await ledger.claim('x'), true);
    assert.equal(await ledger.claim('x'), false);
  });
});
