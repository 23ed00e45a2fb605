import type { AbortSignalLike } from '../../base/abort.ts';
import { Emitter, type Event } from '../../base/emitter.ts';
import { faultText } from '../../base/log.ts';
import { err, ok, type Result } from '../../base/result.ts';
import { message, type Message } from '../../model/message.ts';
import { quantity } from '../../model/quantity.ts';
import type { SourceMessageKey } from '../messages.ts';
import type { Embedded, EmbeddedError, EmbeddedOptions, EmbeddedState, ServiceInfo } from './embeddedTypes.ts';
import { deferred } from './deferred.ts';
import { lastOutput, launch, LISTEN_TIMEOUT_MS, type LaunchFailure } from './launch.ts';
import { takeLease, type Lease } from './lease.ts';
import { findLivingService, isAlive, isSame, leasesOf, markEnded, wasEnded, type LivingService } from './serviceFile.ts';

/** After its first start the service is started again this often, ever later, before it is given up. */
const MAX_RESTARTS = 3;
const FIRST_RESTART_MS = 500;
/** A service that lived this long has proved itself: earlier deaths do not count any more. */
const PROVEN_MS = 60_000;
const END_TIMEOUT_MS = 10_000;
const LOOK_EVERY_MS = 50;

const ENDED: Readonly<Record<LaunchFailure['kind'], string>> = {
  spawn: 'could not be started',
  died: 'ended unexpectedly',
  silent: 'did not say in time that it listens',
  aborted: 'was not started, since that was cancelled',
};

/**
 * The built-in service as one window sees it. It belongs to the user: the first window starts it, later ones join, each holds a lease,
 * and the service ends by itself soon after the last lease. When it dies, every window that held a lease tries to bring it back; its own
 * lock lets only one of them win, and the others join that one.
 */
export class EmbeddedService implements Embedded {
  private readonly options: EmbeddedOptions;
  private readonly emitter = new Emitter<EmbeddedState>((fault) =>
    this.options.log.error(`A view did not take the state of the built-in service, a fault of this extension: ${faultText(fault)}`),
  );
  private current: EmbeddedState = { status: 'stopped' };
  /** The run under way: from start to stop, over all restarts. */
  private run: { readonly end: AbortController; readonly over: Promise<void> } | null = null;
  private held: { readonly lease: Lease; readonly service: LivingService } | null = null;

  readonly onDidChange: Event<EmbeddedState> = this.emitter.event;

  constructor(options: EmbeddedOptions) {
    this.options = options;
  }

  get state(): EmbeddedState {
    return this.current;
  }

  async start(signal: AbortSignalLike): Promise<Result<ServiceInfo, EmbeddedError>> {
    if (signal.aborted) return err(aborted());
    this.run ??= this.begin();
    const { end } = this.run;
    const answer = deferred<Result<ServiceInfo, EmbeddedError>>();
    const look = (state: EmbeddedState): void => {
      if (state.status === 'running') answer.resolve(ok(state));
      else if (state.status === 'failed') answer.resolve(err({ message: state.message, detail: state.lastOutput }));
      else if (state.status === 'stopped') answer.resolve(err(aborted()));
    };
    const onAbort = (): void => end.abort();
    const watching = this.onDidChange(look);
    signal.addEventListener('abort', onAbort, { once: true });
    look(this.current);
    const result = await answer.promise;
    watching.dispose();
    signal.removeEventListener('abort', onAbort);
    return result;
  }

  async stop({ end } = { end: false }): Promise<void> {
    const service = this.held?.service ?? null;
    // Before the lease goes, so that no other window takes the end for a crash.
    if (end) await this.endService(service);
    this.run?.end.abort();
    await this.run?.over;
  }

  dispose(): void {
    this.run?.end.abort();
    this.held?.lease.release();
  }

  private begin(): NonNullable<typeof this.run> {
    const end = new AbortController();
    this.change({ status: 'starting', attempt: 1 });
    const over = this.keepAlive(end.signal)
      .catch((fault: unknown) => {
        this.options.log.error(`The built-in service could not be kept alive: ${faultText(fault)}`);
        this.change({
          status: 'failed',
          attempts: 0,
          lastOutput: '',
          message: message('embedded.failed.spawn', { problem: String(fault) }),
        });
      })
      .finally(() => {
        this.held = null;
        this.run = null;
        if (this.current.status !== 'failed') this.change({ status: 'stopped' });
      });
    return { end, over };
  }

  /** Until the run ends: joins or starts, holds a lease, and begins anew when it is lost. */
  private async keepAlive(signal: AbortSignal): Promise<void> {
    const { clock, dataDir, log } = this.options;
    for (let deaths = 0; !signal.aborted;) {
      this.change({ status: 'starting', attempt: deaths + 1 });
      const reached = await this.reach(signal);
      if (isAborted(signal)) return;
      let failure: LaunchFailure;
      if (reached.ok) {
        const { service, joined, lease } = reached.value;
        const since = clock.elapsed();
        const info: ServiceInfo = { url: service.url, token: service.token, pid: service.pid, version: service.version, joined };
        log.info(
          `${joined ? 'Joined the built-in service that runs already' : 'Started the built-in service'} at ${service.url}, process ${String(service.pid)}.`,
        );
        this.change({ status: 'running', ...info });
        const why = await lease.ended;
        this.held = null;
        if (isAborted(signal)) return;
        log.warn(`The connection that keeps the built-in service alive (process ${String(service.pid)}) is over: ${why}.`);
        if (await wasEnded(dataDir, service)) return;
        const still = await findLivingService(dataDir, signal);
        if (still !== null && isSame(still, service)) {
          this.change({ status: 'starting', attempt: 1 });
          continue;
        }
        if (clock.elapsed() - since >= PROVEN_MS) deaths = 0;
        failure = { kind: 'died', output: await lastOutput(dataDir) };
      } else failure = reached.error;
      deaths += 1;
      if (deaths > MAX_RESTARTS) {
        this.change({ status: 'failed', attempts: MAX_RESTARTS, lastOutput: failure.output, message: wordsFor(failure) });
        return;
      }
      this.change({ status: 'starting', attempt: deaths + 1 });
      log.warn(
        `The built-in service ${ENDED[failure.kind]}; it is started again (${String(deaths)} of ${String(MAX_RESTARTS)}). Its last output: ${failure.output || 'none'}`,
      );
      await clock.delay(FIRST_RESTART_MS * 2 ** (deaths - 1), signal);
    }
  }

  private async reach(
    signal: AbortSignal,
  ): Promise<Result<{ readonly service: LivingService; readonly joined: boolean; readonly lease: Lease }, LaunchFailure>> {
    const living = await this.living(signal);
    const launched = living === null ? await launch(this.options, signal) : ok({ service: living, joined: true });
    if (!launched.ok) return launched;
    const { service, joined } = launched.value;
    const lease = await takeLease(service, signal);
    if (lease === null) return err({ kind: 'died', output: await lastOutput(this.options.dataDir) });
    this.held = { lease, service };
    return ok({ service, joined, lease });
  }

  /** The service that runs already. One of another version goes when no window uses it; else it is used as it is, and that is told. */
  private async living(signal: AbortSignal): Promise<LivingService | null> {
    const { dataDir, log, version } = this.options;
    const living = await findLivingService(dataDir, signal);
    if (living === null || version === undefined || living.version === version) return living;
    const leases = await leasesOf(living, signal);
    const found = `The built-in service that runs (process ${String(living.pid)}) is of version ${living.version}, this extension of ${version}`;
    if (leases !== 0) {
      log.warn(`${found}; other windows may use it, so it stays`);
      return living;
    }
    log.info(`${found}; no window uses it, so it is replaced`);
    await this.endProcess(living);
    return findLivingService(dataDir, signal);
  }

  /** Asks the very process to end and waits for it, and leaves word that a person wanted it. */
  private async endService(known: LivingService | null): Promise<void> {
    const { dataDir } = this.options;
    const never = new AbortController().signal;
    const service = (await findLivingService(dataDir, never)) ?? known;
    if (service === null || !isAlive(service.pid)) return;
    await markEnded(dataDir, service);
    await this.endProcess(service);
  }

  private async endProcess(service: LivingService): Promise<void> {
    const { clock, log } = this.options;
    const never = new AbortController().signal;
    log.info(`Asked the built-in service (process ${String(service.pid)}) to end.`);
    try {
      process.kill(service.pid, 'SIGTERM');
    } catch (error) {
      log.warn(`The built-in service (process ${String(service.pid)}) could not be asked to end: ${String(error)}`);
    }
    const deadline = clock.elapsed() + END_TIMEOUT_MS;
    while (isAlive(service.pid) && clock.elapsed() < deadline) await clock.delay(LOOK_EVERY_MS, never);
    if (isAlive(service.pid))
      log.warn(
        `The built-in service (process ${String(service.pid)}) still lives ${String(END_TIMEOUT_MS / 1000)} s after it was asked to end.`,
      );
  }

  private change(state: EmbeddedState): void {
    if (state.status === 'stopped' && this.current.status === 'stopped') return;
    this.current = state;
    this.emitter.fire(state);
  }
}

const isAborted = (signal: AbortSignal): boolean => signal.aborted;

const aborted = (): EmbeddedError => ({ message: message('embedded.aborted'), detail: '' });

const wordsFor = (failure: LaunchFailure): Message<SourceMessageKey> => {
  switch (failure.kind) {
    case 'spawn':
      return message('embedded.failed.spawn', { problem: failure.output });
    case 'silent':
      return message('embedded.failed.silent', { after: quantity(LISTEN_TIMEOUT_MS / 1000, 'seconds') });
    case 'died':
      return message('embedded.failed.died', { attempts: MAX_RESTARTS });
    case 'aborted':
      return message('embedded.aborted');
  }
};
