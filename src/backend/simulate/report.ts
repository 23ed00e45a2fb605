import type { Phase, ReleaseStatus } from '../../model/release.ts';
import type { PlantedRegression } from '../scenarios/scenario.ts';
import type { Counts } from './counts.ts';

/** What a run tells. One JSON object a line with --json, else a line of text. */
export type Report =
  | {
      readonly type: 'start';
      readonly release: string;
      readonly created: boolean;
      readonly phase: Phase;
      readonly ratio: number;
      readonly scenario: string;
      readonly seed: number;
      /** Epoch milliseconds of second 0. */
      readonly start: number;
      /** The second at which this run begins: above 0 where the release has been fed before. */
      readonly first: number;
      readonly duration: number;
      readonly speed: number;
      readonly backfill: number;
      readonly regression: PlantedRegression | null;
    }
  | {
      readonly type: 'progress';
      readonly second: number;
      readonly of: number;
      readonly events: number;
      readonly ratio: number;
      readonly live: boolean;
    }
  | { readonly type: 'regression'; readonly second: number; readonly time: number; readonly metric: string }
  | {
      readonly type: 'release';
      readonly second: number;
      readonly phase: Phase;
      readonly state: ReleaseStatus;
      readonly from: number;
      readonly to: number;
    }
  | { readonly type: 'retry'; readonly attempt: number; readonly detail: string }
  | { readonly type: 'rejected'; readonly count: number; readonly reason: string }
  | {
      readonly type: 'end';
      readonly stopped: 'finished' | 'interrupted' | 'failed';
      readonly release: string;
      /** Epoch milliseconds, `[from, to)`. */
      readonly from: number;
      readonly to: number;
      readonly seconds: number;
      readonly events: number;
      /** Of the events, those that the service had already. */
      readonly duplicates: number;
      readonly rejected: number;
      readonly retries: number;
      readonly users: number;
      readonly variants: Counts;
    };

const percent = (ratio: number): string => `${Number((ratio * 100).toFixed(3))} %`;
const count = (value: number): string => value.toLocaleString('en-US');
const clock = (seconds: number): string =>
  [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds) % 60]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');

const effectText = (planted: PlantedRegression): string =>
  `${planted.effect > 0 ? '+' : '−'}${Number((Math.abs(planted.effect) * 100).toFixed(3))} ${planted.effectUnit === 'points' ? 'points' : '%'}`;

const plantedText = (planted: PlantedRegression | null, duration: number): string =>
  planted === null || planted.second >= duration
    ? `no regression is planted${planted === null ? '' : ' in this time'}`
    : `planted regression: ${planted.metric} ${effectText(planted)} on the canary from ${clock(planted.second)} on`;

const variantText = (name: string, counts: Counts[keyof Counts]): string =>
  `  ${name}: ${count(counts.requests)} requests, ${count(counts.errors)} errors, ${count(counts.correct)} of ${count(counts.predictions)} predictions right, ${count(counts.ratings)} ratings`;

export const textOf = (report: Report): string => {
  switch (report.type) {
    case 'start':
      return [
        `Simulated traffic for release ${report.release} (${report.created ? 'created now' : 'found'}, ${report.phase}, ${percent(report.ratio)} canary).`,
        `${report.scenario}, seed ${report.seed}, ${clock(report.duration)} from ${new Date(report.start + report.first * 1000).toISOString()} on, ${report.speed} times real speed until now; ${plantedText(report.regression, report.first + report.duration)}.`,
      ].join('\n');
    case 'progress':
      return `${clock(report.second)} of ${clock(report.of)}  ${count(report.events)} events  ${percent(report.ratio)} canary${report.live ? '  live' : ''}`;
    case 'regression':
      return `${clock(report.second)}  the planted regression begins (${report.metric})`;
    case 'release':
      return `${clock(report.second)}  the release moved: ${percent(report.from)} → ${percent(report.to)}, ${report.phase}, ${report.state}`;
    case 'retry':
      return `the service does not answer (${report.detail}), trying again`;
    case 'rejected':
      return `the service rejected ${count(report.count)} events: ${report.reason}`;
    case 'end':
      return [
        `${report.stopped === 'finished' ? 'Finished' : report.stopped === 'interrupted' ? 'Stopped' : 'Failed'} after ${clock(report.seconds)}: ${count(report.events)} events of ${count(report.users)} users, ${count(report.rejected)} rejected, ${count(report.retries)} retries.`,
        variantText('stable', report.variants.stable),
        variantText('canary', report.variants.canary),
      ].join('\n');
  }
};
