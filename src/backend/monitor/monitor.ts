import { assess } from '../../analysis/assess.ts';
import type { Anomaly, Verdict } from '../../model/assessment.ts';
import type { ServiceRelease } from '../domain/release.ts';
import type { Service } from '../service.ts';
import { historyOf, modelOf } from './asModel.ts';

export interface MonitorAnswer {
  readonly status: 'normal' | 'anomaly';
  readonly message: string;
  readonly release: string;
  /** The canary against the stable over the last hour. */
  readonly verdict: Verdict;
  /** Strange windows of the canary in the last ten minutes. */
  readonly anomalies: readonly Pick<Anomaly, 'metric' | 'from' | 'to' | 'seen' | 'expected' | 'severity'>[];
}

const LOOK_BACK_MS = 3600_000;
const RECENT_MS = 10 * 60_000;
const STEP_SECONDS = 30;
/** An answer is good for so long: nobody fits a forest for every request. */
const FRESH_MS = 5000;
const RELEASES_KEPT = 100;

/** Watches releases for the article's `GET /api/monitor`: the verdict and the forest of src/analysis on what was measured. */
export class Monitor {
  private readonly service: Service;
  private readonly known = new Map<string, { readonly at: number; readonly revision: number; readonly answer: MonitorAnswer }>();

  constructor(service: Service) {
    this.service = service;
  }

  look(release: ServiceRelease): MonitorAnswer {
    const at = this.service.clock.now();
    const known = this.known.get(release.id);
    // A clock that was set back does not make an answer fresh again.
    if (known?.revision === release.revision && at >= known.at && at - known.at < FRESH_MS) return known.answer;
    const answer = this.judge(release, at);
    if (this.known.size >= RELEASES_KEPT) this.known.clear();
    this.known.set(release.id, { at, revision: release.revision, answer });
    return answer;
  }

  private judge(release: ServiceRelease, at: number): MonitorAnswer {
    const from = Math.max(at - LOOK_BACK_MS, 0);
    const { verdict, worst, anomalies } = assess({
      release: modelOf(release),
      evidence: this.service.evidence(release.id, from, at),
      history: historyOf(this.service, release.id, from, at, STEP_SECONDS),
      at,
    });
    const recent = anomalies.filter(({ variant, to }) => variant === 'canary' && to > at - RECENT_MS);
    const strange = recent.filter(({ severity }) => severity === 'major');
    const what = worst ?? strange[0]?.metric ?? null;
    return {
      status: what === null ? 'normal' : 'anomaly',
      message: what === null ? 'No anomaly detected.' : `Anomaly detected: ${what}.`,
      release: release.id,
      verdict,
      anomalies: recent.map(({ metric, from: start, to, seen, expected, severity }) => ({
        metric,
        from: start,
        to,
        seen,
        expected,
        severity,
      })),
    };
  }
}
