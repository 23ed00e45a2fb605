/** The in-host suites as CommonJS files that any extension host loads, whatever Node it has. */
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { ROOT, SUITES } from './harness/project.ts';

/** Whether a file is among those that were named; null names all. */
export const isWanted = (file: string, only: readonly string[] | null): boolean =>
  only === null || only.some((name) => file.includes(name));

export const bundleSuites = async (only: readonly string[] | null): Promise<void> => {
  rmSync(SUITES, { recursive: true, force: true });
  const folder = path.join(ROOT, 'test/workbench/suites');
  const suites = readdirSync(folder).filter((file) => file.endsWith('.test.ts') && isWanted(file, only));
  await build({
    absWorkingDir: ROOT,
    entryPoints: ['index.ts', ...suites].map((file) => path.join(folder, file)),
    outdir: SUITES,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node22',
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
};

/** Whether any in-host suite matches. */
export const hasSuites = (only: readonly string[] | null): boolean =>
  readdirSync(path.join(ROOT, 'test/workbench/suites')).some((file) => file.endsWith('.test.ts') && isWanted(file, only));
