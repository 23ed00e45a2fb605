/**
 * Isolation Forest of 100 trees on 256 rows each: fitting, and scoring every row. The peer is the npm package isolation-forest on the same rows.
 * Quality beside speed: the AUC of both on the rows' known outliers (the first hundredth is four times as wide).
 *
 *   node bench/iforest.ts [--rows 10000] [--runs 5]
 */
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import { IsolationForest as PeerForest } from 'isolation-forest';
import { fitIsolationForest, type Matrix } from '../src/analysis/detect/isolationForest.ts';
import { randomOf } from '../src/analysis/detect/random.ts';
import { scoreSamples } from '../src/analysis/detect/scoreSamples.ts';
import { inTurn, report, type Figures } from './report.ts';

const { values } = parseArgs({ options: { rows: { type: 'string', default: '10000' }, runs: { type: 'string', default: '5' } } });
const ROWS = Number(values.rows);
const DIMS = 5;

const random = randomOf(12_345);
const data = Float64Array.from({ length: ROWS * DIMS }, (_, i) => {
  const value = random() + random() + random() + random() - 2;
  return i < (ROWS / 100) * DIMS ? 4 * value : value;
});
const matrix: Matrix = { rows: ROWS, dims: DIMS, data };
/** The peer takes objects; making them is not counted against it. */
const objects = Array.from({ length: ROWS }, (_, row) =>
  Object.fromEntries(Array.from(data.subarray(row * DIMS, row * DIMS + DIMS), (value, dim): [string, number] => [`f${dim}`, value])),
);

const aucOf = (scores: ArrayLike<number>): number => {
  const positives = ROWS / 100;
  const order = Array.from({ length: ROWS }, (_, i) => i).sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0));
  let below = 0;
  let wins = 0;
  for (const index of order) {
    if (index < positives) wins += below;
    else below++;
  }
  return wins / (positives * (ROWS - positives));
};

const timed = (fit: () => () => ArrayLike<number>): Figures => {
  const start = performance.now();
  const score = fit();
  const fitted = performance.now();
  const scores = score();
  const end = performance.now();
  return { fit_ms: fitted - start, score_ms: end - fitted, auc: aucOf(scores) };
};

let seed = 0;
const ours = (): Figures =>
  timed(() => {
    const forest = fitIsolationForest(matrix, { seed: seed++ });
    return () => scoreSamples(forest, matrix);
  });
const peer = (): Figures =>
  timed(() => {
    const forest = new PeerForest(100, 256);
    forest.fit(objects);
    return () => forest.predict(objects);
  });

const { version } = createRequire(import.meta.url)('isolation-forest/package.json') as { version: string };
const measured = await inTurn(Number(values.runs), ours, peer);
report({ bench: 'iforest', peerName: `isolation-forest ${version} (npm), ${ROWS} rows × ${DIMS}`, ...measured });
