import { readFileSync } from 'node:fs';
import path from 'node:path';
import { EMPTY_TALLY } from '../../src/model/evidence.ts';
import type { Anomaly, Assessment, MetricAssessment } from '../../src/model/assessment.ts';
import { formatQuantity } from '../../src/model/format.ts';
import { message, type Message } from '../../src/model/message.ts';
import { METRIC_RULES, type MetricId } from '../../src/model/metric.ts';
import { quantity } from '../../src/model/quantity.ts';
import { keyOf, type Release, type VariantRole } from '../../src/model/release.ts';
import type { History, Series } from '../../src/model/series.ts';
import { fill, type Localizer } from '../../src/platform/localizer.ts';
import type { ReleaseState, SourceState } from '../../src/store/state.ts';
import { buildPanelState, type PanelInput, type PanelWords } from '../../src/views/panelModel.ts';
import type { PanelState } from '../../src/protocol/messages.ts';
import { aRelease } from './release.ts';

export const MINUTE = 60_000;
/** Noon in UTC, so that no test runs over midnight. */
export const NOW = Date.UTC(2026, 2, 4, 12, 0, 5);
const TO = Date.UTC(2026, 2, 4, 12, 0, 0);

const english: Localizer = { locale: 'en', t: (text, args) => fill(text, args) };

/** Keys that are sentences themselves stand for the real texts. */
const translate = (said: Message): string =>
  fill(
    said.key,
    Object.fromEntries(Object.entries(said.args).map(([name, arg]) => [name, typeof arg === 'object' ? formatQuantity(arg, 'en') : arg])),
  );
export const words: PanelWords = { l10n: english, translate };
const chinese = JSON.parse(readFileSync(path.resolve(import.meta.dirname, '../../l10n/bundle.l10n.zh-cn.json'), 'utf8')) as Readonly<
  Record<string, string>
>;
/** The words of the page in Chinese; what stands in for translated sentences stays as it is. */
export const chineseWords: PanelWords = {
  l10n: { locale: 'zh-cn', t: (text, args) => fill(chinese[text] ?? text, args) },
  translate,
};

/** mulberry32: the same picture every time. */
const random = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

const LEVELS: Readonly<Record<MetricId, readonly [level: number, noise: number]>> = {
  requests: [40, 4],
  errorRate: [0.01, 0.006],
  latencyP50: [82, 6],
  latencyP99: [310, 60],
  cpu: [0.42, 0.05],
  memory: [612 * 1024 ** 2, 6 * 1024 ** 2],
  rating: [4.3, 0.15],
  accuracy: [0.931, 0.012],
};

const series = (metric: MetricId, variant: VariantRole, steps: number, stepMs: number, share: (time: number) => number): Series => {
  const next = random(metric.length * 31 + (variant === 'canary' ? 7 : 0));
  const [level, noise] = LEVELS[metric];
  const times = Float64Array.from({ length: steps }, (_, i) => TO - (steps - i) * stepMs);
  const counts = new Float64Array(steps);
  const values = times.map((time, i) => {
    const part = variant === 'canary' ? share(time) : 1 - share(time);
    const late = variant === 'canary' && i > steps * 0.7;
    const n = Math.round((part * 40 * stepMs) / 1000);
    counts[i] = n;
    // The canary has no data for a few steps: a gap that must stay one.
    if (variant === 'canary' && i > steps * 0.3 && i < steps * 0.33) {
      counts[i] = 0;
      return NaN;
    }
    if (n === 0) return NaN;
    const wobble = (next() + next() + next() - 1.5) * noise * (variant === 'canary' ? 1.6 : 1);
    if (metric === 'requests') return part * 40 * (1 + wobble / 60);
    if (metric === 'errorRate') return Math.max(0, level + wobble + (late ? 0.022 : 0));
    return level + wobble + (late && metric.startsWith('latency') ? level * 0.18 : 0);
  });
  return { metric, variant, unit: METRIC_RULES[metric].unit, times, values, counts };
};

/** An hour (or `steps` steps) that ends at NOW: 10 % until 20 minutes before the end, then 20 %, and worse after that. */
export const aHistory = (steps = 120, stepMs = 30_000): History => {
  const change = TO - 0.35 * steps * stepMs;
  const share = (time: number): number => (time < change ? 0.1 : 0.2);
  const metrics: MetricId[] = ['errorRate', 'latencyP50', 'latencyP99', 'accuracy', 'requests', 'cpu', 'memory'];
  return {
    from: TO - steps * stepMs,
    to: TO,
    stepMs,
    series: metrics.flatMap((metric) => [series(metric, 'stable', steps, stepMs, share), series(metric, 'canary', steps, stepMs, share)]),
    changes: [{ time: change, from: 0.1, to: 0.2, by: 'ann', reason: 'errors are flat', action: 'setRatio' }],
  };
};

const anomaly = (
  id: string,
  minutesAgo: number,
  severity: 'minor' | 'major',
  metric: MetricId,
  seen: number,
  low: number,
  high: number,
): Anomaly => ({
  id,
  variant: 'canary',
  metric,
  from: TO - minutesAgo * MINUTE,
  to: TO - (minutesAgo - 1) * MINUTE,
  ongoing: false,
  seenAt: TO - (minutesAgo - 0.5) * MINUTE,
  seen,
  expected: (low + high) / 2,
  band: { low, high },
  score: 0.71,
  severity,
});

export const ANOMALIES: readonly Anomaly[] = [
  anomaly('a1', 15, 'major', 'errorRate', 0.041, 0.006, 0.014),
  anomaly('a2', 9, 'minor', 'latencyP50', 104, 76, 90),
  anomaly('a3', 4, 'major', 'errorRate', 0.038, 0.006, 0.014),
];

const judged = (metric: MetricId, changes: Partial<MetricAssessment>): MetricAssessment => ({
  metric,
  verdict: 'healthy',
  stable: LEVELS[metric][0],
  canary: LEVELS[metric][0],
  effect: 0,
  effectUnit: 'points',
  interval: { low: -0.001, high: 0.001 },
  confidence: 0.999,
  margin: 0.01,
  kind: 'tested',
  counts: { stable: 37_080, canary: 4120 },
  missing: null,
  sentence: message(''),
  ...changes,
});

export const aVerdict = (release: Release): Assessment => ({
  release: keyOf(release),
  at: NOW,
  from: TO - 30 * MINUTE,
  to: TO,
  verdict: 'regressing',
  metrics: [
    judged('errorRate', { verdict: 'regressing', stable: 0.0098, canary: 0.0312, effect: 0.0214, interval: { low: 0.0121, high: 0.0302 } }),
    judged('latencyP50', { stable: 82, canary: 88, effect: 0.073, effectUnit: 'relative', interval: { low: 0.031, high: 0.094 } }),
    judged('accuracy', {
      verdict: 'inconclusive',
      effect: -0.004,
      interval: { low: -0.031, high: 0.022 },
      counts: { stable: 900, canary: 61 },
      missing: { requests: 39, users: 0, minutes: 11.2 },
    }),
    judged('cpu', {
      kind: 'described',
      verdict: 'noData',
      effect: 0.02,
      effectUnit: 'relative',
      interval: null,
      stable: 0.42,
      canary: 0.43,
    }),
    judged('memory', { kind: 'described', verdict: 'noData', effect: null, effectUnit: 'relative', interval: null, canary: null }),
  ],
  worst: 'errorRate',
  sentence: message('The canary fails more often: {canary} against {stable}, {effect} (+1.2 … +3 at 99.9%), {n} requests.', {
    canary: quantity(0.0312, 'ratio'),
    stable: quantity(0.0098, 'ratio'),
    effect: quantity(0.0214, 'points', true),
    n: quantity(4120, 'count'),
  }),
  recommendation: message('Recommended: roll back to v41.'),
  assigned: null,
  anomalies: ANOMALIES,
  caveats: [
    message('Requests of one user are counted as if they were independent.'),
    message('The ratio changed inside the window that was compared.'),
  ],
});

export const aSource = (changes: Partial<SourceState> = {}): SourceState => ({
  id: 'svc',
  kind: 'http',
  name: 'Built-in service',
  pollIntervalMs: 5000,
  status: 'connected',
  snapshot: null,
  error: null,
  lastSuccessAt: NOW - 2000,
  lastSuccessElapsed: 0,
  ...changes,
});

export const aReleaseState = (changes: Partial<ReleaseState> = {}, releaseChanges: Partial<Release> = {}): ReleaseState => {
  const release = aRelease({
    ratio: { unit: 'users', desired: 0.2, actual: 0.1, since: TO - 21 * MINUTE },
    stepIndex: 1,
    stateSince: NOW - 12 * MINUTE,
    createdAt: TO - 90 * MINUTE,
    simulated: true,
    ...releaseChanges,
  });
  return {
    key: keyOf(release),
    release,
    evidence: { from: TO - 30 * MINUTE, to: TO, variants: { stable: EMPTY_TALLY, canary: EMPTY_TALLY } },
    history: null,
    assessment: aVerdict(release),
    pending: null,
    regressingSince: null,
    measureError: null,
    ...changes,
  };
};

/** A whole panel of a release that regresses, changed where a test says so. */
export const aPanel = (changes: Partial<PanelInput> = {}, inWords: PanelWords = words): PanelState =>
  buildPanelState(
    {
      state: aReleaseState(),
      source: aSource(),
      undoable: false,
      history: aHistory(),
      historyStatus: { status: 'ready', text: null },
      coverage: null,
      rangeMinutes: 60,
      from: TO - 60 * MINUTE,
      to: TO,
      now: NOW,
      ...changes,
    },
    inWords,
  );
