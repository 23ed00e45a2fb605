/** Fills the cache folder and says where it is: `node scripts/bed/setup.ts`. Tests do the same on their own when something is missing. */
import { cacheRoot } from './cache.ts';
import { ensureChromium } from './chromium.ts';
import { ensureFont } from './font.ts';
import { ensureVSCode } from './vscode.ts';

const say = (line: string): void => console.log(`[setup] ${line}`);
await ensureVSCode(say);
await ensureVSCode(say, 'floor');
await ensureChromium(say);
await ensureFont(say);
say(`ready in ${cacheRoot()}`);
