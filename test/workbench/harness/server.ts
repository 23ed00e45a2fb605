/** The VS Code server under test: a folder of its own, a port of its own, and nothing left when it ends. */
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { globalStorage, installExtension, launch, prepareFolder } from '../../../scripts/bed/server.ts';
import { BUILDS, ensureVSCode, type BuildName } from '../../../scripts/bed/vscode.ts';

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

export const EXTENSION_ID = 'rollout-lens.rollout-lens';

/** Which VS Code is under test: `ROLLOUT_LENS_VSCODE=floor` for the oldest that is supported, else the current one. */
export const buildUnderTest = (): BuildName => {
  const name = process.env['ROLLOUT_LENS_VSCODE'] ?? 'current';
  if (!Object.hasOwn(BUILDS, name)) throw new Error(`ROLLOUT_LENS_VSCODE is "${name}": there are ${Object.keys(BUILDS).join(', ')}`);
  return name as BuildName;
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
  /** What the folder that is opened brings along in its own `.vscode/settings.json`. */
  readonly workspaceSettings?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Further options of the server's command line. */
  readonly args?: readonly string[];
}

export interface Server {
  readonly url: string;
  readonly kind: ServerOptions['kind'];
  /** Everything of this run lies in here: user data, extensions, workspace, log. */
  readonly folder: string;
  readonly workspace: string;
  /** Where the extension keeps what outlives a window. */
  readonly storage: string;
  readonly log: string;
  /** A path as the page's address names it. */
  remote(file: string): string;
  /** Process ids of its extension hosts, newest last. */
  hosts(): readonly number[];
  readonly stop: () => Promise<void>;
}

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

export const startServer = async (options: ServerOptions): Promise<Server> => {
  const vscode = await ensureVSCode((line) => console.log(`# ${line}`), buildUnderTest());
  const folder = mkdtempSync(path.join(os.tmpdir(), 'rollout-lens-workbench-'));
  const workspace = path.join(folder, 'workspace');
  const env = environment(folder, options.env ?? {});
  mkdirSync(workspace);
  if (Object.keys(options.workspaceSettings ?? {}).length > 0) {
    mkdirSync(path.join(workspace, '.vscode'));
    writeFileSync(path.join(workspace, '.vscode/settings.json'), JSON.stringify(options.workspaceSettings));
  }
  prepareFolder(folder, { ...QUIET, ...options.settings });
  if (options.vsix !== undefined) installExtension(vscode, folder, options.vsix, env);
  const { port, log, stop } = await launch({
    vscode,
    folder,
    env,
    token: null,
    ...(options.locale === undefined ? {} : { locale: options.locale }),
    args: [...(options.kind === 'driver' ? ['--enable-smoke-test-driver'] : []), ...(options.args ?? [])],
  });
  return {
    url: `http://127.0.0.1:${String(port)}/`,
    kind: options.kind,
    folder,
    workspace,
    storage: globalStorage(folder, EXTENSION_ID),
    log,
    remote: (file) => `vscode-remote://127.0.0.1:${String(port)}${file}`,
    hosts: () => [...readFileSync(log, 'utf8').matchAll(/<(\d+)> Launched Extension Host/g)].map((match) => Number(match[1])),
    stop,
  };
};
