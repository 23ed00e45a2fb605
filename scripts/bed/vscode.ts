/**
 * A real VS Code that shows its workbench in a browser, from the npm registry alone: code-server's build of the VS Code server.
 * Its own launcher is not used, only `lib/vscode`, started by a Node of the version it was built for.
 */
import { existsSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ensureFolder, npmInstall, type Say } from './cache.ts';
import { ensureNode } from './node.ts';
import { npmEnvironment, onNode, run } from './run.ts';

interface Build {
  /** code-server counts 4.x where VS Code counts 1.x. */
  readonly version: string;
  /** The Node of that VS Code; null where the one that runs this will do (24). */
  readonly node: string | null;
  /** Its native modules without which something is missing: the logger (every output channel would be empty), the watchdog. */
  readonly native: readonly string[];
  /** Dependencies it names by a git address, and the same version in the registry. */
  readonly fromRegistry: Readonly<Record<string, string>>;
}

export const BUILDS = {
  current: { version: '4.139.1', node: null, native: ['@vscode/spdlog', '@vscode/native-watchdog'], fromRegistry: {} },
  /** The oldest that package.json promises to work in (`engines.vscode`), on the Node that it had on the desktop. */
  floor: {
    version: '4.105.1',
    node: '22.19.0',
    native: ['@vscode/spdlog', 'native-watchdog'],
    fromRegistry: { '@parcel/watcher': '2.5.1' },
  },
} as const satisfies Readonly<Record<string, Build>>;
export type BuildName = keyof typeof BUILDS;

/** As the editor itself says it. */
export const versionOf = (name: BuildName): string => BUILDS[name].version.replace(/^4/, '1');

export interface VSCodeServer {
  /** The Node that runs it. */
  readonly node: string;
  readonly main: string;
  readonly folder: string;
}

interface Manifest {
  readonly dependencies: Record<string, string>;
}
interface Lock {
  readonly packages: Record<string, Partial<Manifest> | undefined>;
}

/** Takes from the registry what the server's manifest and lock would fetch by git; everything else stays locked. */
const replaceGitDependencies = async (server: string, replaced: Build['fromRegistry']): Promise<void> => {
  if (Object.keys(replaced).length === 0) return;
  const read = async (name: string): Promise<unknown> => JSON.parse(await readFile(path.join(server, name), 'utf8'));
  const write = (name: string, content: unknown): Promise<void> => writeFile(path.join(server, name), JSON.stringify(content, null, 2));
  const manifest = (await read('package.json')) as Manifest;
  await write('package.json', { ...manifest, dependencies: { ...manifest.dependencies, ...replaced } });
  const lock = (await read('npm-shrinkwrap.json')) as Lock;
  const { '': root, ...others } = lock.packages;
  const kept = Object.entries(others).filter(([name]) => !Object.hasOwn(replaced, name.replace('node_modules/', '')));
  const own = { ...root, dependencies: { ...root?.dependencies, ...replaced } };
  await write('npm-shrinkwrap.json', { ...lock, packages: { '': own, ...Object.fromEntries(kept) } });
};

const fill = async (folder: string, name: BuildName, node: string, say: Say): Promise<void> => {
  const build: Build = BUILDS[name];
  const { version } = build;
  say(`getting VS Code ${versionOf(name)} (code-server ${version}), once, about a minute …`);
  const stage = path.join(folder, 'stage');
  await npmInstall(stage, [`code-server@${version}`]);
  // Of code-server only the editor's server is kept.
  const server = path.join(folder, 'vscode');
  await rename(path.join(stage, 'node_modules/code-server/lib/vscode'), server);
  await rm(stage, { recursive: true });
  say('getting what VS Code depends on …');
  await replaceGitDependencies(server, build.fromRegistry);
  await npmInstall(server, [], ['--omit=dev']);
  say('building its logger …');
  try {
    await run('npm', ['rebuild', ...build.native, '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: server,
      env: onNode(node, npmEnvironment()),
    });
  } catch (error) {
    // A machine without a compiler still gets the editor.
    await writeFile(path.join(folder, 'without-logger.txt'), String(error));
    say('could not build it (no compiler?): output channels will stay empty');
  }
};

/** The VS Code server of this machine, fetched when it is not there yet. Needs Node 22 or newer. */
export const ensureVSCode = async (say: Say, name: BuildName = 'current'): Promise<VSCodeServer> => {
  const build: Build = BUILDS[name];
  const node = build.node === null ? process.execPath : await ensureNode(build.node, say);
  const runtime = build.node === null ? `abi${process.versions.modules}` : `node${build.node}`;
  const key = `vscode-server-${build.version}-${runtime}-${process.platform}-${process.arch}`;
  const folder = path.join(await ensureFolder(key, (partial) => fill(partial, name, node, say)), 'vscode');
  const main = path.join(folder, 'out/server-main.js');
  if (!existsSync(main)) throw new Error(`${main} is missing: remove that folder and run again`);
  return { node, main, folder };
};
