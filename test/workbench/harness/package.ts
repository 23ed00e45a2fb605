import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { run } from '../../../scripts/bed/run.ts';
import { ROOT, VSIX } from './project.ts';

/** Builds the package under test; the error says what vsce said. */
export const packageExtension = async (): Promise<void> => {
  console.log('# building the package …');
  mkdirSync(path.dirname(VSIX), { recursive: true });
  await run('npm', ['run', '--silent', 'package', '--', '--out', VSIX], { cwd: ROOT });
};
