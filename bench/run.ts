// npm run bench: lists and runs every benchmark; npm run bench -- NAME [options]: runs bench/NAME.ts alone with those options.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';

const here = import.meta.dirname;
const SHARED = new Set(['run.ts', 'report.ts']);
const names = readdirSync(here)
  .filter((file) => file.endsWith('.ts') && !SHARED.has(file))
  .map((file) => file.slice(0, -3))
  .sort();

const [wanted, ...options] = process.argv.slice(2);
if (wanted !== undefined && !names.includes(wanted)) {
  console.error(`There is no benchmark "${wanted}". There are: ${names.join(', ')}`);
  process.exit(2);
}
if (wanted === undefined) console.log(`Benchmarks: ${names.join(', ')}`);

let failed = 0;
for (const name of wanted === undefined ? names : [wanted]) {
  const { status } = spawnSync(process.execPath, ['--expose-gc', path.join(here, `${name}.ts`), ...options], { stdio: 'inherit' });
  if (status !== 0) {
    console.error(`bench ${name} ended with ${String(status)}`);
    failed++;
  }
}
process.exit(failed > 0 ? 1 : 0);
