import type { AbortSignalLike } from '../../base/abort.ts';
import type { Clock } from '../../base/clock.ts';
import type { Disposable } from '../../base/disposable.ts';
import type { Event } from '../../base/emitter.ts';
import type { Log } from '../../base/log.ts';
import type { Result } from '../../base/result.ts';
import type { Message } from '../../model/message.ts';
import type { SourceMessageKey } from '../messages.ts';

export interface EmbeddedOptions {
  /** Holds the service's state and its service.json; shared by all windows of this user. */
  readonly dataDir: string;
  /** The service's program: dist/backend.js, or src/backend/main.ts where the runtime strips types. */
  readonly backendPath: string;
  /** The runtime that runs it: process.execPath. */
  readonly execPath: string;
  /** Environment of the child; ELECTRON_RUN_AS_NODE=1 is added. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  readonly clock: Clock;
  /** Of this extension: a service of another one that no window uses is replaced. Without it none is. */
  readonly version?: string;
}

export interface ServiceInfo {
  readonly url: string;
  /** Operator token of the service: a secret. */
  readonly token: string;
  readonly pid: number;
  readonly version: string;
  /** Another window started it. */
  readonly joined: boolean;
}

export interface EmbeddedError {
  readonly message: Message<SourceMessageKey>;
  /** Technical: the service's last output, tokens masked. */
  readonly detail: string;
}

export type EmbeddedState =
  | { readonly status: 'stopped' }
  | { readonly status: 'starting'; readonly attempt: number }
  | ({ readonly status: 'running' } & ServiceInfo)
  | { readonly status: 'failed'; readonly lastOutput: string; readonly attempts: number; readonly message: Message<SourceMessageKey> };

/** The built-in service as one window sees it. It belongs to the user, not to the window: windows join a living one. */
export interface Embedded extends Disposable {
  readonly state: EmbeddedState;
  readonly onDidChange: Event<EmbeddedState>;
  /** Joins or starts; answers once it listens. A second call while it runs answers with the same. */
  start(signal: AbortSignalLike): Promise<Result<ServiceInfo, EmbeddedError>>;
  /** `end` (the person's Stop) ends the service for every window; otherwise only this window's lease is given back. */
  stop(options?: { readonly end: boolean }): Promise<void>;
  /** Gives the lease back; the service ends by itself when no window holds one. */
  dispose(): void;
}
