import * as vscode from 'vscode';
import type { Result } from '../base/result.ts';
import type { Config } from '../platform/config.ts';
import { VIEW_RELEASES } from '../platform/ids.ts';
import type { Localizer } from '../platform/localizer.ts';
import { originOf, type Tokens } from '../platform/secrets.ts';
import { toasts } from '../platform/toasts.ts';
import { translate } from '../platform/translate.ts';
import type { ProbeFailure, ProbeFinding } from '../sources/http/probe.ts';
import {
  alreadyText,
  askAddress,
  askName,
  askRemedy,
  askToken,
  findingText,
  withContact,
  type Connected,
  type Remedy,
} from './connectQuestions.ts';
import { completeAddress, sourceAt } from './serviceAddress.ts';

export interface ConnectDeps {
  readonly config: Config;
  readonly tokens: Tokens;
  readonly l10n: Localizer;
  /** Address of the built-in service while it runs. */
  readonly builtinUrl: () => string | null;
  /** Asks an address once, and keeps nothing. */
  readonly contact: (
    target: { readonly url: string; readonly caFile: string | null; readonly token: string | null },
    signal: AbortSignal,
  ) => Promise<Result<ProbeFinding, ProbeFailure>>;
  readonly signal: AbortSignal;
}

/** What was typed so far. */
interface Draft {
  readonly address: string;
  readonly name: string;
  /** As typed for the origin of `address`; null where none was. */
  readonly token: string | null;
  /** PEM file of the authority that signed the certificate of `address`. */
  readonly caFile: string | null;
}

const EMPTY: Draft = { address: '', name: '', token: null, caFile: null };

/** Asks for a service and adds it. What was typed is kept until it is saved, also over giving up; a token never outlives its address. */
export class Connecting {
  private readonly deps: ConnectDeps;
  private draft: Draft = EMPTY;

  constructor(deps: ConnectDeps) {
    this.deps = deps;
  }

  /** Address, what answers there, a token if it wants one, a name: then it is saved. The id of the new source, null when given up. */
  async run(): Promise<string | null> {
    const { l10n } = this.deps;
    let next: Remedy | 'ask' = 'address';
    let failure: ProbeFailure | null = null;
    for (;;) {
      if (next === 'address' && !(await this.askAddress())) return null;
      if (next === 'token') await this.askToken(failure);
      if (next === 'authority') await this.chooseAuthority();
      if (next === 'save' && failure) return this.save(l10n.t('Not confirmed: {problem}', { problem: translate(failure.message, l10n) }));
      const answer = await this.contact();
      if (answer.ok) return this.save(findingText(answer.value, l10n));
      failure = answer.error;
      if (failure.kind === 'aborted') {
        if (this.deps.signal.aborted) return null;
        next = 'address';
        continue;
      }
      // A token that was never given is simply the next thing to type.
      const needsToken = failure.remedy?.type === 'token' && (await this.token()) === null;
      if (needsToken && (await this.askToken(failure))) {
        next = 'ask';
        continue;
      }
      const remedy = await askRemedy(failure, this.draft.address, l10n);
      if (remedy === null) return null;
      if (remedy === 'address' && failure.remedy?.type === 'address') this.set({ address: failure.remedy.origin });
      next = remedy;
    }
  }

  private set(change: Partial<Draft>): void {
    const moved = change.address !== undefined && originOf(change.address) !== originOf(this.draft.address);
    this.draft = { ...this.draft, ...(moved ? { token: null, caFile: null } : {}), ...change };
  }

  private get connected(): Connected {
    return { sources: this.deps.config.current.sources, builtinUrl: this.deps.builtinUrl() };
  }

  private async askAddress(): Promise<boolean> {
    const { l10n } = this.deps;
    const typed = await askAddress(this.draft.address, this.connected, l10n);
    const address = completeAddress(typed ?? '');
    if (address === null) return false;
    const twin = sourceAt(address, this.connected.sources);
    if (twin) {
      void toasts.info(alreadyText(twin.name, l10n));
      return false;
    }
    this.set({ address });
    return true;
  }

  /** The one just typed, else the one entered for this origin before. */
  private async token(): Promise<string | null> {
    return this.draft.token ?? (await this.deps.tokens.get(this.draft.address));
  }

  private async contact(): Promise<Result<ProbeFinding, ProbeFailure>> {
    const { address, caFile } = this.draft;
    const token = await this.token();
    return withContact(new URL(address).host, this.deps.signal, this.deps.l10n, (signal) =>
      this.deps.contact({ url: address, caFile, token }, signal),
    );
  }

  private async askToken(failure: ProbeFailure | null): Promise<boolean> {
    const { l10n } = this.deps;
    const origin = originOf(this.draft.address) ?? '';
    const prompt =
      failure?.version === null
        ? l10n.t('{origin} asks for a token and does not say that it is a gray-release service: look at the address before you type one.', {
            origin,
          })
        : l10n.t('Token for {origin}. It is kept in secret storage and sent to this address only.', { origin });
    const token = await askToken(prompt, l10n.t('Connect a Service: Token'), this.draft.token ?? '', l10n);
    if (token === undefined || token === '') return false;
    this.set({ token });
    return true;
  }

  private async chooseAuthority(): Promise<void> {
    const { l10n } = this.deps;
    const title = l10n.t('Certificate of the authority that signed the one of {host}', { host: new URL(this.draft.address).host });
    const [file] = (await vscode.window.showOpenDialog({ title, openLabel: l10n.t('Trust It for This Source') })) ?? [];
    if (file) this.set({ caFile: file.fsPath });
  }

  private async save(found: string): Promise<string | null> {
    const { config, tokens, l10n } = this.deps;
    const { address, caFile, token } = this.draft;
    const prompt = l10n.t('{found}. Name of the source in the tree', { found });
    const taken = config.current.sources.map((source) => source.name);
    const name = await askName(prompt, this.draft.name === '' ? new URL(address).host : this.draft.name, taken, l10n);
    if (name === undefined) return null;
    this.set({ name: name.trim() });
    const id = config.freeId(name);
    const before = await tokens.get(address);
    // First the token: the source asks as soon as it is in the settings.
    if (token !== null) await tokens.set(address, token);
    try {
      await config.addSource({ id, name: name.trim(), type: 'http', url: address, ...(caFile === null ? {} : { caFile }) });
    } catch (error) {
      if (token !== null) await tokens.set(address, before ?? '');
      throw error;
    }
    this.draft = EMPTY;
    await vscode.commands.executeCommand(`${VIEW_RELEASES}.focus`);
    return id;
  }
}
