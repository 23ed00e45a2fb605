import type { Matrix } from '../../../../src/analysis/detect/isolationForest.ts';

/** The portable set: any language makes the same rows. The first hundredth is four times as wide as the rest. */
export const portable = (rows: number, dims: number): Matrix => {
  let state = 12_345n;
  const data = new Float64Array(rows * dims);
  for (let i = 0; i < data.length; i++) {
    let total = 0;
    for (let k = 0; k < 4; k++) {
      state = (1_103_515_245n * state + 12_345n) % 2n ** 31n;
      total += Number(state) / 2 ** 31;
    }
    data[i] = (total - 2) * (i < (rows / 100) * dims ? 4 : 1);
  }
  return { rows, dims, data };
};

/** The chance that one of the first `positives` scores higher than one of the rest. */
export const aucOf = (scores: Float64Array, positives: number): number => {
  const order = Array.from(scores.keys()).sort((a, b) => scores[a]! - scores[b]!);
  let below = 0;
  let wins = 0;
  for (const index of order) {
    if (index < positives) wins += below;
    else below++;
  }
  return wins / (positives * (scores.length - positives));
};
