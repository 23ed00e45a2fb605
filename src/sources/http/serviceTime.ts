import type { Evidence } from '../../model/evidence.ts';
import type { Decoded } from '../../base/decode.ts';
import type { Log } from '../../base/log.ts';
import type { decodeAudit, decodeMetrics, WireRelease } from './wire.ts';

/** The header Date has whole seconds, and an answer takes its time: a smaller difference is none. */
const NOTICED_MS = 3_000;
const TOLD_MS = 30_000;
/** An answer that took longer says too little of when the service wrote its date. */
const SLOW_ANSWER_MS = 4_000;

type Metrics = Decoded<typeof decodeMetrics>;
type Audit = Decoded<typeof decodeAudit>;

/**
 * Two machines, two clocks. What the service dates is given to the rest of the product by this machine's clock, and what is asked for
 * is asked by the service's; otherwise a window that ends "now" would miss the newest minutes. Learned from the header Date.
 */
export class ServiceTime {
  private readonly log: Log;
  /** How far the service's clock is ahead of ours, milliseconds; whole seconds, so that steps stay whole. */
  private aheadMs = 0;

  constructor(log: Log) {
    this.log = log;
  }

  /** An answer that was asked for at `sentAt` and complete at `receivedAt` had this header. */
  heard(date: string | undefined, sentAt: number, receivedAt: number): void {
    const said = date === undefined ? NaN : Date.parse(date);
    if (!Number.isFinite(said) || receivedAt - sentAt > SLOW_ANSWER_MS) return;
    const ahead = said + 500 - (sentAt + receivedAt) / 2;
    if (Math.abs(ahead - this.aheadMs) < NOTICED_MS) return;
    this.aheadMs = Math.abs(ahead) < NOTICED_MS ? 0 : Math.round(ahead / 1000) * 1000;
    if (Math.abs(this.aheadMs) >= TOLD_MS) {
      const seconds = String(Math.abs(this.aheadMs) / 1000);
      this.log.warn(
        `The clock of a service is ${seconds} s ${this.aheadMs > 0 ? 'ahead of' : 'behind'} this machine's: its times are shown by this machine's clock.`,
      );
    }
  }

  toService(time: number): number {
    return Math.max(0, time + this.aheadMs);
  }

  release(wire: WireRelease): WireRelease {
    if (this.aheadMs === 0) return wire;
    const { createdAt, updatedAt, ratioSince, stateSince, pauseEndsAt } = wire;
    return {
      ...wire,
      createdAt: this.moment(createdAt),
      updatedAt: this.moment(updatedAt),
      ratioSince: this.moment(ratioSince),
      stateSince: this.moment(stateSince),
      pauseEndsAt: this.moment(pauseEndsAt),
    };
  }

  evidence(evidence: Evidence): Evidence {
    return { ...evidence, from: evidence.from - this.aheadMs, to: evidence.to - this.aheadMs };
  }

  metrics(metrics: Metrics): Metrics {
    if (this.aheadMs === 0) return metrics;
    const series = metrics.series.map((one) => ({ ...one, times: one.times.map((time) => time - this.aheadMs) }));
    return { ...metrics, from: metrics.from - this.aheadMs, to: metrics.to - this.aheadMs, series };
  }

  audit(audit: Audit): Audit {
    return { entries: audit.entries.map((entry) => ({ ...entry, time: entry.time - this.aheadMs })) };
  }

  private moment(time: number | null): number | null {
    return time === null ? null : time - this.aheadMs;
  }
}
