/**
 * The one contract between extension host and webview. The host always sends the complete state of a panel; the webview
 * keeps nothing and asks again (`ready`) whenever it is created or shown anew. All text is already in the user's language.
 * Numbers in columns travel as typed arrays (structured clone), times in epoch milliseconds.
 */
import type { Verdict } from '../model/assessment.ts';
import type { MetricId } from '../model/metric.ts';
import type { Unit } from '../model/quantity.ts';
import type { VariantRole } from '../model/release.ts';

/** Raised with every change of shape. A webview and a host of different versions reload the panel instead of guessing. */
export const PROTOCOL_VERSION = 4;

/** The time ranges a person can choose, in minutes; 0 is "since the release began". */
export const RANGES = [15, 60, 360, 1440, 0] as const;
export type RangeMinutes = (typeof RANGES)[number];

export interface PanelAction {
  /** Command of the extension, without arguments: the host knows the release. */
  readonly command: string;
  readonly label: string;
  readonly enabled: boolean;
  /** Why it is disabled, or what it does. */
  readonly title: string;
  readonly tone: 'primary' | 'secondary';
}

/** Which hue and line a column has: stable and canary as everywhere; `wanted` is a ratio that is set, `counted` one that was seen. */
export type PanelTone = 'stable' | 'canary' | 'wanted' | 'counted';

export interface PanelColumn {
  /** Names the column within its chart and over polls, for the legend's toggles. */
  readonly id: string;
  readonly tone: PanelTone;
  readonly label: string;
  /** Holds its value until the next point instead of running towards it. */
  readonly stepped: boolean;
  readonly times: Float64Array;
  /** NaN where there is no data. */
  readonly values: Float64Array;
  /** Interval of each value, for the band; empty where there is none. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Observations behind each value; empty where they are not counted. */
  readonly counts: Float64Array;
}

export interface PanelMarker {
  readonly id: string;
  /** The window `[time, to)` that is strange, epoch milliseconds. */
  readonly time: number;
  readonly to: number;
  readonly ongoing: boolean;
  /** Where the marker stands: `seenAt`, or where the visible part of the window begins while `seenAt` is out of the range (`inRange` false). */
  readonly at: number;
  readonly inRange: boolean;
  /** When `value` was seen. */
  readonly seenAt: number;
  readonly value: number;
  /** What was expected there, and the band of it. */
  readonly expected: number;
  readonly low: number;
  readonly high: number;
  readonly variant: VariantRole;
  readonly severity: 'minor' | 'major';
  /** "error rate 4.1%, expected 0.8% to 1.4%"; the page puts the times to it, in its own time zone. */
  readonly text: string;
}

export interface PanelChart {
  readonly metric: MetricId | 'ratio';
  readonly title: string;
  /** The verdict on this metric; null where it is not judged. */
  readonly verdict: Verdict | null;
  readonly verdictLabel: string | null;
  readonly unit: Unit;
  /** Shares and counts begin at zero. */
  readonly fromZero: boolean;
  readonly columns: readonly PanelColumn[];
  readonly markers: readonly PanelMarker[];
  /** For a screen reader: what the picture shows, in a sentence. */
  readonly summary: string;
}

/** A vertical line in every chart: the ratio changed here. */
export interface PanelEvent {
  readonly time: number;
  /** "10% → 20%" */
  readonly label: string;
  /** Who and why, where known. */
  readonly detail: string | null;
}

export interface PanelCell {
  readonly text: string;
  /** Sorts by this; null sorts last. */
  readonly sort: number | string | null;
  /** A moment (epoch milliseconds) that the page writes in its own time zone instead of `text`. */
  readonly time: number | null;
}

export interface PanelEvidenceRow {
  readonly metric: MetricId;
  readonly verdict: Verdict;
  readonly cells: readonly PanelCell[];
}

export interface PanelAnomalyRow {
  readonly markerId: string;
  readonly metric: MetricId;
  readonly cells: readonly PanelCell[];
}

/** How old the data is and whether it can be trusted now. */
export interface PanelFreshness {
  /** `quiet`: the log is read and nobody writes it any more; what is shown is not wrong, and not of now. */
  readonly status: 'connecting' | 'live' | 'quiet' | 'stale' | 'failed';
  /** "live, 2 s ago", "no data for 40 s" */
  readonly text: string;
  /** Of what `at` is the time: the source's last answer, or the newest line of a log. */
  readonly of: 'answer' | 'line';
  /** When the shown data was true; the webview dims what is stale or failed. */
  readonly at: number | null;
}

/**
 * Whether the verdict is true now. `unmeasured`: it is of `at` (null: there is none), and could not be made again since `since`, for the reason `why`.
 * `past`: the data ended at `at`, and the verdict tells how it was then. The page writes the moments in its own time zone.
 */
export interface PanelStanding {
  readonly status: 'live' | 'unmeasured' | 'past';
  readonly at: number | null;
  readonly since: number | null;
  readonly why: string | null;
}

/** Whether the charts below are of the range that was asked for. `text` says what to do about a failure. */
export interface PanelHistory {
  readonly status: 'loading' | 'ready' | 'failed';
  readonly text: string | null;
}

/** What is wrong with the source, and what can be done about it. */
export interface PanelTrouble {
  readonly text: string;
  readonly actions: readonly PanelAction[];
}

/** Measurements end before now although the source answers; `catchingUp`: they come in faster than time passes. Epoch milliseconds. */
export interface PanelCoverage {
  readonly until: number;
  readonly catchingUp: boolean;
}

export interface PanelState {
  readonly type: 'state';
  readonly version: number;
  readonly releaseKey: string;
  /** BCP 47, for numbers and times in the webview. */
  readonly locale: string;
  readonly title: string;
  /** "v41 → v42" */
  readonly versions: string;
  readonly verdict: Verdict;
  readonly verdictLabel: string;
  /** "10 % (wanted 20 %) of users" */
  readonly ratio: string;
  readonly phase: string;
  readonly simulated: string | null;
  readonly freshness: PanelFreshness;
  readonly standing: PanelStanding;
  readonly sentence: string;
  /**
   * The part with data of the window that the sentence rests on, epoch milliseconds; null without a verdict. `begun`: the data begins inside that
   * window and goes on.
   */
  readonly evidenceWindow: { readonly from: number; readonly to: number; readonly begun: boolean } | null;
  readonly recommendation: string | null;
  readonly caveats: readonly string[];
  readonly actions: readonly PanelAction[];
  /** Null while the source answers. */
  readonly trouble: PanelTrouble | null;
  readonly history: PanelHistory;
  /** Null while the measurements reach now. */
  readonly coverage: PanelCoverage | null;
  /** The host's clock when this was sent, so that ages are right where page and host run on different machines. */
  readonly sentAt: number;
  readonly rangeMinutes: RangeMinutes;
  /** What the charts show; `measuredTo` is the end of the last step that is complete, and may lie before `to`. */
  readonly from: number;
  readonly to: number;
  readonly measuredTo: number;
  readonly charts: readonly PanelChart[];
  readonly events: readonly PanelEvent[];
  readonly evidenceHeader: readonly string[];
  readonly evidence: readonly PanelEvidenceRow[];
  readonly anomalyHeader: readonly string[];
  readonly anomalies: readonly PanelAnomalyRow[];
  /** Fixed labels of the page, by id (see labels.ts beside this file), in the user's language. */
  readonly labels: Readonly<Record<string, string>>;
}

/** The release is not known (any more): after a reload before the source answered, or gone. */
export interface PanelMissing {
  readonly type: 'missing';
  readonly version: number;
  readonly releaseKey: string;
  readonly locale: string;
  readonly title: string;
  /** The source has not answered yet: a wait, not an error. */
  readonly waiting: boolean;
  readonly text: string;
  /** What brings it back, the likeliest first. */
  readonly actions: readonly PanelAction[];
  readonly labels: Readonly<Record<string, string>>;
}

export type HostMessage = PanelState | PanelMissing;

export type WebviewMessage =
  | { readonly type: 'ready'; readonly version: number }
  | { readonly type: 'range'; readonly minutes: RangeMinutes }
  | { readonly type: 'action'; readonly command: string }
  /** Read the history again, after a failure. */
  | { readonly type: 'retry' }
  /** A content-security-policy violation or an uncaught error in the page: goes to the output channel. */
  | { readonly type: 'problem'; readonly text: string };
