import type { Anomaly } from '../../model/assessment.ts';
import { METRIC_RULES } from '../../model/metric.ts';
import type { VariantRole } from '../../model/release.ts';
import type { History } from '../../model/series.ts';
import { FEATURE_RULES, featureOf, MINIMUM_WINDOWS, type Feature } from './features.ts';
import { fitIsolationForest, type Matrix } from './isolationForest.ts';
import { normalQuantile } from '../stats/normalQuantile.ts';
import { randomOf } from './random.ts';
import { runsOf, type Run } from './runs.ts';
import { scoreSamples } from './scoreSamples.ts';
import { shareFeatureOf } from './shareFeature.ts';
import { windowsOf, type Windows } from './windows.ts';

const SEED = 20_260_101;
/** Rows to draw the trees' subsamples from: four times as many as one tree takes. */
const TRAINING_ROWS = 1024;

const featuresOf = (windows: Windows, history: History): readonly Feature[] => {
  const features: (Feature | null)[] = FEATURE_RULES.map((rule) => {
    const stable = windows.column(rule.metric, 'stable');
    const canary = windows.column(rule.metric, 'canary');
    return stable && canary ? featureOf(rule, stable, canary) : null;
  });
  return [...features, shareFeatureOf(windows, history.changes)].filter((feature) => feature !== null);
};

/**
 * The windows of a variant in which anything is known, as rows for the forest: how far each feature is off, 0 where it is unknown. Without
 * the direction, so that strange means far off, at the one end of the range where the forest isolates soonest.
 */
const rowsOf = (
  features: readonly Feature[],
  variant: VariantRole,
  length: number,
): { readonly matrix: Matrix; readonly index: Int32Array } => {
  const known = Array.from({ length }, (_, i) => i).filter((i) => features.some((feature) => !Number.isNaN(feature[variant].z[i] ?? NaN)));
  const data = new Float64Array(known.length * features.length);
  known.forEach((i, row) =>
    features.forEach((feature, dim) => {
      const z = feature[variant].z[i] ?? NaN;
      data[row * features.length + dim] = Number.isNaN(z) ? 0 : Math.abs(z);
    }),
  );
  return { matrix: { rows: known.length, dims: features.length, data }, index: Int32Array.from(known) };
};

/**
 * What the forest learns from: the stable's rows over and over, each time with another half standard deviation of noise (a smoothed bootstrap). An
 * hour has too few windows to fill a tree, and a metric in which the stable never moved (no error all hour) would be one in which no tree ever
 * splits, and so one in which nothing could be strange.
 */
const smoothed = ({ rows, dims, data }: Matrix): Matrix => {
  const random = randomOf(SEED);
  const copies = Math.ceil(TRAINING_ROWS / Math.max(1, rows));
  const noisy = Float64Array.from({ length: copies * data.length }, (_, i) =>
    Math.abs((data[i % data.length] ?? 0) + 0.5 * normalQuantile(random() || 0.5)),
  );
  return { rows: copies * rows, dims, data: noisy };
};

/**
 * How surprising a score is to who knows only the stable: −ln of the share of the stable's windows that score as high. 0.7 for a middling one, 2.3
 * for one in ten, 6.9 for one beyond all of 1024. Its mean over the stable's own windows is 1.
 */
const surpriseOf = (calibration: Float64Array): ((score: number) => number) => {
  const sorted = calibration.toSorted();
  return (score) => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle] ?? 0) < score) low = middle + 1;
      else high = middle;
    }
    return -Math.log((sorted.length - low + 1) / (sorted.length + 1));
  };
};

const harms = ({ feature, direction }: Run): boolean => METRIC_RULES[feature.metric].harm === (direction > 0 ? 'up' : 'down');

const anomalyOf = (variant: VariantRole, run: Run, score: number, windows: Windows): Anomaly => {
  const { feature, from, to, peak } = run;
  const start = windows.starts[from] ?? NaN;
  const of = feature[variant];
  return {
    id: `${variant}/${feature.metric}/${start}`,
    variant,
    metric: feature.metric,
    from: start,
    to: (windows.starts[to] ?? NaN) + windows.windowMs,
    ongoing: run.open,
    seenAt: windows.starts[peak] ?? NaN,
    seen: of.seen[peak] ?? NaN,
    expected: of.expected[peak] ?? NaN,
    band: { low: of.low[peak] ?? NaN, high: of.high[peak] ?? NaN },
    score,
    severity: run.strong && harms(run) ? 'major' : 'minor',
  };
};

/**
 * Runs of windows of a variant unlike the stable's, oldest first. An Isolation Forest is fitted on the stable's windows, over all metrics together in
 * standard deviations from the stable's level, and calibrated on their scores: of every window of either variant it says how surprising it
 * is to who knows only the stable (`surpriseOf`). Because a forest scores all beyond its training range alike, however far, and names no
 * metric, a control chart a metric adds up how far the windows are off, each counting no more than the forest is surprised by it: so a run is more
 * than noise explains, more than matters in practice, and not what the stable itself does every few minutes; see `runsOf` and `featureOf`.
 * Nothing with fewer than twenty windows (ten minutes) of the stable. Source of the forest: F. T. Liu, K. M. Ting, Z.-H. Zhou, ICDM 2008, 413.
 */
export const findAnomalies = (history: History): readonly Anomaly[] => {
  const windows = windowsOf(history);
  const features = featuresOf(windows, history);
  if (windows.starts.length < MINIMUM_WINDOWS || features.length === 0) return [];
  const stable = rowsOf(features, 'stable', windows.starts.length);
  const training = smoothed(stable.matrix);
  const forest = fitIsolationForest(training, { seed: SEED });
  const surprise = surpriseOf(scoreSamples(forest, training));
  const anomalies = (['stable', 'canary'] as const).flatMap((variant) => {
    const { matrix, index } = variant === 'stable' ? stable : rowsOf(features, 'canary', windows.starts.length);
    const scores = new Float64Array(windows.starts.length);
    scoreSamples(forest, matrix).forEach((score, row) => (scores[index[row] ?? 0] = score));
    // A share that moved is said once, of the canary.
    const told = variant === 'canary' ? features : features.filter(({ metric }) => metric !== 'requests');
    const runs = runsOf(told, variant, scores.map(surprise));
    return runs.map((run) => anomalyOf(variant, run, Math.max(...scores.subarray(run.from, run.to + 1)), windows));
  });
  return anomalies.sort((a, b) => a.from - b.from);
};
