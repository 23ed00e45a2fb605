/** A Chinese font, so that pictures of the 简体中文 interface show text and not boxes. */
import { copyFile, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { ensureFolder, npmInstall, type Say } from './cache.ts';

const PACKAGE = '@expo-google-fonts/noto-sans-sc';
const VERSION = '0.4.3';
const WEIGHTS = ['400Regular', '700Bold'];

const fill = async (folder: string, say: Say): Promise<void> => {
  say('getting a Chinese font, once …');
  const stage = path.join(folder, 'stage');
  await npmInstall(stage, [`${PACKAGE}@${VERSION}`]);
  await mkdir(path.join(folder, 'fonts'));
  for (const weight of WEIGHTS) {
    await copyFile(
      path.join(stage, 'node_modules', PACKAGE, weight, `NotoSansSC_${weight}.ttf`),
      path.join(folder, 'fonts', `${weight}.ttf`),
    );
  }
  await rm(stage, { recursive: true });
};

/** A folder for `XDG_DATA_HOME`: fontconfig looks for `fonts/` in it. */
export const ensureFont = (say: Say): Promise<string> => ensureFolder(`noto-sans-sc-${VERSION}`, (partial) => fill(partial, say));
