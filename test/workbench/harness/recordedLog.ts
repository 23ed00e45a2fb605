/** What a real nginx wrote (test/fixtures/nginx, see the README there), moved to now. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * The recorded lines as nginx wrote them but for their two times: they are spread evenly over the `seconds` before `until` (epoch milliseconds),
 * in their order. 3,000 lines, of which 307 are the canary's.
 * @param root the project's folder.
 */
export const recordedLines = (root: string, until: number, seconds: number): readonly string[] => {
  const lines = readFileSync(path.join(root, 'test/fixtures/nginx/nginx-canary.jsonl'), 'utf8').trimEnd().split('\n');
  return lines.map((line, index) => {
    const at = until - ((lines.length - 1 - index) * seconds * 1000) / lines.length;
    return line
      .replace(/"time":"[^"]*"/, `"time":"${new Date(at).toISOString().replace(/\.\d+Z$/, '+00:00')}"`)
      .replace(/"msec":[\d.]+/, `"msec":${(at / 1000).toFixed(3)}`);
  });
};
