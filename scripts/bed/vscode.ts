/**
 * A real VS Code that shows its workbench in a browser, from the npm registry alone: code-server's build of the VS Code server.
 * Its own launcher is not used, only `lib/vscode`, started by the Node that runs this file.
 */
import { existsSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ensureFolder, npmInstall, type Say } from './cache.ts';
import { npmEnvironment, onThisNode, run } from './run.ts';

/** VS Code 1.139.1; code-server counts 4.x where VS Code counts 1.x. */
const VERSION = '4.139.1';

export interface VSCodeServer {
  /** The Node that can run it. */
  readonly node: string;
  readonly main: string;
  readonly folder: string;
}

const fill = async (folder: string, say: Say): Promise<void> => {
  say(`getting VS Code ${VERSION.replace(/^4/, '1')} (code-server ${VERSION}), once, about a minute …`);
  const stage = path.join(folder, 'stage');
  await npmInstall(stage, [`code-server@${VERSION}`]);
  // Of code-server only the editor's server is kept.
  const server = path.join(folder, 'vscode');
  await rename(path.join(stage, 'node_modules/code-server/lib/vscode'), server);
  await rm(stage, { recursive: true });
  say('getting what VS Code depends on …');
  await npmInstall(server, [], ['--omit=dev']);
  say('building its logger …');
  try {
    // Without spdlog every output channel is empty. It is built for the Node that will run the server.
    await run('npm', ['rebuild', '@vscode/spdlog', '@vscode/native-watchdog', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: server,
      env: onThisNode(npmEnvironment()),
    });
  } catch (error) {
    // A machine without a compiler still gets the editor.
    await writeFile(path.join(folder, 'without-logger.txt'), String(error));
    say('could not build it (no compiler?): output channels will stay empty');
  }
};

/** The VS Code server of this machine, fetched when it is not there yet. Needs Node 22 or newer. */
export const ensureVSCode = async (say: Say): Promise<VSCodeServer> => {
  const abi = process.versions.modules;
  const key = `vscode-server-${VERSION}-abi${abi}-${process.platform}-${process.arch}`;
  const folder = path.join(await ensureFolder(key, (partial) => fill(partial, say)), 'vscode');
  const main = path.join(folder, 'out/server-main.js');
  if (!existsSync(main)) throw new Error(`${main} is missing: remove that folder and run again`);
  return { node: process.execPath, main, folder };
};
