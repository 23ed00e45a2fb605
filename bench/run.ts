// npm run bench: lists and runs every benchmark; npm run bench -- NAME [options]: runs bench/NAME.ts alone with those options.
// npm run bench -- --write: runs every one and writes what they printed to docs/performance.md.
import { spawn } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const here = import.meta.dirname;
const SHARED = new Set(['run.ts', 'report.ts', 'inEditor.ts']);
const names = readdirSync(here)
  .filter((file) => file.endsWith('.ts') && !SHARED.has(file))
  .map((file) => file.slice(0, -3))
  .sort();

/** Runs one benchmark with its output shown; answers its exit status and what it printed on standard output. */
const run = (name: string, options: readonly string[]): Promise<{ readonly status: number; readonly output: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--expose-gc', path.join(here, `${name}.ts`), ...options], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      process.stdout.write(text);
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ status: code ?? 1, output }));
  });

/** What people read: everything but its progress and the closing line of JSON. */
const forPeople = (output: string): string =>
  output
    .split('\n')
    .filter((line) => !line.startsWith('{"bench"') && !line.startsWith('# '))
    .join('\n')
    .trim();

const args = process.argv.slice(2);
const write = args[0] === '--write';
const [wanted, ...options] = write ? [] : args;
if (wanted !== undefined && !names.includes(wanted)) {
  console.error(`There is no benchmark "${wanted}". There are: ${names.join(', ')}`);
  process.exit(2);
}
if (wanted === undefined) console.log(`Benchmarks: ${names.join(', ')}`);

const load = (): string => (os.loadavg()[0] ?? NaN).toFixed(1);
const before = load();
let failed = 0;
const sections: string[] = [];
for (const name of wanted === undefined ? names : [wanted]) {
  const { status, output } = await run(name, options);
  if (status === 0) sections.push(`## ${name}\n\n\`\`\`\n${forPeople(output)}\n\`\`\`\n`);
  else {
    console.error(`bench ${name} ended with ${status}`);
    failed++;
  }
}
if (write && failed === 0) {
  const machine = `${os.cpus().length} cores (${os.cpus()[0]?.model.trim() ?? 'unknown'}), Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}`;
  const intro = `# Performance\n\nWritten by \`npm run bench -- --write\` on ${machine}. Ours and the peer ran in turn in the same run; a ratio below 1 in a time is faster,\nabove 1 in a throughput is faster. The spread is what lay between the\nquickest and the slowest round. Something else may have run beside it: the load of the machine was ${before} before and ${load()} after, where\n${os.cpus().length} would be busy. Trust the ratios, not the seconds.\n`;
  writeFileSync(path.join(here, '../docs/performance.md'), [intro, ...sections].join('\n'));
}
process.exit(failed > 0 ? 1 : 0);
