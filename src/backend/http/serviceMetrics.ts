import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Counted } from '../events/ingest.ts';
import { CLIENT_ERROR, SERVER_ERROR } from '../events/cell.ts';
import type { ServiceRelease } from '../domain/release.ts';

const PREFIX = 'rollout_lens_';
const PER_VARIANT = ['release', 'variant'] as const;
type Label = (typeof PER_VARIANT)[number];

/** What the service exports to Prometheus. Counters begin at zero with the process, as Prometheus expects. */
export class ServiceMetrics {
  readonly registry = new Registry();
  private readonly requests = this.counter('requests_total', 'Requests of a variant');
  private readonly errors = this.counter('request_errors_total', 'Requests with status 500 and above');
  private readonly clientErrors = this.counter('request_client_errors_total', 'Requests with status 4xx');
  private readonly predictions = this.counter('predictions_total', 'Predictions whose truth is known');
  private readonly correct = this.counter('predictions_correct_total', 'Predictions that were right');
  private readonly ratings = this.counter('ratings_total', 'Ratings by users');
  private readonly ratingSum = this.counter('rating_sum_total', 'Sum of the ratings');
  private readonly cpu = this.gauge('cpu_cores', 'Last CPU use told, in cores', PER_VARIANT);
  private readonly memory = this.gauge('memory_bytes', 'Last memory use told', PER_VARIANT);
  private readonly latency: Histogram<Label>;
  private readonly ratio = this.gauge('release_ratio', 'Intended share of users on the canary, 0..1', ['release']);
  private readonly phase: Gauge<'release' | 'phase' | 'state'>;
  private readonly http: Histogram<'method' | 'route' | 'status'>;

  constructor() {
    collectDefaultMetrics({ register: this.registry });
    this.latency = new Histogram({
      name: `${PREFIX}response_time_seconds`,
      help: 'Response times of a variant',
      labelNames: PER_VARIANT,
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers: [this.registry],
    });
    this.phase = new Gauge({
      name: `${PREFIX}release_info`,
      help: 'Phase and state of a release, always 1',
      labelNames: ['release', 'phase', 'state'],
      registers: [this.registry],
    });
    this.http = new Histogram({
      name: `${PREFIX}http_request_duration_seconds`,
      help: "The service's own answers",
      labelNames: ['method', 'route', 'status'],
      buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
      registers: [this.registry],
    });
  }

  observeHttp(method: string, route: string, status: number, seconds: number): void {
    this.http.observe({ method, route, status: String(status) }, seconds);
  }

  count(counted: readonly Counted[]): void {
    for (const item of counted) this.countOne(item);
  }

  setReleases(releases: readonly ServiceRelease[]): void {
    this.ratio.reset();
    this.phase.reset();
    for (const { id: release, ratio, phase, state } of releases) {
      this.ratio.set({ release }, ratio);
      this.phase.set({ release, phase, state }, 1);
    }
  }

  private countOne({ event, release, variant }: Counted): void {
    const labels = { release, variant };
    switch (event.kind) {
      case 'request':
        this.requests.inc(labels);
        if (event.status !== null && event.status >= SERVER_ERROR) this.errors.inc(labels);
        else if (event.status !== null && event.status >= CLIENT_ERROR) this.clientErrors.inc(labels);
        if (event.latencyMs !== null) this.latency.observe(labels, event.latencyMs / 1000);
        return;
      case 'prediction':
        this.predictions.inc(labels);
        if (event.correct === true) this.correct.inc(labels);
        return;
      case 'feedback':
        this.ratings.inc(labels);
        // A counter cannot fall: ratings below zero are left out of the export.
        this.ratingSum.inc(labels, Math.max(0, event.rating ?? 0));
        return;
      case 'resource':
        if (event.cpu !== null) this.cpu.set(labels, event.cpu);
        if (event.memoryBytes !== null) this.memory.set(labels, event.memoryBytes);
        return;
    }
  }

  private counter(name: string, help: string): Counter<Label> {
    return new Counter({ name: `${PREFIX}${name}`, help, labelNames: PER_VARIANT, registers: [this.registry] });
  }

  private gauge<T extends string>(name: string, help: string, labelNames: readonly T[]): Gauge<T> {
    return new Gauge({ name: `${PREFIX}${name}`, help, labelNames, registers: [this.registry] });
  }
}
