import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import {
  averagePathLength,
  fitIsolationForest,
  type IsolationForest,
  type Matrix,
} from '../../../../src/analysis/detect/isolationForest.ts';
import { randomOf } from '../../../../src/analysis/detect/random.ts';
import { scoreSamples } from '../../../../src/analysis/detect/scoreSamples.ts';
import { aucOf, portable } from './portable.ts';

interface SklearnTree {
  readonly left: readonly number[];
  readonly right: readonly number[];
  readonly feature: readonly number[];
  readonly threshold: readonly number[];
  readonly samples: readonly number[];
}

const fixture = JSON.parse(readFileSync(new URL('../../../fixtures/isolationForest.json', import.meta.url), 'utf8')) as {
  readonly subsample: number;
  readonly rows: readonly number[];
  readonly trees: readonly SklearnTree[];
  readonly scores: readonly number[];
  readonly portable: {
    readonly trees: number;
    readonly every: number;
    readonly scores: readonly number[];
    readonly aucOf100Trees: readonly number[];
  };
};

/** An exported forest in our tables: children side by side, leaves pointing to themselves. */
const imported = (trees: readonly SklearnTree[], dims: number, subsample: number): IsolationForest => {
  const [feature, threshold, left, path, roots]: number[][] = [[], [], [], [], []];
  let height = 0;
  const place = (tree: SklearnTree, node: number, at: number, depth: number): void => {
    height = Math.max(height, depth);
    const [a, b] = [tree.left[node]!, tree.right[node]!];
    const leaf = a < 0;
    feature![at] = leaf ? 0 : tree.feature[node]!;
    threshold![at] = leaf ? Infinity : tree.threshold[node]!;
    path![at] = leaf ? depth + averagePathLength(tree.samples[node]!) : 0;
    left![at] = leaf ? at : feature!.length;
    if (leaf) return;
    const child = feature!.length;
    for (const column of [feature!, threshold!, left!, path!]) column.push(0, 0);
    place(tree, a, child, depth + 1);
    place(tree, b, child + 1, depth + 1);
  };
  for (const tree of trees) {
    const root = feature!.length;
    for (const column of [feature!, threshold!, left!, path!]) column.push(0);
    roots!.push(root);
    place(tree, 0, root, 0);
  }
  return {
    dims,
    subsample,
    height,
    roots: Int32Array.from(roots!),
    feature: Int32Array.from(feature!),
    threshold: Float64Array.from(threshold!),
    left: Int32Array.from(left!),
    path: Float64Array.from(path!),
  };
};

const ranksOf = (values: Float64Array): Float64Array => {
  const ranks = new Float64Array(values.length);
  [...values.keys()].sort((a, b) => values[a]! - values[b]!).forEach((index, rank) => (ranks[index] = rank));
  return ranks;
};
const meanOf = (values: Iterable<number>): number => {
  const all = [...values];
  return all.reduce((sum, value) => sum + value, 0) / all.length;
};
const correlation = (a: Float64Array, b: Float64Array): number => {
  const [ma, mb] = [meanOf(a), meanOf(b)];
  let [ab, aa, bb] = [0, 0, 0];
  a.forEach((value, i) => {
    ab += (value - ma) * (b[i]! - mb);
    aa += (value - ma) ** 2;
    bb += (b[i]! - mb) ** 2;
  });
  return ab / Math.sqrt(aa * bb);
};

describe('Isolation Forest', () => {
  const set = portable(10_000, 5);

  it('scores a forest of scikit-learn as scikit-learn does, to 1e-12', () => {
    const forest = imported(fixture.trees, 5, fixture.subsample);
    const scores = scoreSamples(forest, { rows: 200, dims: 5, data: Float64Array.from(fixture.rows) });
    scores.forEach((score, i) =>
      assert.ok(Math.abs(score - fixture.scores[i]!) < 1e-12, `row ${i}: ${score}, scikit-learn ${fixture.scores[i]}`),
    );
  });

  it('a thousand trees agree with a thousand trees of scikit-learn: rms 0.005, rank correlation 0.99', () => {
    assert.equal(set.data[0], -1.0332100428640842, 'the portable set is made right');
    const all = scoreSamples(fitIsolationForest(set, { trees: fixture.portable.trees, seed: 1 }), set);
    const ours = all.filter((_, i) => i % fixture.portable.every === 0);
    const theirs = Float64Array.from(fixture.portable.scores);
    const rms = Math.sqrt(meanOf(ours.map((score, i) => (score - theirs[i]!) ** 2)));
    const spearman = correlation(ranksOf(ours), ranksOf(theirs));
    assert.ok(rms < 0.005, `rms ${rms}`);
    // Two forests of scikit-learn reach 0.996 on all rows; these are 500 of them.
    assert.ok(spearman > 0.99, `rank correlation ${spearman}`);
  });

  it('finds the wide rows as well as scikit-learn: AUC over ten seeds within two standard errors', () => {
    const theirs = fixture.portable.aucOf100Trees;
    const ours = theirs.map((_, seed) => aucOf(scoreSamples(fitIsolationForest(set, { seed }), set), 100));
    const spread = (values: readonly number[]): number =>
      meanOf(values.map((value) => (value - meanOf(values)) ** 2)) / (values.length - 1);
    const limit = 2 * Math.sqrt(spread(theirs) + spread(ours));
    assert.ok(Math.abs(meanOf(ours) - meanOf(theirs)) <= limit, `${meanOf(ours)} against ${meanOf(theirs)}, two standard errors ${limit}`);
  });

  it('c(n) is that of the paper', () => {
    assert.deepEqual([0, 1, 2].map(averagePathLength), [0, 0, 1]);
    assert.ok(Math.abs(averagePathLength(256) - 10.244_770_920_116_9) < 1e-9);
  });

  it('one seed gives one forest, another seed another', () => {
    const small = portable(500, 3);
    const score = (seed: number) => [...scoreSamples(fitIsolationForest(small, { seed }), small)];
    assert.deepEqual(score(3), score(3));
    assert.notDeepEqual(score(3), score(4));
  });

  it('does not depend on the order of the rows to score, nor on their number being odd', () => {
    const forest = fitIsolationForest(set, { seed: 2 });
    const some: Matrix = { rows: 101, dims: 5, data: set.data.slice(0, 505) };
    const turned = new Float64Array(505);
    for (let row = 0; row < 101; row++) turned.set(some.data.subarray(row * 5, row * 5 + 5), (100 - row) * 5);
    assert.deepEqual([...scoreSamples(forest, { ...some, data: turned })], [...scoreSamples(forest, some)].reverse());
  });

  it('a row far from all others scores highest, an ordinary one about a half', () => {
    const random = randomOf(9);
    const data = Float64Array.from({ length: 600 }, () => random());
    data.set([8, 8], 0);
    const matrix = { rows: 300, dims: 2, data };
    const scores = scoreSamples(fitIsolationForest(matrix), matrix);
    assert.equal(scores.indexOf(Math.max(...scores)), 0);
    assert.ok(scores[0]! > 0.7 && Math.abs(meanOf(scores) - 0.47) < 0.05);
  });

  it('separates two rows with no number between them', () => {
    const matrix = { rows: 2, dims: 1, data: Float64Array.of(1, 1 + Number.EPSILON) };
    for (const score of scoreSamples(fitIsolationForest(matrix), matrix)) assert.ok(Math.abs(score - 0.5) < 1e-12, String(score));
  });

  it('constant, single and no rows: a half, no failure; rows of another width are refused', () => {
    const of = (rows: number): Matrix => ({ rows, dims: 2, data: new Float64Array(rows * 2).fill(3) });
    for (const rows of [0, 1, 2, 50]) {
      const forest = fitIsolationForest(of(rows));
      for (const score of scoreSamples(forest, of(3))) assert.ok(Math.abs(score - 0.5) < 1e-12, `${rows} rows: ${score}`);
      assert.equal(scoreSamples(forest, of(0)).length, 0);
      assert.throws(() => scoreSamples(forest, { rows: 1, dims: 3, data: new Float64Array(3) }), RangeError);
    }
  });
});
