/**
 * `npm run test:electron [-- PATH]`: the in-host suites in a desktop VS Code. Without a path (argument or environment variable
 * `vscodeExecutablePath`) @vscode/test-electron downloads the version that package.json names as the oldest supported.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runTests } from '@vscode/test-electron';
import { bundleSuites } from './bundle.ts';
import { ROOT, SUITES } from './harness/project.ts';
import type { HostResult } from './suites/index.ts';

const { values, positionals } = parseArgs({ options: { version: { type: 'string' } }, allowPositionals: true });
const executable = positionals[0] ?? process.env['vscodeExecutablePath'];
const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { readonly engines: { readonly vscode: string } };
const floor = manifest.engines.vscode.replace(/^\^/, '');

if (executable !== undefined && !existsSync(executable)) {
  console.error(`there is no VS Code at ${executable}`);
  process.exit(2);
}
if (!existsSync(path.join(ROOT, 'dist/extension.js'))) {
  console.error('dist/extension.js is missing: run "npm run build" first');
  process.exit(2);
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'rollout-lens-electron-'));
const file = path.join(folder, 'results.json');
let trouble = 'VS Code ended without loading the suites';
try {
  await bundleSuites(null);
  await runTests({
    ...(executable === undefined ? { version: values.version ?? floor } : { vscodeExecutablePath: executable }),
    extensionDevelopmentPath: ROOT,
    extensionTestsPath: path.join(SUITES, 'index.cjs'),
    extensionTestsEnv: { ROLLOUT_LENS_HOST_RESULTS: file },
    launchArgs: ['--disable-extensions', '--disable-workspace-trust', '--user-data-dir', path.join(folder, 'user')],
  });
} catch (error) {
  trouble = error instanceof Error ? error.message : String(error);
}

let status = 2;
if (existsSync(file)) {
  const results = JSON.parse(readFileSync(file, 'utf8')) as readonly HostResult[];
  for (const { title, outcome, error } of results) console.log(`${outcome} ${title}${error === null ? '' : `\n${error}`}`);
  const passed = results.filter((result) => result.outcome === 'passed').length;
  const failed = results.filter((result) => result.outcome === 'failed').length;
  console.log(`${String(passed)} passed, ${String(failed)} failed`);
  status = failed === 0 && passed > 0 ? 0 : 1;
} else {
  console.error(`no test ran: ${trouble}`);
  if (executable === undefined) {
    console.error('A desktop VS Code has to be downloaded for this. Without a connection give the path of one that is installed:');
    console.error('  npm run test:electron -- /usr/share/code/code');
    console.error('npm run test:workbench runs the same suites in a VS Code that comes from the npm registry.');
  }
}
rmSync(folder, { recursive: true, force: true });
process.exit(status);
