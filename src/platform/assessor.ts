import { Worker } from 'node:worker_threads';
import type { AbortSignalLike } from '../base/abort.ts';
import type { Disposable } from '../base/disposable.ts';
import type { Log } from '../base/log.ts';
import { err, ok, type Result } from '../base/result.ts';
import type { Assessment } from '../model/assessment.ts';
import type { Evidence } from '../model/evidence.ts';
import type { Release } from '../model/release.ts';
import type { History } from '../model/series.ts';

export interface AssessInput {
  readonly release: Release;
  readonly evidence: Evidence | null;
  readonly history: History | null;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Judges a release away from the editor's thread. */
export interface Assessor {
  assess(input: AssessInput, signal: AbortSignalLike): Promise<Result<Assessment, string>>;
}

/** What analysis/worker.ts answers. It is our own code in our own process, so its shape is trusted. */
type Answer = { readonly id: number; readonly assessment: Assessment } | { readonly id: number; readonly error: string };

type Settle = (result: Result<Assessment, string>) => void;

/** One worker thread, started by the first question and again after it died; what was asked of a dead one is answered with the error. */
export class WorkerAssessor implements Assessor, Disposable {
  private readonly script: URL;
  private readonly log: Log;
  private worker: Worker | null = null;
  private next = 0;
  private disposed = false;
  private readonly waiting = new Map<number, Settle>();

  constructor(script: URL, log: Log) {
    this.script = script;
    this.log = log;
  }

  assess(input: AssessInput, signal: AbortSignalLike): Promise<Result<Assessment, string>> {
    if (this.disposed || signal.aborted) return Promise.resolve(err('aborted'));
    const id = this.next++;
    return new Promise((resolve) => {
      const onAbort = (): void => settle(err('aborted'));
      const settle: Settle = (result) => {
        this.waiting.delete(id);
        signal.removeEventListener('abort', onAbort);
        resolve(result);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.waiting.set(id, settle);
      this.running().postMessage({ id, input });
    });
  }

  private running(): Worker {
    if (this.worker) return this.worker;
    const worker = new Worker(this.script);
    const lost = (why: string): void => {
      if (this.worker !== worker) return;
      this.worker = null;
      for (const settle of [...this.waiting.values()]) settle(err(why));
      if (!this.disposed) this.log.error(`Verdicts stopped and start again: ${why}`);
    };
    worker.on('message', (answer: Answer) => this.waiting.get(answer.id)?.('error' in answer ? err(answer.error) : ok(answer.assessment)));
    worker.on('error', (error) =>
      lost(`the analysis worker failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
    );
    worker.on('exit', (code) => lost(`the analysis worker ended with code ${code}`));
    // The editor's host must be able to end while the worker is idle.
    worker.unref();
    this.worker = worker;
    return worker;
  }

  dispose(): void {
    this.disposed = true;
    for (const settle of [...this.waiting.values()]) settle(err('aborted'));
    void this.worker?.terminate();
    this.worker = null;
  }
}
