import type { AbortSignalLike } from '../../base/abort.ts';
import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import type { Message } from '../../model/message.ts';
import type { SourceMessageKey } from '../messages.ts';
import type { Transport } from '../transportTypes.ts';

export interface HttpSourceOptions {
  readonly id: string;
  /** As the person named it. */
  readonly name: string;
  /** Base address of the reference service, with or without a trailing slash. */
  readonly url: string;
  /** Asked before every request set; null where there is none. The caller binds the token to the origin of `url`. */
  readonly getToken: (signal: AbortSignalLike) => Promise<string | null>;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly pollIntervalMs: number;
  readonly log: Log;
  /** Who acts, for the backend's own audit; null sends no name. */
  readonly actor: string | null;
  /** The built-in service may come back at another port and is the same one. */
  readonly movesPort?: boolean;
  /** What is to be said of the connection instead of how news come; null for nothing. */
  readonly remark?: () => Message<SourceMessageKey> | null;
}
