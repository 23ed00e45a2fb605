import { setTimeout as delay } from 'node:timers/promises';
import { err, ok, type Result } from '../../base/result.ts';
import { SCENARIOS } from '../scenarios/catalogue.ts';
import type { ScenarioEvent } from '../scenarios/event.ts';
import { generate } from '../scenarios/generate.ts';
import { PLANTED } from '../scenarios/planted.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { ServiceClient, type ClientError } from './client.ts';
import { simulatedClock } from './clock.ts';
import { FollowedRatio } from './follow.ts';
import { Endpoint } from './endpoint.ts';
import type { SimulateOptions } from './options.ts';
import { checkAssignment, ensureRelease } from './release.ts';
import type { Report } from './report.ts';
import { Sender } from './sender.ts';

/** A batch holds whole seconds; it is closed once it has this many events. */
const BATCH_EVENTS = 900;
const PROGRESS_MS = 2_000;
/** How long an outage may last: at the start, when the address may be wrong, and later, when a service is restarting. */
const START_PATIENCE_MS = 5_000;
const PATIENCE_MS = 120_000;
const CHECKED_USERS = ['account-000001', 'shopper-000042', '张伟'];

interface Batch {
  /** Seconds of the scenario, `[from, to)`. */
  readonly from: number;
  readonly to: number;
  readonly events: readonly ScenarioEvent[];
}

interface Playing {
  readonly scenario: Scenario;
  readonly options: SimulateOptions;
  readonly followed: FollowedRatio;
  readonly start: number;
}

/** The whole seconds from `from` on that have passed, as many as fit a batch, as the release stands now. */
const batchOf = ({ scenario, options, followed, start }: Playing, from: number, ready: number): Batch => {
  const { seed, regression } = options;
  const { assign, running } = followed;
  const events: ScenarioEvent[] = [];
  let to = from;
  while (to < ready && events.length < BATCH_EVENTS) {
    for (const event of generate(scenario, {
      seed,
      from: to,
      to: to + 1,
      start,
      regression,
      release: followed.release.id,
      assign,
      running,
    })) {
      events.push(event);
    }
    to += 1;
  }
  return { from, to, events };
};

/** Plays the scenario against the service until it is over or `signal` aborts. Once begun, its end is reported in every case. */
export const run = async (
  options: SimulateOptions,
  report: (report: Report) => void,
  signal: AbortSignal,
): Promise<Result<null, ClientError>> => {
  const scenario = SCENARIOS[options.scenario];
  let retries = 0;
  const onRetry = (detail: string, attempt: number): void => {
    retries += 1;
    report({ type: 'retry', attempt, detail });
  };
  const endpoint = new Endpoint(options.url, options.token, options.serviceFile);
  const service = { endpoint, patienceMs: PATIENCE_MS };
  const first = new ServiceClient({ ...service, patienceMs: START_PATIENCE_MS, onRetry });
  const { duration, speed, backfill, seed, regression } = options;
  const wanted = { scenario: scenario.id, seed, regression, start: Math.round(Date.now() - backfill * 1000) };
  const ensured = await ensureRelease(first, options.release, wanted, signal);
  if (!ensured.ok) return ensured;
  const { release, created, story } = ensured.value;
  const { id } = release;
  const checked = await checkAssignment(first, release, CHECKED_USERS, signal);
  if (!checked.ok) return checked;

  // A release that was fed before is told the same story on: what overlaps has the same ids, and counts once.
  const { start } = story;
  const startedAt = Date.now();
  const firstSecond = created ? 0 : Math.max(0, Math.floor((startedAt - backfill * 1000 - start) / 1000));
  const lastSecond = firstSecond + duration;
  const clock = simulatedClock({ startedAt, duration, speed, backfill: (startedAt - start) / 1000 - firstSecond });
  const planted = options.regression ? PLANTED[options.scenario] : null;
  const { phase, ratio } = release;
  const told = { scenario: options.scenario, seed, start, first: firstSecond, duration, speed, backfill, regression: planted };
  report({ type: 'start', release: id, created, phase, ratio, ...told });

  const client = new ServiceClient({ ...service, onRetry });
  const sender = new Sender(client, (count, reason) => report({ type: 'rejected', count, reason }));
  const followed = new FollowedRatio(release);
  const playing: Playing = { scenario, options, followed, start };
  let second = firstSecond;

  const play = async (): Promise<Result<null, ClientError>> => {
    let reportedAt = Date.now();
    while (second < lastSecond && !signal.aborted) {
      if (followed.failure !== null) return err(followed.failure);
      const now = Date.now();
      const passed = firstSecond + clock.passed(now);
      const ready = Math.floor(passed);
      if (now - reportedAt >= PROGRESS_MS) {
        reportedAt = now;
        const live = start + passed * 1000 >= now - 1 && ready - second <= 2;
        report({ type: 'progress', second, of: lastSecond, events: sender.events, ratio: followed.release.ratio, live });
      }
      if (ready <= second) {
        await delay(Math.min(PROGRESS_MS, clock.until(second + 1 - firstSecond, now) + 1), undefined, { signal }).catch(() => undefined);
        continue;
      }
      const batch = batchOf(playing, second, ready);
      const sent = await sender.send(`${id}-${startedAt.toString(36)}-${batch.from}`, batch.events, signal);
      if (!sent.ok) return sent.error.kind === 'aborted' ? ok(null) : sent;
      if (planted !== null && batch.from <= planted.second && planted.second < batch.to) {
        report({ type: 'regression', second: planted.second, time: start + planted.second * 1000, metric: planted.metric });
      }
      second = batch.to;
    }
    return ok(null);
  };

  const following = new AbortController();
  // Its retries are not told: the sending side meets the same outage.
  const reader = new ServiceClient({ ...service, onRetry: () => undefined });
  const follower = followed.follow(
    reader,
    (from, to) => report({ type: 'release', second, phase: to.phase, state: to.state, from: from.ratio, to: to.ratio }),
    AbortSignal.any([signal, following.signal]),
  );
  const outcome = await play();
  following.abort();
  await follower;
  const stopped = !outcome.ok ? 'failed' : second >= lastSecond ? 'finished' : 'interrupted';
  const { events, duplicates, rejected, users, variants } = sender;
  const counted = { seconds: second - firstSecond, events, duplicates, rejected, retries, users, variants };
  report({ type: 'end', stopped, release: id, from: start + firstSecond * 1000, to: start + second * 1000, ...counted });
  return outcome;
};
