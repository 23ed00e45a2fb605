import type { AbortSignalLike } from '../../base/abort.ts';
import { object, string } from '../../base/decode.ts';
import { err, ok, type Result } from '../../base/result.ts';
import type { SourceError } from '../source.ts';
import { baseOf, createClient, type Failure } from './client.ts';
import { toSourceError } from './errors.ts';
import type { HttpSourceOptions } from './httpSourceTypes.ts';
import type { Role } from './wire.ts';

/** What a service says of itself before anything is kept of it. */
export interface ProbeFinding {
  /** Of the reference service; null where it does not tell one, as another program with the same interface need not. */
  readonly version: string | null;
  /** Those that are not understood included. */
  readonly releases: number;
  /** What the token may do; null where the service does not say. */
  readonly role: Role | null;
}

export interface ProbeFailure extends Pick<SourceError, 'kind' | 'message' | 'detail'> {
  /** What would help: a token, the authority of its certificate, the origin it points to. */
  readonly remedy:
    { readonly type: 'token' } | { readonly type: 'authority' } | { readonly type: 'address'; readonly origin: string } | null;
  /** It told a version, so it is the reference service, whatever else failed. */
  readonly version: string | null;
}

const decodeHealth = object({ status: string, version: string });

const remedyOf = (failure: Failure): ProbeFailure['remedy'] => {
  if (failure.type === 'status' && (failure.status === 401 || failure.status === 403)) return { type: 'token' };
  if (failure.type !== 'transport') return null;
  const { kind, detail } = failure.error;
  if (kind === 'untrusted') return { type: 'authority' };
  return kind === 'redirect' && URL.canParse(detail) ? { type: 'address', origin: new URL(detail).origin } : null;
};

type ProbeOptions = Pick<HttpSourceOptions, 'url' | 'getToken' | 'transport' | 'clock' | 'log'>;

/** What a version looks like; anything else is not taken for one, since whoever answers there is not known yet. */
const VERSION = /^[\w.+-]{1,40}$/;

/** Who answers there: asked without a token, since it is not known yet whom it would go to. */
const versionAt = async ({ url, transport }: ProbeOptions, signal: AbortSignalLike): Promise<string | null> => {
  const reply = await transport.request('GET', `${baseOf(url)}/healthz`, { signal, headers: { accept: 'application/json' } });
  if (!reply.ok || reply.value.status !== 200) return null;
  try {
    const health = decodeHealth(JSON.parse(reply.value.body));
    return health.ok && VERSION.test(health.value.version) ? health.value.version : null;
  } catch {
    return null;
  }
};

/** Asks a service once who it is and what it holds, with the token if there is one. It changes nothing there. */
export const probe = async (options: ProbeOptions, signal: AbortSignalLike): Promise<Result<ProbeFinding, ProbeFailure>> => {
  const client = createClient({ ...options, actor: null });
  const [version, releases] = await Promise.all([versionAt(options, signal), client.releases(signal)]);
  if (releases.ok) {
    const { releases: read, unread, role } = releases.value;
    return ok({ version, releases: read.length + unread.length, role });
  }
  const { kind, message, detail } = toSourceError(releases.error, '', options.clock.now());
  return err({ kind, message, detail, remedy: remedyOf(releases.error), version });
};
