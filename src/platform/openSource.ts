import { readFile } from 'node:fs/promises';
import * as os from 'node:os';
import * as vscode from 'vscode';
import type { Clock } from '../base/clock.ts';
import type { Disposable } from '../base/disposable.ts';
import type { Log } from '../base/log.ts';
import { err, ok, type Result } from '../base/result.ts';
import { message, type Message } from '../model/message.ts';
import type { HttpSourceOptions } from '../sources/http/httpSourceTypes.ts';
import type { ProbeFailure, ProbeFinding } from '../sources/http/probe.ts';
import type { SourceMessageKey } from '../sources/messages.ts';
import type { Source } from '../sources/source.ts';
import type { ProxySettings, Transport } from '../sources/transportTypes.ts';
import { personName } from './actionsWorld.ts';
import type { Tokens } from './secrets.ts';
import type { SourceSetting } from './sourceSettings.ts';

export interface OpenedSource extends Disposable {
  readonly source: Source;
}

export interface OpenDeps {
  readonly tokens: Tokens;
  readonly clock: Clock;
  readonly log: Log;
}

/** The proxy of the editor's settings; without one, that of the environment. */
const proxySettings = (): ProxySettings | null => {
  const http = vscode.workspace.getConfiguration('http');
  if (http.get<string>('proxySupport') === 'off') return null;
  const env = process.env;
  const url = http.get<string>('proxy') || (env['HTTPS_PROXY'] ?? env['https_proxy'] ?? env['HTTP_PROXY'] ?? env['http_proxy'] ?? '');
  const noProxy = http.get<string[]>('noProxy') ?? [];
  const bypass = noProxy.length > 0 ? noProxy : (env['NO_PROXY'] ?? env['no_proxy'] ?? '').split(',');
  return url === '' ? null : { url, bypass };
};

const strictSSL = (): boolean => vscode.workspace.getConfiguration('http').get<boolean>('proxyStrictSSL') ?? true;

/** What of the editor's network settings a connection is opened with, to see when an open one has to be opened anew. */
export const networkFace = (): string => JSON.stringify([proxySettings(), strictSSL()]);

/** Plain HTTP with the editor's proxy and certificates. The library behind it is loaded by the first source that needs it. */
const openTransport = async (ca: readonly string[], deps: Pick<OpenDeps, 'clock' | 'log'>): Promise<Transport> => {
  const { createTransport } = await import('../sources/transport.ts');
  return createTransport({
    proxy: proxySettings(),
    ca,
    strictSSL: strictSSL(),
    log: deps.log,
    clock: deps.clock,
  });
};

/** A service at an address. `getToken` is asked before every request, so that a new token counts at once. */
export const openHttp = async (
  setting: Pick<HttpSourceOptions, 'id' | 'name' | 'url' | 'movesPort' | 'remark'> & { readonly ca: readonly string[] },
  getToken: () => Promise<string | null>,
  pollIntervalMs: number,
  deps: OpenDeps,
): Promise<OpenedSource> => {
  const [transport, { createHttpSource }] = await Promise.all([openTransport(setting.ca, deps), import('../sources/http/httpSource.ts')]);
  const { clock, log } = deps;
  return {
    source: createHttpSource({ ...setting, getToken, transport, clock, pollIntervalMs, log, actor: personName() }),
    dispose: () => transport.dispose(),
  };
};

/** The certificates of an authority that the person named; none where there is no file. */
const authority = async (caFile: string | null): Promise<Result<readonly string[], Message<SourceMessageKey>>> => {
  if (caFile === null) return ok([]);
  try {
    return ok([await readFile(caFile, 'utf8')]);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return err(message('source.error.caFile', { file: caFile, problem }));
  }
};

/** Asks an address once, with the network settings a source there would be opened with. Nothing is kept. */
export const contactService = async (
  { url, caFile, token }: { readonly url: string; readonly caFile: string | null; readonly token: string | null },
  signal: AbortSignal,
  deps: Pick<OpenDeps, 'clock' | 'log'>,
): Promise<Result<ProbeFinding, ProbeFailure>> => {
  const ca = await authority(caFile);
  if (!ca.ok) return err({ kind: 'invalid', message: ca.error, detail: '', remedy: { type: 'authority' }, version: null });
  const [transport, { probe }] = await Promise.all([openTransport(ca.value, deps), import('../sources/http/probe.ts')]);
  try {
    return await probe({ url, getToken: () => Promise.resolve(token), transport, ...deps }, signal);
  } finally {
    transport.dispose();
  }
};

/** Where relative paths of log files start. */
export const logFolder = (): string => vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? os.homedir();

/** The source that a setting describes; what it needs is loaded now. */
export const openSource = async (
  setting: SourceSetting,
  pollIntervalMs: number,
  deps: OpenDeps,
): Promise<Result<OpenedSource, Message<SourceMessageKey>>> => {
  if (setting.type === 'http') {
    const ca = await authority(setting.caFile);
    if (!ca.ok) return ca;
    return ok(await openHttp({ ...setting, ca: ca.value }, () => deps.tokens.get(setting.url), pollIntervalMs, deps));
  }
  const { createLogSource } = await import('../sources/logs/logSource.ts');
  const { id, name, files, mapping } = setting;
  const source = createLogSource({ id, name, files, mapping, folder: logFolder(), clock: deps.clock, log: deps.log });
  return ok({ source, dispose: () => undefined });
};
