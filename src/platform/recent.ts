import type * as vscode from 'vscode';
import type { Disposable } from '../base/disposable.ts';
import type { Log } from '../base/log.ts';

const BEAT_MS = 15_000;
/** A window that is loaded anew, or whose host died, is back well within this time. */
const RECENT_MS = 120_000;

interface Use {
  readonly what: string;
  /** When it was last in use, epoch milliseconds. */
  readonly at: number;
}

const isUse = (value: unknown): value is Use =>
  typeof value === 'object' &&
  value !== null &&
  'what' in value &&
  typeof value.what === 'string' &&
  'at' in value &&
  typeof value.at === 'number';

/**
 * What this workspace's window had running, so that it is back after a reload or a crash of the host, and does not come back by itself
 * the next day. While it is in use the time is written down again and again.
 */
export class Recent implements Disposable {
  private readonly memento: vscode.Memento;
  private readonly key: string;
  private readonly log: Log;
  private beat: ReturnType<typeof setInterval> | null = null;

  constructor(memento: vscode.Memento, key: string, log: Log) {
    this.memento = memento;
    this.key = key;
    this.log = log;
  }

  /** What was in use a moment ago; null when nothing was, or when it was ended on purpose. */
  last(now: number): string | null {
    const use = this.memento.get<unknown>(this.key);
    return isUse(use) && now - use.at < RECENT_MS ? use.what : null;
  }

  inUse(what: string): void {
    this.dispose();
    this.write({ what, at: Date.now() });
    this.beat = setInterval(() => this.write({ what, at: Date.now() }), BEAT_MS);
  }

  ended(): void {
    this.dispose();
    this.write(undefined);
  }

  private write(use: Use | undefined): void {
    this.memento
      .update(this.key, use)
      .then(undefined, (error: unknown) => this.log.warn(`What was opened last could not be remembered (${this.key}): ${String(error)}`));
  }

  /** Leaves what is written: the window goes, and it is not known whether it comes back. */
  dispose(): void {
    if (this.beat) clearInterval(this.beat);
    this.beat = null;
  }
}
