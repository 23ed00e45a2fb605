import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { object, string } from '../../base/decode.ts';

const decodePackage = object({ name: string, version: string });

/** The version of the package this file runs from, bundled or from source. */
export const packageVersion = (): string => {
  let folder = new URL('./', import.meta.url);
  for (let depth = 0; depth < 5; depth++) {
    const file = fileURLToPath(new URL('package.json', folder));
    if (existsSync(file)) {
      const decoded = decodePackage(JSON.parse(readFileSync(file, 'utf8')));
      if (decoded.ok && decoded.value.name === 'rollout-lens') return decoded.value.version;
    }
    folder = new URL('../', folder);
  }
  return '0.0.0';
};
