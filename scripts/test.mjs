// `npm test`: installs what is missing, builds, runs everything, and ends in the line "N passed, N failed".
// `node scripts/test.mjs unit [FILE…]` runs one part; the parts are unit, integration, workbench and floor.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build, install, ROOT, say, show } from './steps.mjs';

/** For a test that states no limit of its own. */
const TEST_LIMIT_MS = 120_000;
/** A test that is over its limit but leaves something running keeps its process: that ends here. */
const PART_LIMIT_MS = 25 * 60_000;

const nodeTests =
  (pattern, ...options) =>
  (counts, files) =>
    show(
      'node',
      [
        '--test',
        `--test-timeout=${TEST_LIMIT_MS}`,
        ...options,
        ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
        ...['--test-reporter=./scripts/countReporter.mjs', `--test-reporter-destination=${counts}`],
        ...(files.length > 0 ? files : [pattern]),
      ],
      {},
      PART_LIMIT_MS,
    );

const workbench =
  (...options) =>
  (counts, more) =>
    show('node', ['test/workbench/run.ts', ...options, ...more], { ROLLOUT_LENS_COUNTS: path.resolve(ROOT, counts) }, PART_LIMIT_MS);

const PARTS = {
  unit: { needsBuild: false, run: nodeTests('test/unit/**/*.test.ts') },
  integration: { needsBuild: true, run: nodeTests('test/integration/**/*.test.ts', '--test-concurrency=1') },
  workbench: { needsBuild: true, run: workbench() },
  // What package.json promises: the same in the oldest VS Code it names.
  floor: { needsBuild: true, run: workbench('--vscode', 'floor') },
};

const minutes = (since) => ((Date.now() - since) / 60_000).toFixed(1);

const [wanted, ...rest] = process.argv.slice(2);
if (wanted !== undefined && !(wanted in PARTS)) {
  console.error(`no part ${wanted}: there are ${Object.keys(PARTS).join(', ')}`);
  process.exit(2);
}
const parts = wanted === undefined ? Object.keys(PARTS) : [wanted];
const total = { passed: 0, failed: 0, skipped: 0 };
const times = [];
let sound = true;
const problem = (text) => {
  sound = false;
  say(text);
};

const prepare = async () => {
  await install();
  if (parts.some((part) => PARTS[part].needsBuild)) await build();
};

const start = Date.now();
try {
  await prepare();
  times.push(`install and build ${minutes(start)}`);
} catch (error) {
  // Tests that need no build still say what they know.
  problem(error.message);
  total.failed++;
}

for (const part of parts) {
  say(`${part} tests`);
  const counts = path.join('out/counts', `${part}.json`);
  mkdirSync(path.join(ROOT, 'out/counts'), { recursive: true });
  rmSync(path.join(ROOT, counts), { force: true });
  const began = Date.now();
  const status = await PARTS[part].run(counts, rest);
  times.push(`${part} ${minutes(began)}`);
  let seen = { passed: 0, failed: 0, skipped: 0 };
  try {
    seen = JSON.parse(readFileSync(path.join(ROOT, counts), 'utf8'));
  } catch {
    problem(`the ${part} tests left no totals`);
    seen.failed = 1;
  }
  for (const key of Object.keys(total)) total[key] += seen[key];
  if (seen.passed + seen.failed === 0) problem(`no ${part} test ran`);
  if (status !== 0) problem(`the ${part} tests ended with status ${status}`);
}

// Where everything a test may need can be had, a skipped test is a hole.
if (total.skipped > 0) {
  if (process.env.CI) problem(`${total.skipped} skipped, and in CI nothing may be skipped`);
  else say(`${total.skipped} skipped; each says above why`);
}
say(`minutes: ${times.join(', ')}`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = sound && total.failed === 0 && total.passed > 0 ? 0 : 1;
