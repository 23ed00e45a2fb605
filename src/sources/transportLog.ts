import type { Log } from '../base/log.ts';
import type { TransportError, TransportErrorKind } from './transportTypes.ts';

const WHY: Readonly<Record<TransportErrorKind, string>> = {
  refused: 'nothing listens there',
  dns: 'its name does not resolve',
  unreachable: 'the connection broke off or could not be made',
  timeout: 'no answer came in time',
  untrusted: 'its certificate is not trusted',
  tls: 'no secure connection could be made',
  proxy: 'the proxy refused or did not answer',
  tooLarge: 'its answer is too large',
  redirect: 'it points to another address, which was not followed',
  badUrl: 'this is no address of a service',
  protocol: 'its answer is no HTTP',
  aborted: 'it was cancelled',
};

/** Says once that something at an address fails, and once that it works again, however often it is tried. */
export class TransportLog {
  private readonly log: Log;
  private readonly failing = new Map<string, TransportErrorKind>();

  constructor(log: Log) {
    this.log = log;
  }

  /** `what` begins a sentence: "GET http://127.0.0.1:8080/api/v1/releases". */
  failed(what: string, { kind, detail }: Pick<TransportError, 'kind' | 'detail'>): void {
    if (kind === 'aborted') return;
    const text = `${what} failed: ${WHY[kind]} (${detail}).`;
    if (this.failing.get(what) === kind) this.log.debug(`${text} It failed so before.`);
    else this.log.warn(`${text} It is tried again, and this is not repeated until it works.`);
    this.failing.set(what, kind);
  }

  worked(what: string): void {
    if (this.failing.delete(what)) this.log.info(`${what} works again.`);
  }
}
