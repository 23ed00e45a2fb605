/**
 * One folder for what tests and `npm start` need besides node_modules: `$ROLLOUT_LENS_CACHE`, else the user's cache folder.
 * A sub-folder is named after its version, filled beside and renamed into place, and never changed after; so two runs at once
 * cost time at worst, and an interrupted run leaves nothing that a later one would take for complete.
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { npmEnvironment, run } from './run.ts';

/** Tells a person what is going on, one line at a time. */
export type Say = (line: string) => void;

export const cacheRoot = (): string => {
  const own = process.env['ROLLOUT_LENS_CACHE'];
  if (own) return path.resolve(own);
  const base = process.env['XDG_CACHE_HOME'];
  return path.join(base ? path.resolve(base) : path.join(os.homedir(), '.cache'), 'rollout-lens');
};

const PARTIAL = '.filling-';
/** Without a registry npm tries again and again, for each package anew and without a word: somebody waits for this. */
const NPM_LIMIT_MS = 300_000;

const lives = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** Removes what runs that were killed while filling left behind. */
const sweep = async (root: string): Promise<void> => {
  for (const name of await readdir(root)) {
    const pid = Number(/^\.filling-(\d+)-/.exec(name)?.[1]);
    if (pid > 0 && !lives(pid)) await rm(path.join(root, name), { recursive: true, force: true });
  }
};

/** The folder of `key`, filled by `fill` when it is not there yet. */
export const ensureFolder = async (key: string, fill: (folder: string) => Promise<void>): Promise<string> => {
  const root = cacheRoot();
  const target = path.join(root, key);
  if (existsSync(target)) return target;
  await mkdir(root, { recursive: true });
  await sweep(root);
  const partial = await mkdtemp(path.join(root, `${PARTIAL}${String(process.pid)}-`));
  try {
    await fill(partial);
    await rename(partial, target);
  } catch (error) {
    // Another run was faster: its folder is as good as ours.
    if (!existsSync(target)) throw error;
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return target;
};

/** `npm install` into a folder of its own, without install scripts. */
export const npmInstall = async (folder: string, packages: readonly string[], extra: readonly string[] = []): Promise<void> => {
  await mkdir(folder, { recursive: true });
  const options = [
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--no-update-notifier',
    '--loglevel=error',
    '--fetch-retries=1',
    ...extra,
  ];
  await run('npm', ['install', ...options, ...packages], { cwd: folder, env: npmEnvironment(), limitMs: NPM_LIMIT_MS });
};
