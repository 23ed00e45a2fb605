import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { npmEnvironment } from '../../../scripts/bed/run.ts';
import { processesOf } from '../../../scripts/bed/leftovers.ts';
import { until } from '../../../scripts/bed/until.ts';
import { RESULTS, ROOT } from '../harness/project.ts';
import { uiOf } from '../harness/ui.ts';
import { webviewOf } from '../harness/webview.ts';
import { launchBrowser } from '../harness/workbench.ts';

const READY_WITHIN_MS = 90_000;

test(
  'npm start prints an address that shows the live simulated release, and Ctrl-C leaves nothing behind',
  { timeout: 170_000 },
  async () => {
    const profile = path.join(ROOT, 'out/start/browser');
    assert.deepEqual(processesOf(profile), [], 'npm start runs in this folder already');
    const child = spawn(process.execPath, ['scripts/start.mjs', '--browser'], {
      cwd: ROOT,
      env: npmEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data.toString()));
    const ended = (): boolean => child.exitCode !== null || child.signalCode !== null;
    const last = (): void => void child.kill('SIGKILL');
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
      assert.match(output, /^# .+/m, 'it says what it does');
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
      child.kill('SIGINT');
      await until('npm start has ended', ended, 15_000);
      await until('nothing of it is left', () => processesOf(profile).length === 0, 5_000);
    } catch (error) {
      console.log(output.replace(/^/gm, '# '));
      throw error;
    } finally {
      if (!ended()) child.kill('SIGTERM');
      await until('npm start has ended', ended, 15_000).catch(() => child.kill('SIGKILL'));
      process.off('exit', last);
    }
  },
);
