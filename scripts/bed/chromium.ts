/** The browser that looks at the workbench in tests: a Chromium that an npm package ships, packed with brotli. */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import zlib from 'node:zlib';
import { ensureFolder, npmInstall, type Say } from './cache.ts';
import { run } from './run.ts';

const PACKAGE = '@sparticuz/chromium';
const VERSION = '153.0.0';

const unpack = (from: string, to: string, mode: number): Promise<void> =>
  pipeline(createReadStream(from), zlib.createBrotliDecompress(), createWriteStream(to, { mode }));

const fill = async (folder: string, say: Say): Promise<void> => {
  say(`getting Chromium ${VERSION}, once …`);
  const stage = path.join(folder, 'stage');
  await npmInstall(stage, [`${PACKAGE}@${VERSION}`]);
  const packed = path.join(stage, 'node_modules', PACKAGE, 'bin');
  const bin = path.join(folder, 'bin');
  await mkdir(bin);
  say('unpacking it …');
  await unpack(path.join(packed, 'chromium.br'), path.join(bin, 'chromium'), 0o755);
  for (const name of ['al2023', 'fonts', 'swiftshader']) {
    const archive = path.join(folder, `${name}.tar`);
    await unpack(path.join(packed, `${name}.tar.br`), archive, 0o644);
    await run('tar', ['xf', archive, '-C', bin], { cwd: folder });
    await rm(archive);
  }
  await rm(stage, { recursive: true });
};

export interface Chromium {
  readonly executable: string;
  /** Libraries the package ships for machines without them (libnss3 and its like); put on LD_LIBRARY_PATH only when needed. */
  readonly libraries: string;
}

export const ensureChromium = async (say: Say): Promise<Chromium> => {
  const folder = await ensureFolder(`chromium-${VERSION}-${process.platform}-${process.arch}`, (partial) => fill(partial, say));
  return { executable: path.join(folder, 'bin/chromium'), libraries: path.join(folder, 'bin/lib') };
};
