import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../fakes/manifest.ts';

interface Task {
  readonly label: string;
  readonly script: string;
  readonly problemMatcher: {
    readonly pattern: readonly { readonly regexp: string }[];
    readonly background: { readonly beginsPattern: string; readonly endsPattern: string };
  };
}
interface Launch {
  readonly name: string;
  readonly preLaunchTask?: string;
  readonly runtimeExecutable?: string;
  readonly outFiles?: readonly string[];
}
const json = (file: string): unknown => JSON.parse(readFileSync(path.join(ROOT, file), 'utf8'));

test('F5 waits for the build of its task, and what it names is there', () => {
  const { scripts, main } = json('package.json') as { readonly scripts: Readonly<Record<string, string>>; readonly main: string };
  const { tasks } = json('.vscode/tasks.json') as { readonly tasks: readonly Task[] };
  const { configurations } = json('.vscode/launch.json') as { readonly configurations: readonly Launch[] };
  for (const { preLaunchTask, runtimeExecutable, outFiles } of configurations) {
    if (runtimeExecutable !== undefined) assert.ok(existsSync(runtimeExecutable.replace('${workspaceFolder}', ROOT)), runtimeExecutable);
    if (preLaunchTask === undefined) continue;
    assert.deepEqual(outFiles, [`\${workspaceFolder}/${path.dirname(path.normalize(main))}/**/*.js`], 'breakpoints are found in what runs');
    const task = tasks.find(({ label }) => label === preLaunchTask);
    assert.ok(task, preLaunchTask);
    assert.ok(scripts[task.script], task.script);
    const { background, pattern } = task.problemMatcher;
    const build = readFileSync(path.join(ROOT, 'esbuild.mjs'), 'utf8');
    const printed = [...build.matchAll(/console\.log\('(\[watch\][^']+)'\)/g)].map(([, line]) => line ?? '');
    for (const wanted of [background.beginsPattern, background.endsPattern]) {
      assert.ok(
        printed.some((line) => new RegExp(wanted).test(line)),
        `the watching build prints what ${wanted} waits for`,
      );
    }
    assert.deepEqual(
      ['✘ [ERROR] Unexpected "="', '    src/base/clock.ts:29:9:'].map((line, index) => new RegExp(pattern[index]?.regexp ?? '').test(line)),
      [true, true],
      'an error of the build is a problem at its place',
    );
  }
});
