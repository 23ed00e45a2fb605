/** The in-host suites as files that an extension host loads. */
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build, type BuildOptions } from 'esbuild';
import { ROOT, SUITES } from './harness/project.ts';

/** Whether a file is among those that were named; null names all. */
export const isWanted = (file: string, only: readonly string[] | null): boolean =>
  only === null || only.some((name) => file.includes(name));

export const bundleSuites = async (only: readonly string[] | null): Promise<void> => {
  rmSync(SUITES, { recursive: true, force: true });
  const folder = path.join(ROOT, 'test/workbench/suites');
  const suites = readdirSync(folder).filter((file) => file.endsWith('.test.ts') && isWanted(file, only));
  const common: BuildOptions = {
    absWorkingDir: ROOT,
    outdir: SUITES,
    bundle: true,
    platform: 'node',
    target: 'node22',
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    logLevel: 'warning',
  };
  // The host loads its entry by require(). The suites are ES modules as the extension is: an older VS Code hands the two kinds different
  // objects for `vscode`, and what a suite answers in its own would not reach the extension.
  const entry = path.join(folder, 'index.ts');
  await build({ ...common, entryPoints: [entry], format: 'cjs', outExtension: { '.js': '.cjs' } });
  await build({
    ...common,
    entryPoints: suites.map((file) => path.join(folder, file)),
    format: 'esm',
    outExtension: { '.js': '.mjs' },
  });
};

/** Whether any in-host suite matches. */
export const hasSuites = (only: readonly string[] | null): boolean =>
  readdirSync(path.join(ROOT, 'test/workbench/suites')).some((file) => file.endsWith('.test.ts') && isWanted(file, only));
