/** The VS Code server under test: a folder of its own, a port of its own, and nothing left when it ends. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureVSCode, type VSCodeServer } from '../../../scripts/bed/vscode.ts';
import { endProcessesOf } from './leftovers.ts';
import { until } from './until.ts';

/** What a test wants not to be disturbed by; nothing that changes how the extension behaves. */
const QUIET = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  // Editors that open as a modal editor would swallow the next keystroke.
  'workbench.editor.useModal': 'off',
  'security.workspace.trust.enabled': false,
  'chat.disableAIFeatures': true,
  'extensions.ignoreRecommendations': true,
  'telemetry.telemetryLevel': 'off',
  'git.enabled': false,
  'workbench.colorTheme': 'Dark Modern',
};

export interface ServerOptions {
  /**
   * `driver`: an extension under development and in-host tests are accepted, but no toast and no modal dialog is ever shown.
   * `normal`: what a user has; the extension comes as an installed VSIX.
   */
  readonly kind: 'driver' | 'normal';
  /** The package to install before the start. */
  readonly vsix?: string;
  /** Language of the interface, such as `zh-cn`; English without it. */
  readonly locale?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Server {
  readonly url: string;
  readonly kind: ServerOptions['kind'];
  /** Everything of this run lies in here: user data, extensions, workspace, log. */
  readonly folder: string;
  readonly workspace: string;
  readonly log: string;
  readonly pid: number;
  /** A path as the extension host's own address space names it in the page's address. */
  remote(file: string): string;
  /** Process ids of its extension hosts, newest last. */
  hosts(): readonly number[];
  stop(): Promise<void>;
}

const dataOf = (folder: string): string => path.join(folder, 'data');
const extensionsOf = (folder: string): string => path.join(folder, 'extensions');

/** Nothing of the caller's own environment but what a program needs to run. */
const environment = (folder: string, extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  LANG: process.env['LANG'] ?? 'C.UTF-8',
  TMPDIR: process.env['TMPDIR'],
  HOME: path.join(folder, 'home'),
  // No marketplace: tests ask nobody outside.
  EXTENSIONS_GALLERY: JSON.stringify({ serviceUrl: '' }),
  ...extra,
});

const install = (vscode: VSCodeServer, folder: string, vsix: string): void => {
  execFileSync(
    vscode.node,
    [vscode.main, '--server-data-dir', dataOf(folder), '--extensions-dir', extensionsOf(folder), '--install-extension', vsix, '--force'],
    { env: environment(folder, {}), stdio: 'pipe' },
  );
};

/** A display language without its language pack: the editor stays English, what the extension brings is in `locale`. */
const speak = (folder: string, locale: string): readonly string[] => {
  const main = path.join(folder, 'main.i18n.json');
  writeFileSync(main, JSON.stringify({ version: '1.0.0', contents: {} }));
  const pack = {
    hash: 'test',
    extensions: [{ extensionIdentifier: { id: 'test.language' }, version: '1.0.0' }],
    translations: { vscode: main },
    label: locale,
  };
  writeFileSync(path.join(dataOf(folder), 'data/languagepacks.json'), JSON.stringify({ [locale]: pack }));
  return ['--locale', locale];
};

const signal = (child: ChildProcess, name: NodeJS.Signals): void => {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, name);
  } catch {
    // The group has ended already.
  }
};

const ended = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

export const startServer = async (options: ServerOptions): Promise<Server> => {
  const vscode = await ensureVSCode((line) => console.log(`# ${line}`));
  const folder = mkdtempSync(path.join(os.tmpdir(), 'rollout-lens-workbench-'));
  const workspace = path.join(folder, 'workspace');
  const user = path.join(dataOf(folder), 'data/User');
  for (const needed of [user, extensionsOf(folder), workspace, path.join(folder, 'home')]) mkdirSync(needed, { recursive: true });
  writeFileSync(path.join(user, 'settings.json'), JSON.stringify({ ...QUIET, ...options.settings }, null, 2));
  if (options.vsix !== undefined) install(vscode, folder, options.vsix);
  const language = options.locale === undefined ? [] : speak(folder, options.locale);

  const log = path.join(folder, 'server.log');
  const output = openSync(log, 'w');
  const child = spawn(
    vscode.node,
    [
      vscode.main,
      ...['--host', '127.0.0.1', '--port', '0', '--without-connection-token', '--accept-server-license-terms'],
      ...['--telemetry-level', 'off', '--server-data-dir', dataOf(folder), '--extensions-dir', extensionsOf(folder)],
      ...(options.kind === 'driver' ? ['--enable-smoke-test-driver'] : []),
      ...language,
    ],
    { env: environment(folder, options.env ?? {}), stdio: ['ignore', output, output], detached: true },
  );
  closeSync(output);
  // A harness that dies leaves no server behind.
  const last = (): void => signal(child, 'SIGKILL');
  process.once('exit', last);

  const printed = (): string => readFileSync(log, 'utf8');
  const stop = async (): Promise<void> => {
    signal(child, 'SIGTERM');
    await until('the server has ended', () => ended(child), 4000).catch(() => signal(child, 'SIGKILL'));
    await endProcessesOf(folder);
    process.off('exit', last);
  };
  let port = '';
  try {
    await until(
      'the VS Code server listens',
      async () => {
        if (ended(child)) throw new Error(`the VS Code server ended at once:\n${printed().slice(-2000)}`);
        port = /Extension host agent listening on (\d+)/.exec(printed())?.[1] ?? '';
        return port !== '' && (await fetch(`http://127.0.0.1:${port}/version`)).ok;
      },
      30_000,
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: `http://127.0.0.1:${port}/`,
    kind: options.kind,
    folder,
    workspace,
    log,
    pid: child.pid ?? 0,
    remote: (file) => `vscode-remote://127.0.0.1:${port}${file}`,
    hosts: () => [...printed().matchAll(/<(\d+)> Launched Extension Host/g)].map((match) => Number(match[1])),
    stop,
  };
};
