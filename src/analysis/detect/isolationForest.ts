import { randomOf, type Uniform } from './random.ts';

/** Rows of `dims` numbers, row after row. */
export interface Matrix {
  readonly rows: number;
  readonly dims: number;
  readonly data: Float64Array;
}

/**
 * Trees in flat tables. Node i sends a row to `left[i]` when `row[feature[i]] <= threshold[i]`, else to `left[i] + 1`. A leaf
 * points to itself with threshold ∞ and holds the path length of the rows that end there; so every row takes `height` steps and no test.
 */
export interface IsolationForest {
  readonly dims: number;
  /** Rows drawn for each tree. */
  readonly subsample: number;
  /** Steps to the deepest leaf of any tree. */
  readonly height: number;
  /** The root of each tree. */
  readonly roots: Int32Array;
  readonly feature: Int32Array;
  readonly threshold: Float64Array;
  readonly left: Int32Array;
  /** Edges from the root plus `averagePathLength` of the training rows in the leaf; 0 in inner nodes. */
  readonly path: Float64Array;
}

export interface FitOptions {
  readonly trees?: number;
  /** At most; a smaller set is used whole. */
  readonly subsample?: number;
  readonly seed?: number;
}

const EULER = 0.5772156649015329;

/** c(n): the mean path length of an unsuccessful search in a binary search tree of n keys; 0 up to 1, 1 for 2. */
export const averagePathLength = (n: number): number => (n <= 1 ? 0 : n === 2 ? 1 : 2 * (Math.log(n - 1) + EULER) - (2 * (n - 1)) / n);

/** Grows one tree after the other into tables that are long enough for all. */
class Grower {
  readonly feature: Int32Array;
  readonly threshold: Float64Array;
  readonly left: Int32Array;
  readonly path: Float64Array;
  used = 0;
  private readonly matrix: Matrix;
  private readonly rows: Int32Array;
  private readonly features: Int32Array;
  private readonly limit: number;
  private readonly random: Uniform;

  constructor(matrix: Matrix, rows: Int32Array, trees: number, random: Uniform) {
    this.matrix = matrix;
    this.rows = rows;
    this.random = random;
    this.limit = Math.ceil(Math.log2(Math.max(rows.length, 2)));
    this.features = Int32Array.from({ length: matrix.dims }, (_, i) => i);
    const size = trees * Math.max(1, 2 * rows.length - 1);
    this.feature = new Int32Array(size);
    this.threshold = new Float64Array(size);
    this.left = new Int32Array(size);
    this.path = new Float64Array(size);
  }

  /** The tree over `rows`, which it reorders. Returns its root. */
  grow(): number {
    const root = this.used++;
    this.split(root, 0, this.rows.length, 0);
    return root;
  }

  private split(node: number, from: number, to: number, depth: number): void {
    const cut = depth < this.limit && to - from > 1 ? this.draw(from, to) : null;
    if (!cut) {
      this.threshold[node] = Infinity;
      this.left[node] = node;
      this.path[node] = depth + averagePathLength(to - from);
      return;
    }
    const middle = this.partition(from, to, cut.feature, cut.threshold);
    const left = this.used;
    this.used += 2;
    this.feature[node] = cut.feature;
    this.threshold[node] = cut.threshold;
    this.left[node] = left;
    this.split(left, from, middle, depth + 1);
    this.split(left + 1, middle, to, depth + 1);
  }

  /** A feature that varies in these rows, each as likely as the other, and a threshold between its ends; null when none varies. */
  private draw(from: number, to: number): { readonly feature: number; readonly threshold: number } | null {
    const { data, dims } = this.matrix;
    for (let left = dims; left > 0; left--) {
      const at = Math.floor(this.random() * left);
      const feature = this.features[at] ?? 0;
      this.features[at] = this.features[left - 1] ?? 0;
      this.features[left - 1] = feature;
      let low = Infinity;
      let high = -Infinity;
      for (let i = from; i < to; i++) {
        const value = data[(this.rows[i] ?? 0) * dims + feature] ?? 0;
        if (value < low) low = value;
        if (value > high) high = value;
      }
      if (low < high) {
        const threshold = low + this.random() * (high - low);
        // Rounding may reach the upper end, which would leave one side empty.
        return { feature, threshold: threshold < high ? threshold : low };
      }
    }
    return null;
  }

  private partition(from: number, to: number, feature: number, threshold: number): number {
    const { data, dims } = this.matrix;
    let middle = from;
    for (let i = from; i < to; i++) {
      const row = this.rows[i] ?? 0;
      if ((data[row * dims + feature] ?? 0) > threshold) continue;
      this.rows[i] = this.rows[middle] ?? 0;
      this.rows[middle++] = row;
    }
    return middle;
  }
}

/**
 * Fits an Isolation Forest: each tree splits a random subsample (without replacement) at random features and thresholds until a row is alone
 * or the height reaches log2 of the subsample. Defaults: 100 trees, 256 rows. Deterministic in `seed`. Values must be finite.
 * Fewer than two rows give a forest that calls everything 0.5. O(trees · subsample · log subsample), whatever the number of rows.
 * Source: Liu, Ting & Zhou, Isolation Forest, ICDM 2008; the choice among features that still vary is scikit-learn's.
 */
export const fitIsolationForest = (matrix: Matrix, options: FitOptions = {}): IsolationForest => {
  const trees = options.trees ?? 100;
  const subsample = Math.min(options.subsample ?? 256, matrix.rows);
  const random = randomOf(options.seed ?? 0);
  const all = Int32Array.from({ length: matrix.rows }, (_, i) => i);
  const drawn = all.subarray(0, subsample);
  const grower = new Grower(matrix, drawn, trees, random);
  const roots = new Int32Array(trees);
  for (let tree = 0; tree < trees; tree++) {
    for (let i = 0; i < subsample; i++) {
      const j = i + Math.floor(random() * (matrix.rows - i));
      const row = all[i] ?? 0;
      all[i] = all[j] ?? 0;
      all[j] = row;
    }
    roots[tree] = grower.grow();
  }
  const { used, feature, threshold, left, path } = grower;
  return {
    dims: matrix.dims,
    subsample,
    height: Math.ceil(Math.log2(Math.max(subsample, 2))),
    roots,
    feature: feature.slice(0, used),
    threshold: threshold.slice(0, used),
    left: left.slice(0, used),
    path: path.slice(0, used),
  };
};
