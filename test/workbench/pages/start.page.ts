import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { npmEnvironment } from '../../../scripts/bed/run.ts';
import { processesOf } from '../../../scripts/bed/leftovers.ts';
import { until } from '../../../scripts/bed/until.ts';
import { RESULTS, ROOT } from '../harness/project.ts';
import { uiOf } from '../harness/ui.ts';
import { webviewOf } from '../harness/webview.ts';
import { launchBrowser } from '../harness/workbench.ts';

const READY_WITHIN_MS = 180_000;
/** What a clone does not have. */
const NOT_CLONED = new Set(['.git', 'node_modules', 'dist', 'out', 'test-results']);

/** A person's own environment: no Node of this project on PATH. */
const ownEnvironment = (): NodeJS.ProcessEnv => {
  const env = npmEnvironment();
  const folders = (env['PATH'] ?? '').split(path.delimiter).filter((folder) => !/node_modules[\\/]/.test(folder));
  return { ...env, PATH: folders.join(path.delimiter) };
};

test(
  'npm start in a fresh clone installs, builds and prints an address that shows the live simulated release, and Ctrl-C leaves nothing behind',
  { timeout: 270_000 },
  async () => {
    const clone = mkdtempSync(path.join(os.tmpdir(), 'rollout-lens-clone-'));
    cpSync(ROOT, clone, { recursive: true, filter: (from) => !NOT_CLONED.has(path.relative(ROOT, from)) });
    const profile = path.join(clone, 'out/start/browser');
    const child = spawn('npm', ['start', '--', '--browser'], {
      cwd: clone,
      env: ownEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      // A process group of its own, as a terminal gives it: Ctrl-C goes to all of them.
      detached: true,
    });
    const interrupt = (name: NodeJS.Signals): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, name);
      } catch {
        // The group has ended already.
      }
    };
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data.toString()));
    const ended = (): boolean => child.exitCode !== null || child.signalCode !== null;
    const last = (): void => interrupt('SIGKILL');
    process.once('exit', last);
    try {
      const address = await until(
        'an address is printed',
        () => {
          if (ended()) throw new Error(`npm start ended:\n${output}`);
          return /^ {2}(http:\/\/127\.0\.0\.1:\d+\/\S+)$/m.exec(output)?.[1] ?? null;
        },
        READY_WITHIN_MS,
      );
      for (const step of [/^# installing packages/m, /^# building/m, /^# starting VS Code/m])
        assert.match(output, step, 'it says what it does');
      const browser = await launchBrowser();
      try {
        const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
        page.setDefaultTimeout(30_000);
        await page.goto(address, { waitUntil: 'domcontentloaded' });
        const ui = uiOf(page);
        await page.locator('.monaco-workbench').waitFor();
        await ui.openView('Rollouts');
        await ui.row(/^Fraud.*simulated/i).waitFor();
        await webviewOf(page).getByRole('heading', { level: 1, name: /Fraud/ }).waitFor();
        mkdirSync(path.join(RESULTS, 'pictures'), { recursive: true });
        await page.screenshot({ path: path.join(RESULTS, 'pictures/start.png') });
      } finally {
        await browser.close();
      }
      assert.ok(processesOf(profile).length > 0);
      interrupt('SIGINT');
      await until('npm start has ended', ended, 15_000);
      await until('nothing of it is left', () => processesOf(profile).length === 0, 5_000);
    } catch (error) {
      console.log(output.replace(/^/gm, '# '));
      throw error;
    } finally {
      if (!ended()) interrupt('SIGTERM');
      await until('npm start has ended', ended, 15_000).catch(() => interrupt('SIGKILL'));
      process.off('exit', last);
      rmSync(clone, { recursive: true, force: true, maxRetries: 5 });
    }
  },
);
