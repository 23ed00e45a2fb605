/** Starts the VS Code server of scripts/bed/vscode.ts and ends it. What it may see of the caller's environment is the caller's business. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { endProcessesOf } from './leftovers.ts';
import { until } from './until.ts';
import type { VSCodeServer } from './vscode.ts';

export interface LaunchOptions {
  readonly vscode: VSCodeServer;
  /** User data, extensions and log lie in here. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** Without one, whoever reaches the port is let in: for tests only. */
  readonly token: string | null;
  /** Language of the interface, such as `zh-cn`; English without it. */
  readonly locale?: string;
  readonly args?: readonly string[];
}

export interface Launched {
  readonly port: number;
  readonly log: string;
  readonly pid: number;
  /** Ends it and every program that was started with a path in its folder, the built-in service among them. */
  readonly stop: () => Promise<void>;
}

const dataOf = (folder: string): string => path.join(folder, 'data');
const extensionsOf = (folder: string): string => path.join(folder, 'extensions');
export const userFolder = (folder: string): string => path.join(dataOf(folder), 'data/User');
/** Where the extension of this id keeps what outlives a window. */
export const globalStorage = (folder: string, extensionId: string): string => path.join(userFolder(folder), 'globalStorage', extensionId);

const folders = (folder: string): readonly string[] => ['--server-data-dir', dataOf(folder), '--extensions-dir', extensionsOf(folder)];

export const prepareFolder = (folder: string, settings: Readonly<Record<string, unknown>>): void => {
  for (const needed of [userFolder(folder), extensionsOf(folder), path.join(folder, 'home')]) mkdirSync(needed, { recursive: true });
  writeFileSync(path.join(userFolder(folder), 'settings.json'), JSON.stringify(settings, null, 2));
};

export const installExtension = (vscode: VSCodeServer, folder: string, vsix: string, env: NodeJS.ProcessEnv): void => {
  execFileSync(vscode.node, [vscode.main, ...folders(folder), '--install-extension', vsix, '--force'], { env, stdio: 'pipe' });
};

/** A display language without its language pack: the editor stays English, what an extension brings is in `locale`. */
const speak = (folder: string, locale: string): readonly string[] => {
  const main = path.join(folder, 'main.i18n.json');
  writeFileSync(main, JSON.stringify({ version: '1.0.0', contents: {} }));
  const pack = {
    hash: 'rollout-lens',
    extensions: [{ extensionIdentifier: { id: 'rollout-lens.language' }, version: '1.0.0' }],
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

const answers = async (port: number): Promise<boolean> => {
  try {
    return (await fetch(`http://127.0.0.1:${String(port)}/version`)).status < 500;
  } catch {
    return false; // printed its port, but is not ready yet
  }
};

/** Listens on a free port of loopback. Throws with what it printed when it does not get there. */
export const launch = async ({ vscode, folder, env, token, locale, args = [] }: LaunchOptions): Promise<Launched> => {
  const log = path.join(folder, 'server.log');
  const access = token === null ? ['--without-connection-token'] : ['--connection-token-file', path.join(folder, 'token')];
  if (token !== null) writeFileSync(path.join(folder, 'token'), token, { mode: 0o600 });
  const output = openSync(log, 'w');
  const child = spawn(
    vscode.node,
    [
      vscode.main,
      ...['--host', '127.0.0.1', '--port', '0', '--accept-server-license-terms', '--telemetry-level', 'off'],
      ...access,
      ...folders(folder),
      ...(locale === undefined ? [] : speak(folder, locale)),
      ...args,
    ],
    // A group of its own, so that all it starts can be ended together.
    { env, stdio: ['ignore', output, output], detached: true },
  );
  closeSync(output);
  const last = (): void => signal(child, 'SIGKILL');
  process.once('exit', last);
  const stop = async (): Promise<void> => {
    signal(child, 'SIGTERM');
    await until('the server has ended', () => ended(child), 4000).catch(() => signal(child, 'SIGKILL'));
    await endProcessesOf(folder);
    process.off('exit', last);
  };
  const printed = (): string => readFileSync(log, 'utf8');
  try {
    const port = await until(
      'the VS Code server listens',
      async () => {
        if (ended(child)) throw new Error(`the VS Code server ended at once:\n${printed().slice(-2000)}`);
        const found = Number(/Extension host agent listening on (\d+)/.exec(printed())?.[1] ?? 0);
        return found > 0 && (await answers(found)) ? found : null;
      },
      30_000,
    );
    return { port, log, pid: child.pid ?? 0, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};
