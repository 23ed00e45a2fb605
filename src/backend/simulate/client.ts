import { setTimeout as delay } from 'node:timers/promises';
import { err, ok, type Result } from '../../base/result.ts';
import type { Endpoint } from './endpoint.ts';

const ATTEMPT_MS = 10_000;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** `gaveUp`: the service could not be reached for too long. `refused`: it answered, and will not answer otherwise next time. */
export interface ClientError {
  readonly kind: 'gaveUp' | 'refused' | 'aborted';
  readonly status: number | null;
  readonly detail: string;
}

export interface ClientOptions {
  readonly endpoint: Endpoint;
  /** How long to try again without any answer, milliseconds. */
  readonly patienceMs: number;
  /** Called before each pause. */
  readonly onRetry: (detail: string, attempt: number) => void;
}

export interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Statuses that are answers, not errors. */
  readonly accept: readonly number[];
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
};

const textOf = (body: unknown, field: string): string | null => {
  const value = typeof body === 'object' && body !== null ? (body as Readonly<Record<string, unknown>>)[field] : null;
  return typeof value === 'string' ? value : null;
};

/** The service's own words, from problem+json where it sent that. */
const describe = (status: number, text: string): string => {
  const body = parse(text);
  return `${status} ${textOf(body, 'detail') ?? textOf(body, 'title') ?? text.slice(0, 200)}`.trim();
};

const describeFailure = (error: unknown): string => {
  const cause = error instanceof Error ? error.cause : null;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : null;
  return code ?? (error instanceof Error ? error.message : String(error));
};

const isTransient = (status: number): boolean => status === 408 || status === 429 || status >= 500;

/**
 * Calls the service and calls again when the connection is lost, the service is restarting or asks to wait. Every call made with
 * it must be one that may be repeated. When `signal` aborts nothing new is begun, and a POST under way may end by itself, so that its
 * outcome is known.
 */
export class ServiceClient {
  private readonly options: ClientOptions;

  constructor(options: ClientOptions) {
    this.options = options;
  }

  async call(call: Call, signal: AbortSignal): Promise<Result<Answer, ClientError>> {
    const since = performance.now();
    for (let attempt = 1; ; attempt++) {
      if (signal.aborted) return err({ kind: 'aborted', status: null, detail: 'stopped' });
      const outcome = await this.attempt(call, signal);
      if (outcome.ok) return outcome;
      const { status, detail, retryAfterMs } = outcome.error;
      if (status !== null && !isTransient(status)) return err({ kind: 'refused', status, detail });
      if (performance.now() - since > this.options.patienceMs) return err({ kind: 'gaveUp', status, detail });
      this.options.onRetry(detail, attempt);
      const pause = retryAfterMs ?? Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1));
      if (status === null) await this.options.endpoint.lookAgain();
      await delay(pause, undefined, { signal }).catch(() => undefined);
    }
  }

  private async attempt(
    call: Call,
    signal: AbortSignal,
  ): Promise<Result<Answer, { readonly status: number | null; readonly detail: string; readonly retryAfterMs: number | null }>> {
    const { url, token } = this.options.endpoint;
    const timeout = AbortSignal.timeout(ATTEMPT_MS);
    try {
      const response = await fetch(url + call.path, {
        method: call.method,
        headers: { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...call.headers },
        ...(call.body === undefined ? {} : { body: call.body }),
        // A redirect could carry the token elsewhere.
        redirect: 'manual',
        signal: call.method === 'GET' ? AbortSignal.any([signal, timeout]) : timeout,
      });
      const text = await response.text();
      if (call.accept.includes(response.status)) return ok({ status: response.status, body: parse(text) });
      const wait = Number(response.headers.get('retry-after') ?? NaN) * 1000;
      return err({
        status: response.status,
        detail: describe(response.status, text),
        retryAfterMs: Number.isFinite(wait) ? Math.min(wait, LONGEST_PAUSE_MS) : null,
      });
    } catch (error) {
      return err({ status: null, detail: describeFailure(error), retryAfterMs: null });
    }
  }
}
