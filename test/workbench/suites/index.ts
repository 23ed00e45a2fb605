/** The extension host calls run(): every `*.test.mjs` beside this bundle through mocha. The results go to a file, since the host's exit code is all else that comes out. */
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type Mocha from 'mocha';
import * as vscode from 'vscode';

export interface HostResult {
  readonly title: string;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly error: string | null;
  readonly milliseconds: number;
}

export const run = async (): Promise<void> => {
  const wanted = process.env['ROLLOUT_LENS_HOST_VERSION'];
  if (wanted !== undefined && wanted !== vscode.version)
    throw new Error(`this is VS Code ${vscode.version}, and ${wanted} was to be tested`);
  // Not by require(): what that makes of an ES module depends on the Node of the extension host.
  const { default: Runner } = await import('mocha');
  const mocha = new Runner({ ui: 'bdd', timeout: 20_000, color: false, forbidOnly: true });
  for (const file of readdirSync(__dirname).sort()) if (file.endsWith('.test.mjs')) mocha.addFile(path.join(__dirname, file));
  const results: HostResult[] = [];
  await mocha.loadFilesAsync();
  const failures = await new Promise<number>((resolve) => {
    const runner = mocha.run(resolve);
    const add = (test: Mocha.Runnable, outcome: HostResult['outcome'], error: string | null = null): void =>
      void results.push({ title: test.fullTitle(), outcome, error, milliseconds: test.duration ?? 0 });
    runner.on('pass', (test) => add(test, 'passed'));
    runner.on('pending', (test) => add(test, 'skipped'));
    runner.on('fail', (test, error: unknown) =>
      add(test, 'failed', error instanceof Error ? (error.stack ?? error.message) : String(error)),
    );
  });
  const file = process.env['ROLLOUT_LENS_HOST_RESULTS'];
  if (file) writeFileSync(file, JSON.stringify(results));
  if (failures > 0) throw new Error(`${String(failures)} of ${String(results.length)} tests failed`);
};
