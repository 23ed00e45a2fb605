/**
 * What looking every minute costs. Many releases, two hours each, judged every minute on the last hour: how many healthy ones are called regressing
 * at any look, and how long it takes to call one that is really worse. The peer is what one does without thinking of it: a 95 % test of each
 * metric at every look, without a margin.
 *
 * In some the ratio is raised twice while errors and response times drift on both sides alike. There `…_called_percent` is the product: stretches
 * of one ratio, as the history tells them; `…_unannounced_…` the same with the stretches read off the traffic, as for logs; `…_mixed_…` what the
 * same tests say over the whole window. `…_cleared_percent`: releases that are worse and were called healthy at any look.
 *
 *   node bench/peeking.ts [--releases 300] [--seed 1] [--write]
 *
 * `--write` puts what it found into docs/false-alarms.md.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { randomOf } from '../src/analysis/detect/random.ts';
import { HEALTHY, LOOKS, SHAPES, watch, type First } from './peeking/simulate.ts';
import { report } from './report.ts';

const { values } = parseArgs({
  options: {
    releases: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    write: { type: 'boolean', default: false },
  },
});
const RELEASES = Number(values.releases);

const percentCalled = (first: readonly (number | null)[]): number => (100 * first.filter((look) => look !== null).length) / first.length;
const medianLook = (first: readonly (number | null)[]): number =>
  first.map((look) => look ?? Infinity).sort((a, b) => a - b)[first.length >> 1] ?? NaN;

/** A row of the page: what of each shape was called regressing, and how soon where that is right. */
const rows: string[] = [];
const figures = { ours: {} as Record<string, number>, peer: {} as Record<string, number> };
for (const [index, shape] of SHAPES.entries()) {
  const random = randomOf(Number(values.seed) * 1000 + index);
  const runs = Array.from({ length: RELEASES }, () => watch(shape, random));
  const key = shape.name.replace(/[^a-z0-9]+/gi, '_').replace(/_$/, '');
  const add = (side: 'ours' | 'peer', name: string, first: readonly First[]): void => {
    const called = first.map(({ regressing }) => regressing);
    figures[side][`${name}_called_percent`] = percentCalled(called);
    if (shape.worse === HEALTHY) return;
    figures[side][`${name}_median_minutes`] = medianLook(called);
    if (shape.raised) figures[side][`${name}_cleared_percent`] = percentCalled(first.map(({ healthy }) => healthy));
  };
  add(
    'ours',
    key,
    runs.map((run) => run.ours),
  );
  add(
    'peer',
    key,
    runs.map((run) => run.naive),
  );
  const called = (first: readonly First[]): string => {
    const looks = first.map(({ regressing }) => regressing);
    const count = looks.filter((look) => look !== null).length;
    const soon = shape.worse === HEALTHY || count * 2 <= looks.length ? '' : `, half of them within ${medianLook(looks)} min`;
    return `${count} (${percentCalled(looks).toFixed(1)} %)${soon}`;
  };
  rows.push(`| ${shape.name} | ${called(runs.map((run) => run.ours))} | ${called(runs.map((run) => run.naive))} |`);
  if (!shape.raised) continue;
  for (const way of ['unannounced', 'mixed'] as const) {
    add(
      'ours',
      `${key}_${way}`,
      runs.map((run) => run[way]),
    );
  }
}
report({
  bench: 'peeking',
  peerName: '95 % tests at every look, no margin',
  ...figures,
  note: `${RELEASES} releases of ${LOOKS} looks each; with none called in n, at most 3/n are (95 % confidence): ${(300 / RELEASES).toFixed(1)} %`,
});
if (values.write) {
  const page = `# False alarms of somebody who looks every minute

Written by \`npm run bench -- peeking --write\`: ${RELEASES} simulated releases of each kind, seed ${values.seed}, looked at every minute for ${LOOKS / 60} hours on the last
hour's evidence. How many were called regressing at any look, by this extension and by a 95 % test of each metric at every look without a margin.

| release | Rollout Lens | 95 % tests, no margin |
|---|---|---|
${rows.join('\n')}

"Healthy, thin" has a tenth of the traffic. In "bursts of 5" each user makes five requests in a row which fail together or not at all, and its
users are known; the verdict takes requests for independent, so it is surer than it should be, and says so beside the verdict from three requests
a user on. "Raised" releases go from 5 % to 20 % to 50 % while errors and response times drift on both sides alike. With none called in n, at most
3/n are (95 % confidence): ${(300 / RELEASES).toFixed(1)} %.
`;
  writeFileSync(path.join(import.meta.dirname, '../docs/false-alarms.md'), page);
}
