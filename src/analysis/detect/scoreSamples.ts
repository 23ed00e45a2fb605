/* eslint-disable @typescript-eslint/no-non-null-assertion -- every index comes from the tables or the loop bounds; defaults cost a third of the time */
import { averagePathLength, type IsolationForest, type Matrix } from './isolationForest.ts';

/** Rows that stay in the processor's cache while one tree after the other sees them. */
const BLOCK = 4096;

/**
 * Anomaly score of each row, 2^(−E[h]/c(ψ)) with E[h] the mean path length over the trees: about 0.5 for an ordinary row, towards 1 for one that
 * random splits isolate at once. It is the negative of scikit-learn's `score_samples`. A row beyond the training range scores like its
 * nearest edge. Throws RangeError when the rows have another width than the training rows. Empty input gives an empty answer.
 */
export const scoreSamples = (forest: IsolationForest, matrix: Matrix): Float64Array => {
  const { dims, height, roots, feature, threshold, left, path, subsample } = forest;
  const { rows, data } = matrix;
  if (matrix.dims !== dims) throw new RangeError(`the forest knows ${dims} features, the rows have ${matrix.dims}`);
  const scores = new Float64Array(rows);
  for (let block = 0; block < rows; block += BLOCK) {
    const end = Math.min(rows, block + BLOCK);
    for (const root of roots) {
      for (let row = block; row < end; row += 2) {
        // Two rows at once: the processor walks one while it waits for the other. An odd last row walks beside itself.
        const second = Math.min(row + 1, end - 1);
        const at1 = row * dims;
        const at2 = second * dims;
        let node1 = root;
        let node2 = root;
        for (let step = 0; step < height; step++) {
          node1 = left[node1]! + Number(data[at1 + feature[node1]!]! > threshold[node1]!);
          node2 = left[node2]! + Number(data[at2 + feature[node2]!]! > threshold[node2]!);
        }
        scores[row]! += path[node1]!;
        if (second > row) scores[second]! += path[node2]!;
      }
    }
  }
  const scale = roots.length * averagePathLength(subsample);
  for (let row = 0; row < rows; row++) scores[row] = scale === 0 ? 0.5 : 2 ** (-(scores[row] ?? 0) / scale);
  return scores;
};
