/**
 * `npm run test:workbench [-- --only NAME]… [--no-build] [--vscode floor]`: builds the package, runs the in-host suites inside a real VS Code,
 * then the page suites on the installed package, one workbench at a time. In the oldest supported VS Code (`floor`) it runs, without names,
 * the in-host suites and the pages of FLOOR_PAGES. Exit status 0 when something ran and nothing failed.
 */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { run as runFiles } from 'node:test';
import { spec } from 'node:test/reporters';
import { parseArgs } from 'node:util';
import { bundleSuites, hasSuites, isWanted } from './bundle.ts';
import { packageExtension } from './harness/package.ts';
import { ROOT, VSIX } from './harness/project.ts';
import { buildUnderTest } from './harness/server.ts';
import { runInHost } from './host.ts';

/** The tree fills and is steered, the panel opens and judges. */
const FLOOR_PAGES = ['ratio', 'regression'];

const { values } = parseArgs({
  options: { only: { type: 'string', multiple: true }, 'no-build': { type: 'boolean', default: false }, vscode: { type: 'string' } },
});
// Page suites are processes of their own, which are told the same way.
if (values.vscode !== undefined) process.env['ROLLOUT_LENS_VSCODE'] = values.vscode;
const build = buildUnderTest();
const only = values.only ?? null;
const pages = only ?? (build === 'floor' ? FLOOR_PAGES : null);
const where = build === 'current' ? '' : `, VS Code ${build}`;
const counts = { passed: 0, failed: 0, skipped: 0 };

const hostSuites = async (): Promise<void> => {
  if (!hasSuites(only)) return;
  console.log(`# in the extension host${where}`);
  await bundleSuites(only);
  try {
    const results = await runInHost();
    for (const { title, outcome, error, milliseconds } of results) {
      counts[outcome]++;
      const sign = { passed: '✔', failed: '✖', skipped: '﹣' }[outcome];
      console.log(`${sign} ${title} (${String(milliseconds)}ms)`);
      if (error !== null) console.log(error.replace(/^/gm, '    '));
    }
    if (results.length === 0) throw new Error('the extension host ran no test');
  } catch (error) {
    counts.failed++;
    console.log(`✖ in the extension host: ${error instanceof Error ? error.message : String(error)}`);
  }
};

const pageSuites = async (): Promise<void> => {
  const folder = path.join(ROOT, 'test/workbench/pages');
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.page.ts') && isWanted(file, pages))
    .map((file) => path.join(folder, file));
  if (files.length === 0) return;
  console.log(`# on the installed package${where}`);
  const stream = runFiles({ files, concurrency: 1 });
  // The runner's own totals; a file that cannot be loaded is one failure in them.
  stream.on('test:summary', ({ file, counts: seen }) => {
    if (file !== undefined) return;
    counts.passed += seen.passed;
    counts.failed += seen.tests - seen.passed - seen.skipped - seen.todo;
    counts.skipped += seen.skipped + seen.todo;
  });
  for await (const chunk of stream.compose(spec()) as AsyncIterable<unknown>) process.stdout.write(String(chunk));
};

// Ended from outside: what ends the server with this process listens to its exit.
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => process.exit(143));

if (!values['no-build'] || !existsSync(VSIX)) await packageExtension();
await hostSuites();
await pageSuites();
const file = process.env['ROLLOUT_LENS_COUNTS'];
if (file) writeFileSync(file, JSON.stringify(counts));
console.log(
  `${String(counts.passed)} passed, ${String(counts.failed)} failed${counts.skipped > 0 ? `, ${String(counts.skipped)} skipped` : ''}`,
);
// Playwright and the test runner keep handles; everything of ours is closed by now.
process.exit(counts.failed === 0 && counts.passed > 0 ? 0 : 1);
