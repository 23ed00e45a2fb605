// Writes docs/scenarios.md from src/backend/scenarios/, so that what is documented is what runs. `--check` only compares.
import { readFileSync, writeFileSync } from 'node:fs';
import { SCENARIOS } from '../src/backend/scenarios/catalogue.ts';
import { PLANTED } from '../src/backend/scenarios/planted.ts';
import type { PlantedRegression, Scenario } from '../src/backend/scenarios/scenario.ts';
import { USAGE } from '../src/backend/simulate/options.ts';

const FILE = new URL('../docs/scenarios.md', import.meta.url);

const percent = (ratio: number): string => `${Number((ratio * 100).toFixed(2))} %`;
const clock = (seconds: number): string => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
const effect = ({ effect: value, effectUnit }: PlantedRegression): string =>
  `${value > 0 ? '+' : '−'}${Number((Math.abs(value) * 100).toFixed(2))} ${effectUnit === 'points' ? 'points' : '%'}`;

const row = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;

const plantedTable = (): readonly string[] => [
  row(['scenario', 'seed', 'from second', 'metric', 'effect on the canary', 'called within']),
  row(['---', '---', '---', '---', '---', '---']),
  ...Object.values(PLANTED).map((planted) =>
    row([
      planted.scenario,
      planted.seed,
      `${planted.second} (${clock(planted.second)})`,
      planted.metric,
      effect(planted),
      `${planted.verdictWithinSeconds} s`,
    ]),
  ),
];

const section = ({ id, release, audience, latency, ...rest }: Scenario): readonly string[] => [
  `## ${id}`,
  '',
  `Release \`${release.id}\` of ${release.service}: ${release.versions.stable} → ${release.versions.canary}, at ${percent(release.ratio)} first, steps ${release.steps.map((step) => percent(step.ratio)).join(', ')}.`,
  '',
  row(['what', 'value']),
  row(['---', '---']),
  row([
    'requests',
    `${rest.requestsPerSecond} a second on the mean, in waves of ${rest.waves.map((wave) => `±${percent(wave.amplitude)} over ${wave.periodSeconds} s`).join(' and ')}`,
  ]),
  row([
    'users',
    `${audience.regulars} regulars (activity ∝ rank^−${audience.skew}) make ${percent(audience.regularShare)} of the requests; ${audience.visitorPool} visitors at a time, ${audience.visitorTurnover} of them replaced a second`,
  ]),
  row([
    'response time',
    `median ${latency.medianMs} ms, log-normal with σ ${latency.sigma}; ${percent(latency.slowShare)} are ${latency.slowFactor} times slower; ${percent(latency.tailShare)} in a Pareto tail from ${latency.tailFrom} medians on (index ${latency.tailIndex}, at most ${latency.maxMs / 1000} s)`,
  ]),
  row(['errors', `${percent(rest.errorRate)} server errors, ${percent(rest.clientErrorRate)} client errors`]),
  row(['predictions', `${percent(rest.labelledShare)} of the successful requests are labelled, ${percent(rest.accuracy)} of them right`]),
  row(['ratings', `${percent(rest.ratedShare)} of the successful requests, 1 to 5 in shares ${rest.ratings.map(percent).join(', ')}`]),
  row([
    'resources',
    `every ${rest.resourceEverySeconds} s a variant: ${rest.cpu.base} cores and ${Number((rest.memoryBytes.base / 1e9).toFixed(2))} GB, following the traffic, with AR(1) noise and a slow drift`,
  ]),
  '',
];

/** The whole page. */
export const scenariosPage = (): string =>
  [
    '# Scenarios of the simulator',
    '',
    '<!-- Written by `node scripts/docs-scenarios.ts` from src/backend/scenarios/. Do not edit. -->',
    '',
    'The `simulate` subcommand plays one of these against a running service, over its HTTP interface. A release that it feeds is',
    'labelled as simulated, and it refuses to feed one that is not. Every second of a scenario is a pure function of (scenario, seed,',
    'second, assignment): the same run gives the same events, and what a user does does not depend on the ratio. Outcomes are independent',
    'of each other given the variant; real traffic is less well-behaved.',
    '',
    '## How to run one',
    '',
    '```sh',
    'node dist/backend.js serve --data DIR',
    'node dist/backend.js simulate --url URL --token-file DIR/service.json --scenario finance --duration 7200 --speed 60 --backfill 3600',
    '```',
    '',
    'The second line makes an hour of history in a minute, ending now, and goes on at real speed for another hour. No event lies in the',
    'future. The simulator reads the release twice a second: when somebody changes the ratio, promotes or rolls back, the traffic follows.',
    'Ctrl+C stops it with a summary of what the service took; lost connections are retried, and event ids make that count once.',
    '',
    '```text',
    USAGE,
    '```',
    '',
    '## Planted regressions',
    '',
    'Until its regression begins the canary behaves exactly as the stable version; the stable version never changes. With `--no-regression` the',
    'canary stays so. "Called within" is how long after that second, at the first ratio and with everything since second 0 as evidence, the verdict is',
    '`regressing`.',
    '',
    ...plantedTable(),
    '',
    ...Object.values(SCENARIOS).flatMap(section),
  ]
    .join('\n')
    .trimEnd() + '\n';

if (import.meta.main) {
  const page = scenariosPage();
  if (!process.argv.includes('--check')) writeFileSync(FILE, page);
  else if (readFileSync(FILE, 'utf8') !== page) {
    console.error('docs/scenarios.md is not current: run node scripts/docs-scenarios.ts');
    process.exitCode = 1;
  }
}
