import '../../fakes/vscode.ts';
import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { it } from 'node:test';
import { ok } from '../../../src/base/result.ts';
import { SILENT_LOG } from '../../../src/base/log.ts';
import { english } from '../../fakes/english.ts';
import { until } from '../../fakes/wait.ts';
import type { ExampleDeps } from '../../../src/commands/tryExample.ts';

const { Example } = await import('../../../src/commands/tryExample.ts');

it('the example asked for twice at once has one traffic, and none after its end', { timeout: 60_000 }, async (t) => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'rollout-lens-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const backendPath = path.join(folder, 'backend.mjs');
  const began = path.join(folder, 'began');
  appendFileSync(began, '');
  // Names its release like the simulator, and lives until its input ends.
  writeFileSync(
    backendPath,
    `import { appendFileSync } from 'node:fs';
    appendFileSync(${JSON.stringify(began)}, process.pid + '\\n');
    console.log(JSON.stringify({ type: 'start', release: 'r' }));
    process.stdin.resume().on('end', () => process.exit(0));`,
  );
  const deps = {
    builtin: { onDidChange: () => ({ dispose: () => undefined }), start: () => Promise.resolve(ok({ url: 'http://127.0.0.1:1' })) },
    store: { state: { releases: new Map([['builtin/r', undefined]]) }, onDidChange: () => ({ dispose: () => undefined }) },
    dataDir: folder,
    backendPath,
    open: () => Promise.resolve(),
    recent: { inUse: () => undefined, ended: () => undefined, last: () => null },
    l10n: english,
    log: SILENT_LOG,
  } as unknown as ExampleDeps;
  const example = new Example(deps);
  const keys = Promise.all([example.run('finance'), example.run('finance')]);
  const pids = (): readonly number[] => readFileSync(began, 'utf8').trim().split('\n').filter(Boolean).map(Number);
  await until(() => pids().length > 0);
  // The second has had its turn when both are done, which disposing makes sure of.
  await Promise.race([keys, until(() => pids().length > 1)]);
  assert.equal(pids().length, 1);
  example.dispose();
  await keys;
  const lives = (pid: number): boolean => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  await until(() => pids().every((pid) => !lives(pid)));
});
