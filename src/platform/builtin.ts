import type { Disposable } from '../base/disposable.ts';
import { Emitter } from '../base/emitter.ts';
import { faultText, type Log } from '../base/log.ts';
import type { Result } from '../base/result.ts';
import { message, type Message } from '../model/message.ts';
import type { SourceMessageKey } from '../sources/messages.ts';
import type { Embedded, EmbeddedError, EmbeddedState, ServiceInfo } from '../sources/embedded/embeddedTypes.ts';
import type { Source } from '../sources/source.ts';

export interface BuiltinDeps {
  /** Loads the code that runs the service. */
  readonly create: () => Promise<Embedded>;
  /** Whether a service of this user runs already. */
  readonly lives: () => Promise<boolean>;
  readonly open: (info: () => Pick<ServiceInfo, 'url' | 'token' | 'version'> | null) => Promise<Disposable & { readonly source: Source }>;
  /** What the source is opened with besides its address; another one opens it anew. */
  readonly openedWith: () => string;
  readonly attach: (source: Source) => Disposable;
  /** The last output of a service that cannot be kept alive; null when it is up again or was stopped. */
  readonly onFailure: (lastOutput: string | null) => void;
  readonly log: Log;
}

/** What is said beside a service that another version of the extension started; null where it is this one's. */
export const otherVersion = (theirs: string | null, ours: string): Message<SourceMessageKey> | null =>
  theirs === null || theirs === ours ? null : message('source.note.otherVersion', { theirs, ours });

/**
 * The built-in service as this window sees it: loads its code when first needed, shows it as a source while it runs, and follows
 * it to another address when it was started anew.
 */
export class Builtin implements Disposable {
  private readonly deps: BuiltinDeps;
  private readonly changed = new Emitter<EmbeddedState>((fault) =>
    this.deps.log.error(`A view did not take the state of the built-in service, a fault of this extension: ${faultText(fault)}`),
  );
  readonly onDidChange = this.changed.event;
  private service: Promise<Embedded> | null = null;
  private state_: EmbeddedState = { status: 'stopped' };
  private readonly end = new AbortController();
  private attachedTo: string | null = null;
  private attached: readonly Disposable[] = [];
  private turn: Promise<void> = Promise.resolve();

  constructor(deps: BuiltinDeps) {
    this.deps = deps;
  }

  get state(): EmbeddedState {
    return this.state_;
  }

  async start(): Promise<Result<ServiceInfo, EmbeddedError>> {
    return (await this.load()).start(this.end.signal);
  }

  /** Shows the service that another window runs, or that this one ran before it was loaded anew. Starts none. */
  async join(): Promise<void> {
    if (await this.deps.lives()) await this.start();
  }

  /** Ends the service for every window. */
  async stop(): Promise<void> {
    if (!this.service) return;
    await (await this.service).stop({ end: true });
  }

  private load(): Promise<Embedded> {
    this.service ??= this.deps.create().then((service) => {
      if (this.end.signal.aborted) service.dispose();
      else service.onDidChange((state) => this.take(state));
      return service;
    });
    return this.service;
  }

  private take(state: EmbeddedState): void {
    if (this.end.signal.aborted) return;
    this.state_ = state;
    this.changed.fire(state);
    this.deps.onFailure(state.status === 'failed' ? state.lastOutput : null);
    this.update();
  }

  /** Something changed that the source is opened with. */
  update(): void {
    // One after the other, so that a quick stop and start cannot leave two sources.
    this.turn = this.turn
      .then(() => this.follow())
      .catch((error: unknown) =>
        this.deps.log.error(
          `The built-in service could not be shown, a fault of this extension: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
        ),
      );
  }

  private async follow(): Promise<void> {
    const { state } = this;
    // While it starts anew the source stays, and says by itself that it has no news.
    if (state.status === 'starting' || state.status === 'failed') return;
    const wanted = state.status === 'running' && !this.end.signal.aborted ? `${state.url} ${this.deps.openedWith()}` : null;
    if (wanted === this.attachedTo) return;
    this.detach();
    if (wanted === null) return;
    const opened = await this.deps.open(() => (this.state_.status === 'running' ? this.state_ : null));
    if (this.end.signal.aborted) {
      opened.dispose();
      return;
    }
    this.attachedTo = wanted;
    this.attached = [opened, this.deps.attach(opened.source)];
  }

  private detach(): void {
    this.attachedTo = null;
    for (const item of [...this.attached].reverse()) item.dispose();
    this.attached = [];
  }

  dispose(): void {
    this.end.abort();
    this.detach();
    this.changed.dispose();
    this.service
      ?.then((service) => service.dispose())
      .catch((error: unknown) => this.deps.log.error(`The built-in service could not be left: ${String(error)}`));
  }
}
