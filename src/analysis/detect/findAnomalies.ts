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
/** A window is strange when it scores above this share of the stable's own windows. */
const STRANGE = 0.9;

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
 * The stable's rows with half a standard deviation of noise: a metric in which it never moved (no error all hour) would otherwise be one in which
 * no tree ever splits, and so one in which nothing could be strange.
 */
const loosened = (matrix: Matrix): Matrix => {
  const random = randomOf(SEED);
  const noise = (): number => 0.5 * normalQuantile(random() || 0.5);
  return { ...matrix, data: matrix.data.map((value) => Math.abs(value + noise())) };
};

const quantileOf = (values: Float64Array, p: number): number => {
  const sorted = values.toSorted();
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] ?? NaN;
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
 * Runs of windows of a variant unlike the stable's, oldest first. An Isolation Forest is fitted on the stable's windows, in standard deviations
 * from the stable's level, and calibrated on their scores: a run counts only when the forest finds one of its windows stranger than nine in
 * ten of the stable's. Because a forest scores everything beyond its training range alike, however far, the run must also deviate by
 * more than noise and by more than what matters in practice, in a metric that can be named; see `runsOf` and `featureOf`.
 * Nothing with fewer than twenty windows (ten minutes) of the stable.
 */
export const findAnomalies = (history: History): readonly Anomaly[] => {
  const windows = windowsOf(history);
  const features = featuresOf(windows, history);
  if (windows.starts.length < MINIMUM_WINDOWS || features.length === 0) return [];
  const stable = rowsOf(features, 'stable', windows.starts.length);
  const training = loosened(stable.matrix);
  const forest = fitIsolationForest(training, { seed: SEED });
  const threshold = quantileOf(scoreSamples(forest, training), STRANGE);
  const anomalies = (['stable', 'canary'] as const).flatMap((variant) => {
    const { matrix, index } = variant === 'stable' ? stable : rowsOf(features, 'canary', windows.starts.length);
    const scores = new Float64Array(windows.starts.length);
    scoreSamples(forest, matrix).forEach((score, row) => (scores[index[row] ?? 0] = score));
    // A share that moved is said once, of the canary.
    const told = variant === 'canary' ? features : features.filter(({ metric }) => metric !== 'requests');
    return runsOf(told, variant).flatMap((run) => {
      const score = Math.max(...scores.subarray(run.from, run.to + 1));
      return score > threshold ? [anomalyOf(variant, run, score, windows)] : [];
    });
  });
  return anomalies.sort((a, b) => a.from - b.from);
};
