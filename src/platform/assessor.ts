import { Worker } from 'node:worker_threads';
import type { AssessInput } from '../analysis/assess.ts';
import type { AbortSignalLike } from '../base/abort.ts';
import type { Disposable } from '../base/disposable.ts';
import type { Log } from '../base/log.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Assessment } from '../model/assessment.ts';

/** A verdict takes milliseconds; a thread that is silent for so long hangs. */
const DEADLINE_MS = 30_000;

/** Judges a release away from the editor's thread. */
export interface Assessor {
  assess(input: AssessInput, signal: AbortSignalLike): Promise<Result<Assessment, string>>;
}

/** What analysis/worker.ts answers. It is our own code in our own process, so its shape is trusted. */
type Answer = { readonly id: number; readonly assessment: Assessment } | { readonly id: number; readonly error: string };

type Settle = (result: Result<Assessment, string>) => void;

/**
 * One worker thread, started by the first question and again after it died; what was asked of a dead one, or of
 * one that hangs and is ended, is answered with the error.
 */
export class WorkerAssessor implements Assessor, Disposable {
  private readonly script: URL;
  private readonly log: Log;
  private readonly deadlineMs: number;
  private worker: Worker | null = null;
  private next = 0;
  private disposed = false;
  private readonly waiting = new Map<number, Settle>();

  constructor(script: URL, log: Log, deadlineMs = DEADLINE_MS) {
    this.deadlineMs = deadlineMs;
    this.script = script;
    this.log = log;
  }

  assess(input: AssessInput, signal: AbortSignalLike): Promise<Result<Assessment, string>> {
    if (this.disposed || signal.aborted) return Promise.resolve(err('aborted'));
    const id = this.next++;
    return new Promise((resolve) => {
      const onAbort = (): void => settle(err('aborted'));
      const settle: Settle = (result) => {
        clearTimeout(timer);
        this.waiting.delete(id);
        signal.removeEventListener('abort', onAbort);
        resolve(result);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.waiting.set(id, settle);
      const worker = this.running();
      const timer = setTimeout(() => {
        void worker.terminate();
        this.lost(worker, `the analysis worker did not answer in ${String(this.deadlineMs / 1000)} s`);
      }, this.deadlineMs);
      timer.unref();
      worker.postMessage({ id, input });
    });
  }

  private running(): Worker {
    if (this.worker) return this.worker;
    const worker = new Worker(this.script);
    worker.on('message', (answer: Answer) => this.waiting.get(answer.id)?.('error' in answer ? err(answer.error) : ok(answer.assessment)));
    worker.on('error', (error) =>
      this.lost(worker, `the analysis worker failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
    );
    worker.on('exit', (code) => this.lost(worker, `the analysis worker ended with code ${code}`));
    // The editor's host must be able to end while the worker is idle.
    worker.unref();
    this.worker = worker;
    return worker;
  }

  private lost(worker: Worker, why: string): void {
    if (this.worker !== worker) return;
    this.worker = null;
    for (const settle of [...this.waiting.values()]) settle(err(why));
    if (!this.disposed) this.log.error(`Verdicts stopped and start again: ${why}`);
  }

  dispose(): void {
    this.disposed = true;
    for (const settle of [...this.waiting.values()]) settle(err('aborted'));
    void this.worker?.terminate();
    this.worker = null;
  }
}
